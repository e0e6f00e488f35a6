//! What became of the newest events at each destination, for the live views. From memory: a restart
//! forgets it, and dead letters are what is durable of it.

use std::collections::VecDeque;
use std::fmt::Write as _;

use waymark_destinations::Skip;

use crate::delivery::Route;
use crate::json_object::quote;
use crate::limits::LIVE_FATES_PER_DESTINATION;

/// What became of an event at a destination.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// The destination has it.
    Taken,
    /// It will never take it.
    Refused {
        /// Its HTTP status.
        status: u16,
        /// The first part of its answer.
        reason: String,
    },
    /// The event becomes nothing there.
    Skipped(Skip),
}

/// The number of an event, and what became of it.
pub(crate) type EventFate = (i64, Outcome);

/// The newest fates of each destination.
#[derive(Debug, Default)]
pub(super) struct Fates {
    kept: Vec<(Route, VecDeque<EventFate>)>,
}

impl Fates {
    /// Remembers fates in place of older ones.
    pub(super) fn keep(&mut self, route: &Route, fates: Vec<EventFate>) {
        let at = match self.kept.iter().position(|(known, _)| known == route) {
            Some(at) => at,
            None => {
                self.kept.push((route.clone(), VecDeque::new()));
                self.kept.len() - 1
            }
        };
        let (_, kept) = &mut self.kept[at];
        kept.extend(fates);
        let n_old = kept.len().saturating_sub(LIVE_FATES_PER_DESTINATION);
        kept.drain(..n_old);
    }

    /// Forgets what destinations said about these events.
    pub(super) fn forget(&mut self, seqs: &[(i64, i64)]) {
        for (_, kept) in &mut self.kept {
            kept.retain(|(seq, _)| !seqs.iter().any(|(gone, _)| gone == seq));
        }
    }

    /// A message for each destination with the fates of events after a number.
    pub(super) fn after(&self, seq: i64) -> Vec<String> {
        let of = |(route, kept): &(Route, VecDeque<EventFate>)| {
            let shown: Vec<_> = kept.iter().filter(|(of, _)| *of > seq).collect();
            (!shown.is_empty()).then(|| data(route, shown.into_iter()))
        };
        self.kept.iter().filter_map(of).collect()
    }
}

/// The data of a `fates` message of the live stream.
pub(super) fn data<'f>(route: &Route, fates: impl Iterator<Item = &'f EventFate>) -> String {
    let mut text = format!(
        r#"{{"source":{},"destination":{},"fates":["#,
        quote(&route.source),
        quote(&route.destination)
    );
    for (at, (seq, outcome)) in fates.enumerate() {
        let comma = if at > 0 { "," } else { "" };
        // Writing into a String cannot fail.
        let _ = match outcome {
            Outcome::Taken => write!(text, r#"{comma}{{"seq":{seq},"fate":"taken"}}"#),
            Outcome::Refused { status, reason } => write!(
                text,
                r#"{comma}{{"seq":{seq},"fate":"refused","status":{status},"why":{}}}"#,
                quote(reason)
            ),
            Outcome::Skipped(skip) => write!(
                text,
                r#"{comma}{{"seq":{seq},"fate":"skipped","reason":"{}","why":{}}}"#,
                skip.code(),
                quote(&skip.to_string())
            ),
        };
    }
    text.push_str("]}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_the_erased_forgotten() {
        let route = Route {
            source: "shop".to_owned(),
            source_id: 1,
            destination: "meta".to_owned(),
        };
        let mut fates = Fates::default();
        let last = i64::try_from(LIVE_FATES_PER_DESTINATION).unwrap() + 5;
        for seq in 1..=last {
            fates.keep(&route, vec![(seq, Outcome::Taken)]);
        }
        assert_eq!(fates.kept[0].1.len(), LIVE_FATES_PER_DESTINATION);
        fates.keep(&route, vec![(last + 1, Outcome::Skipped(Skip::TooOld))]);
        fates.forget(&[(last, 1)]);
        assert_eq!(
            fates.after(last - 2),
            [format!(
                concat!(
                    r#"{{"source":"shop","destination":"meta","fates":[{{"seq":{},"fate":"taken"}},"#,
                    r#"{{"seq":{},"fate":"skipped","reason":"too_old","why":"older than the vendor takes"}}]}}"#
                ),
                last - 1,
                last + 1
            )]
        );
        assert!(fates.after(last + 1).is_empty());
    }
}
