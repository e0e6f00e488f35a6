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
    /// Another page has taken it over, and tells its fate.
    Adopted,
    /// An attempt to send it failed; it stays.
    Retried,
    /// No event's: sending pauses, because what answers is not the API, does not know the key,
    /// or refuses everything. Told once until the next acknowledgement.
    Paused,
}

impl Fate {
    /// The name the facade knows it by.
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
    /// What became of them.
    pub fate: Fate,
    /// The HTTP status of the answer; 0 where there was none.
    pub status: u16,
}

/// What became of events, in order, those with one fate together.
#[derive(Debug, Default)]
pub struct Settlements(Vec<Settlement>);

impl Settlements {
    /// Adds the fate of an event.
    pub fn push(&mut self, seq: u32, fate: Fate, status: u16) {
        match self.0.last_mut() {
            Some(last) if last.fate == fate && last.status == status => last.seqs.push(seq),
            _ => self.0.push(Settlement {
                seqs: vec![seq],
                fate,
                status,
            }),
        }
    }

    /// Notes that sending has paused, for the answer `status`.
    pub fn pause(&mut self, status: u16) {
        self.0.push(Settlement {
            seqs: Vec::new(),
            fate: Fate::Paused,
            status,
        });
    }

    /// Gives what was added since this was last called.
    pub fn take(&mut self) -> Vec<Settlement> {
        core::mem::take(&mut self.0)
    }
}
