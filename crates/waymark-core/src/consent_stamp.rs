//! The visitor's consent as it is written into events.

/// The consent that an event carries. Each field is an object as JSON text, or empty.
#[derive(Debug, Clone, Default)]
pub struct ConsentStamp {
    /// `context.consent`.
    pub context: String,
    /// The `integrations` that the visitor refused, each `false`.
    pub refused: String,
}
