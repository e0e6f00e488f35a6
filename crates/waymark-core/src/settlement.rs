//! Settlements tell the fate of each event, and the page updates its journal by them.

/// How an event left the queue, or why it is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The server has taken it.
    Acknowledged,
    /// Given up because the server refused it.
    Refused,
    /// Given up for newer ones, because the queue was full.
    QueueFull,
    /// Given up because it waited longer than the server knows message ids.
    TooOld,
    /// Another page took it over, and will tell its fate.
    Adopted,
    /// An attempt to send it failed; it stays.
    Retried,
    /// Not the fate of an event: sending pauses because the answers are not the API's, the key
    /// is unknown, or every event is refused. Told once until the next acknowledgement.
    Paused,
}

impl Fate {
    /// Its name in the facade.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Refused => "refused",
            Self::QueueFull => "queueFull",
            Self::TooOld => "tooOld",
            Self::Adopted => "adopted",
            Self::Retried => "retried",
            Self::Paused => "paused",
        }
    }
}

/// The fate that some events have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The numbers of the events in their client.
    pub seqs: Vec<u32>,
    /// Their fate.
    pub fate: Fate,
    /// The HTTP status of the answer, 0 without one; for an event that the answer turned away
    /// although it took the request, the number below 100 that `Outbox::finish` got for it.
    pub status: u16,
}
