//! The client: all rules put together, without I/O. The shell hands in calls, time and
//! outcomes, and does what the client says.

use crate::arguments;
use crate::call::Call;
use crate::context;
use crate::error::CallError;
use crate::event::{self, Facts};
use crate::identity::Identity;
use crate::json;
use crate::outbox::Outbox;
use crate::page::{self, PageFacts};
use crate::settings::Settings;

/// One client of one source.
#[derive(Debug)]
pub struct Client {
    settings: Settings,
    /// The visitor.
    pub identity: Identity,
    /// What was recorded, on its way to the server.
    pub outbox: Outbox,
    page: String,
    plain_context: String,
    /// What was answered by the time of later calls.
    consent: Consent,
}

/// What an event says of consent, each an object as JSON text, or empty.
#[derive(Debug, Clone, Default)]
pub struct Consent {
    /// `context.consent`.
    pub context: String,
    /// The `integrations` that get nothing.
    pub refused: String,
}

impl Client {
    /// A client for `settings` whose visitor is `identity`.
    pub fn new(settings: Settings, identity: Identity) -> Self {
        let mut client = Self {
            outbox: Outbox::new(&settings),
            settings,
            identity,
            page: String::new(),
            plain_context: String::new(),
            consent: Consent::default(),
        };
        client.set_page(&PageFacts::default());
        client
    }

    /// The settings the client was made with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// From now on calls are made on this page, with what was answered by then.
    pub fn set_page(&mut self, facts: &PageFacts<'_>) {
        self.consent = Consent {
            context: facts.consent.into(),
            refused: facts.refused.into(),
        };
        self.page = page::page_context(facts);
        self.plain_context = context::context(&self.settings, &self.page, "{}", &self.consent);
    }

    /// Makes the event of a call made at `now_ms`, as JSON text, and applies the call to the
    /// identity. Nothing is queued yet. `uuid` draws a random UUID as text.
    ///
    /// # Errors
    /// [`CallError`] where the call is no event; nothing is changed then.
    pub fn build(
        &mut self,
        call: &str,
        now_ms: f64,
        mut uuid: impl FnMut() -> String,
    ) -> Result<String, CallError> {
        let call = Call::parse(call)?;
        let fields = arguments::resolve(&call)?;
        let facts = Facts {
            settings: &self.settings,
            page: &self.page,
            now_ms,
            uuid: call.uuid,
            stamps: call.stamps,
            plain_context: &self.plain_context,
            consent: &self.consent,
        };
        let identity = &mut self.identity;
        Ok(event::build(
            call.method,
            &fields,
            &facts,
            identity,
            &mut uuid,
        ))
    }

    /// Records a call made at `now_ms`: makes its event and puts it into the outbox, unless
    /// Segment is not to have it. Gives the event as JSON text, and the newest event's number.
    ///
    /// # Errors
    /// [`CallError`] where the call is no event; nothing is recorded then.
    pub fn record(
        &mut self,
        call: &str,
        now_ms: f64,
        uuid: impl FnMut() -> String,
    ) -> Result<(String, u32), CallError> {
        let event = self.build(call, now_ms, uuid)?;
        if !is_for_segment(&event) {
            return Ok((event, self.outbox.last_seq()));
        }
        let seq = self.outbox.enqueue(event.clone(), now_ms)?;
        Ok((event, seq))
    }
}

/// Whether an event is to be sent: its `integrations` may say that Segment is not to have it
/// (contract §a.4).
pub fn is_for_segment(event: &str) -> bool {
    let integrations = json::get(event, "integrations").unwrap_or("{}");
    json::get(integrations, "Segment.io") != Some("false")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored::{Legacy, Stored};

    #[test]
    fn a_refused_destination_gets_nothing_whatever_the_call_says() {
        let identity = Identity::load(|_| Stored::default(), &Legacy::default());
        let mut client = Client::new(Settings::default(), identity);
        client.set_page(&PageFacts {
            consent: r#"{"categoryPreferences":{"ads":false}}"#,
            refused: r#"{"Ads":false}"#,
            ..PageFacts::default()
        });
        let call = "track\n\"Seen\"\n{}\n{\"integrations\":{\"Ads\":true,\"Other\":true}}";
        let event = client.build(call, 0.0, || "uuid".into()).unwrap();
        assert_eq!(
            json::get(&event, "integrations"),
            Some(r#"{"Ads":false,"Other":true}"#)
        );
        let context = json::get(&event, "context").unwrap();
        assert_eq!(
            json::get(context, "consent"),
            Some(r#"{"categoryPreferences":{"ads":false}}"#)
        );
    }
}
