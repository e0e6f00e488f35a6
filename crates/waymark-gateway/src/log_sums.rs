//! Log lines that repeat: the first ones of each place in the code are written, and how many more
//! there were is told from time to time, so that neither a stranger nor a full disk fills the log.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::limits::{LOG_LINES_SHOWN, LOG_SUM_INTERVAL};

/// A layer that lets the first warnings and errors of each place pass, and counts the others.
#[derive(Debug, Clone, Default)]
pub struct LogSums(Arc<Mutex<HashMap<Identifier, Lines>>>);

/// The lines of one place since the last sum.
#[derive(Debug, Default)]
struct Lines {
    n_shown: u32,
    n_left_out: u64,
    message: String,
}

impl LogSums {
    /// Tells from time to time what was left out. Never returns.
    pub async fn keep_telling(self) {
        loop {
            tokio::time::sleep(LOG_SUM_INTERVAL).await;
            self.tell();
        }
    }

    /// Tells what was left out since the last sum, and begins to count anew.
    pub fn tell(&self) {
        let sums = std::mem::take(&mut *self.lock());
        for lines in sums.into_values() {
            if lines.n_left_out > 0 {
                let (more, like) = (lines.n_left_out, lines.message);
                tracing::warn!(more, like, "lines that repeat were left out");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Identifier, Lines>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Subscriber> Layer<S> for LogSums {
    fn event_enabled(&self, event: &Event<'_>, _context: Context<'_, S>) -> bool {
        let place = event.metadata();
        // What is told here is no line that repeats.
        if *place.level() > Level::WARN || place.target() == module_path!() {
            return true;
        }
        let mut all = self.lock();
        let lines = all.entry(place.callsite()).or_default();
        if lines.n_shown < LOG_LINES_SHOWN {
            lines.n_shown += 1;
            return true;
        }
        if lines.n_left_out == 0 {
            event.record(&mut Message(&mut lines.message));
        }
        lines.n_left_out += 1;
        false
    }
}

/// Reads the message of a line.
struct Message<'a>(&'a mut String);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            *self.0 = format!("{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_that_repeat_are_summed_by_their_place() {
        let sums = LogSums::default();
        let written = Written::default();
        let log = written.clone();
        let format = tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(move || log.clone());
        let subscriber = tracing_subscriber::registry()
            .with(sums.clone())
            .with(format);
        let fail = |times: u32| {
            for time in 0..times {
                tracing::warn!(time, "it failed");
                tracing::info!(time, "it goes on");
            }
        };
        tracing::subscriber::with_default(subscriber, || {
            fail(LOG_LINES_SHOWN + 7);
            tracing::error!("something else");
            sums.tell();
            fail(1);
            sums.tell();
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        let count = |part: &str| text.matches(part).count() as u32;
        assert_eq!(
            (
                count("\"message\":\"it failed\""),
                count("\"message\":\"it goes on\""),
                count("something else")
            ),
            (LOG_LINES_SHOWN + 1, LOG_LINES_SHOWN + 8, 1)
        );
        assert_eq!(count("lines that repeat were left out"), 1);
        assert!(text.contains(r#""more":7,"like":"it failed""#), "{text}");
    }
}
