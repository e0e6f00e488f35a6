//! Consent: how a visitor's answer changes a page that records.
//!
//! A page holds its calls before this core is loaded, and without consent it never loads it. So
//! the facade walks this state machine as a table ([`table`]) in `pkg/src/consent/steps.ts`,
//! which a test compares with this file: the rules have one definition, here.

/// What is known of a category: of recording at all, or of one the page names. The strictest of
/// the answers that a call needs is the one for the call, which is their maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Calls are recorded.
    Granted,
    /// Calls are held in memory, and nothing touches storage, cookies or the network.
    Unknown,
    /// Calls are dropped and counted, and nothing touches storage, cookies or the network.
    Denied,
}

impl Answer {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Granted, Self::Unknown, Self::Denied];
}

/// An event that may change the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The visitor said yes, in this page.
    Grant,
    /// The visitor said no, or took consent back, in this page.
    Deny,
    /// Another tab heard yes.
    HearGrant,
    /// Another tab heard no.
    HearDeny,
    /// The browser says no for its user, and the page honours that.
    Signal,
    /// A denial of an earlier page is stored, which erased what there was.
    Recall,
}

impl Input {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 6] = [
        Self::Grant,
        Self::Deny,
        Self::HearGrant,
        Self::HearDeny,
        Self::Signal,
        Self::Recall,
    ];
}

/// The client starts, or goes on: what is held is recorded in order.
pub const START: u8 = 1;
/// What is held, queued and journalled in this page is dropped and counted.
pub const DROP: u8 = 2;
/// Everything that Waymark stored is erased.
pub const ERASE: u8 = 4;
/// The other tabs are told.
pub const TELL: u8 = 8;
/// The denial is stored, where the page names no source of consent.
pub const REMEMBER: u8 = 16;
/// No denial is stored any more.
pub const FORGET: u8 = 32;

/// The next answer, and the actions to take, a bit each.
pub fn step(state: Answer, input: Input) -> (Answer, u8) {
    let grants = matches!(input, Input::Grant | Input::HearGrant);
    let next = if grants {
        Answer::Granted
    } else {
        Answer::Denied
    };
    // Tell the other tabs even without a change: the categories may have changed alone.
    let told = match input {
        Input::Grant | Input::Deny => TELL,
        _ => 0,
    };
    if next == state {
        return (next, told);
    }
    let done = match input {
        Input::Grant => START | FORGET,
        Input::HearGrant => START,
        Input::Deny => DROP | ERASE | REMEMBER,
        Input::Signal => DROP | ERASE,
        // A page that only held calls has stored nothing; the tab with the answer erases.
        Input::HearDeny if state == Answer::Unknown => DROP,
        Input::HearDeny => DROP | ERASE,
        Input::Recall => DROP,
    };
    (next, done | told)
}

/// The state machine as TypeScript: a row for each answer with a number for each input. The
/// number is the actions times four, plus the next answer.
pub fn table() -> String {
    let mut text = String::from(
        "/** Generated from `waymark_core::consent`, whose tests compare it; see there. */\n\
         export const STEPS: readonly (readonly number[])[] = [\n",
    );
    for state in Answer::ALL {
        let cells = Input::ALL.map(|input| {
            let (next, done) = step(state, input);
            (u32::from(done) * 4 + next as u32).to_string()
        });
        text.push_str("  [");
        text.push_str(&cells.join(", "));
        text.push_str("],\n");
    }
    text.push_str("];\n");
    text
}

#[cfg(test)]
mod tests;
