//! The client: all rules together, without I/O. The shell passes in calls, the time and the
//! outcomes of requests, and does what the client asks for.

use std::rc::Rc;

use crate::arguments;
use crate::call::Call;
use crate::consent_stamp::ConsentStamp;
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
    settings: Rc<Settings>,
    /// The visitor.
    pub identity: Identity,
    /// The events on their way to the server.
    pub outbox: Outbox,
    page: String,
    plain_context: String,
    /// The consent that later calls are made under.
    consent: ConsentStamp,
}

impl Client {
    /// A client for `settings` whose visitor is `identity`.
    pub fn new(settings: impl Into<Rc<Settings>>, identity: Identity) -> Self {
        let settings = settings.into();
        let mut client = Self {
            outbox: Outbox::new(&settings),
            settings,
            identity,
            page: String::new(),
            plain_context: String::new(),
            consent: ConsentStamp::default(),
        };
        client.set_page(&PageFacts::default());
        client
    }

    /// The settings the client was made with.
    pub fn settings(&self) -> &Rc<Settings> {
        &self.settings
    }

    /// Sets the page, and the consent, that later calls are made with.
    pub fn set_page(&mut self, facts: &PageFacts<'_>) {
        self.consent = ConsentStamp {
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
    /// [`CallError`] if the call makes no event. The client is unchanged then.
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

    /// Records a call made at `now_ms`: makes its event and puts it into the outbox, unless the
    /// call excludes Segment. Returns the event as JSON text; its number is then the outbox's
    /// last.
    ///
    /// # Errors
    /// [`CallError`] if the call makes no event, or one that is too large.
    pub fn record(
        &mut self,
        call: &str,
        now_ms: f64,
        uuid: impl FnMut() -> String,
    ) -> Result<String, CallError> {
        let event = self.build(call, now_ms, uuid)?;
        if is_for_segment(&event) {
            self.outbox.enqueue(event.clone(), now_ms)?;
        }
        Ok(event)
    }
}

/// Whether an event is to be sent: its `integrations` may exclude Segment (contract, §a.4).
pub fn is_for_segment(event: &str) -> bool {
    let integrations = json::get(event, "integrations").unwrap_or("{}");
    json::get(integrations, "Segment.io") != Some("false")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stored::{Legacy, Stored};

    #[test]
    fn a_refused_destination_stays_off_even_if_the_call_turns_it_on() {
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
