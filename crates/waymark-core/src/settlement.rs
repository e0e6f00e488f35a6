//! What becomes of an event, told one by one: whoever keeps a journal deletes by it.

/// How an event left the queue, or why it is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The server has taken it.
    Acknowledged,
    /// The server will not take it: given up.
    Refused,
    /// Given up for newer ones, because the queue was full.
    QueueFull,
    /// Given up because it waited longer than the server knows message ids.
    TooOld,
    /// An attempt to send it failed; it stays.
    Retried,
}

impl Fate {
    /// The name the facade knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Refused => "refused",
            Self::QueueFull => "queueFull",
            Self::TooOld => "tooOld",
            Self::Retried => "retried",
        }
    }
}

/// The fate of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// The event's number in its client.
    pub seq: u32,
    /// What became of it.
    pub fate: Fate,
    /// The HTTP status of the answer; 0 where there was none.
    pub status: u16,
}
