//! The limits, with unit and reason.

/// Most records of a Lambda event that are read: SNS invokes a function with one at a time.
pub const RECORDS_MAX: usize = 100;

/// Largest event that is made of an order, in bytes of its JSON text: what the gateway takes
/// (32 KiB), less what it adds. Products beyond it are left out and counted.
pub const EVENT_MAX_BYTES: usize = 30 * 1024;

/// Longest message id, in characters: Segment's limit.
pub(crate) const MESSAGE_ID_MAX_CHARS: usize = 100;

/// Most digits after the point of an amount: more than any currency or precise price has
/// (platform-sdk, `common.d.ts`: at most 20).
pub(crate) const DIGITS_MAX: u32 = 20;
