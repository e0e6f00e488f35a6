//! Consent: how a visitor's answer changes a page that records.
//!
//! A page holds its calls before this core is loaded, and without consent it never loads it. So
//! the facade walks this state machine as a table ([`table`]) in `pkg/src/consent/steps.ts`,
//! which a test compares with this file: the rules have one definition, here.

/// The visitor's answer for a category: recording as such, or one that the page names. A call that
/// needs several categories gets the strictest of their answers, which is their maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Calls are recorded.
    Granted,
    /// Calls are held in memory. Storage, cookies and the network are not touched.
    Unknown,
    /// Calls are dropped and counted. Storage, cookies and the network are not touched.
    Denied,
}

impl Answer {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Granted, Self::Unknown, Self::Denied];
}

/// An event that may change the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// The visitor granted consent in this page.
    Grant,
    /// The visitor denied or withdrew consent in this page.
    Deny,
    /// The visitor granted consent in another tab.
    HearGrant,
    /// The visitor denied or withdrew consent in another tab.
    HearDeny,
    /// The browser signals that its user denies consent, and the page honours the signal.
    Signal,
    /// A denial from an earlier page is stored. That page erased everything else.
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

/// The client starts or continues: held calls are recorded in order.
pub const START: u8 = 1;
/// Everything held, queued and journalled in this page is dropped and counted.
pub const DROP: u8 = 2;
/// Everything that Waymark stored is erased.
pub const ERASE: u8 = 4;
/// The other tabs are told.
pub const TELL: u8 = 8;
/// The denial is stored, if the page names no source of consent.
pub const REMEMBER: u8 = 16;
/// The stored denial is removed.
pub const FORGET: u8 = 32;

/// The next answer, and the actions to take, one bit for each.
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
        // A page that only held calls has not stored anything; the other tab erases.
        Input::HearDeny if state == Answer::Unknown => DROP,
        Input::HearDeny => DROP | ERASE,
        Input::Recall => DROP,
    };
    (next, done | told)
}

/// The state machine as TypeScript: a row for each answer, with a number for each input. The
/// number is four times the actions plus the next answer.
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
