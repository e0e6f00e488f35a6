//! The express lane: makes the events of calls that a page holds, by the rules of `waymark-core`,
//! so that they need not wait for the page's own core. Pure: what the page does not say is not
//! guessed, and its calls are left to the page.

use std::borrow::Cow;
use std::collections::HashMap;

use bytes::Bytes;
use serde::Deserialize;
use serde::de::IgnoredAny;
use waymark_core::client::{Client, is_for_segment};
use waymark_core::cookie;
use waymark_core::identity::Identity;
use waymark_core::page::PageFacts;
use waymark_core::settings::Settings;
use waymark_core::stored::{Key, Legacy, Stored};

use super::defaults::growth_max_bytes;
use super::event_text::mend_surrogates;
use crate::error::ApiError;
use crate::json_object::{JsonObject, unquote};
use crate::limits::{CALLS_MAX, EVENT_MAX_BYTES};

/// The last moment that a page's clock can tell, in milliseconds since 1970 (ECMAScript, "Time
/// Values and Time Range").
const DATE_MAX_MS: f64 = 8.64e15;

/// A held call: its time in milliseconds since 1970, its text (see `waymark_core::call`), and the
/// texts of its page, as [`PageFacts`] has them.
#[derive(Debug, Deserialize)]
struct HeldCall(f64, String, Vec<String>);

/// What a page posts to `/v1/calls`.
#[derive(Debug)]
pub(crate) struct Calls {
    /// The calls, in their order.
    held: Vec<HeldCall>,
    /// When they were sent, by the page's clock, in milliseconds since 1970.
    pub(crate) sent_ms: Option<i64>,
    settings: Settings,
    cookies: String,
    /// The page's localStorage as far as the identity is in it; without it, the page has none.
    local: Option<HashMap<String, String>>,
}

/// An event that was made of a call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Made {
    /// The call's place in the request.
    pub(crate) place: usize,
    /// The event as JSON text.
    pub(crate) text: Bytes,
}

impl Calls {
    /// Reads `{"writeKey","sentAtMs","settings","cookies","local","calls"}`.
    ///
    /// # Errors
    /// When `calls` is no list of calls, or `local` no object of texts.
    pub(crate) fn read(envelope: &JsonObject<'_>) -> Result<Self, ApiError> {
        let invalid = |said: &str| ApiError::InvalidBody(said.to_owned());
        // A title may end in the middle of an emoji.
        let mended = |name| mend_surrogates(envelope.get(name).unwrap_or("null"));
        let text = |name| envelope.get(name).and_then(unquote).map(Cow::into_owned);
        let mut settings = Settings::from_json(envelope.get("settings").unwrap_or("{}"));
        settings.write_key = text("writeKey").unwrap_or_default();
        Ok(Self {
            held: serde_json::from_str(&mended("calls"))
                .map_err(|_| invalid("calls must be a list of held calls"))?,
            sent_ms: envelope
                .get("sentAtMs")
                .and_then(|number| serde_json::from_str(number).ok()),
            settings,
            cookies: text("cookies").unwrap_or_default(),
            local: serde_json::from_str(&mended("local"))
                .map_err(|_| invalid("local must be an object of texts"))?,
        })
    }

    fn read_store(&self, key: Key) -> Stored {
        let local = self.local.as_ref().map(|local| {
            let value = local.get(key.name());
            // As in the page: traits go into events as they are, and broken ones would break those.
            value
                .filter(|text| key.is_id() || serde_json::from_str::<IgnoredAny>(text).is_ok())
                .cloned()
        });
        Stored {
            local,
            cookie: key.is_id().then(|| cookie::find(&self.cookies, key.name())),
            cookie_first: false,
        }
    }

    fn client(&self) -> Client {
        let legacy = Legacy {
            user: cookie::find(&self.cookies, "ajs_user"),
            sio: cookie::find(&self.cookies, "_sio"),
        };
        let identity = Identity::load(|key| self.read_store(key), &legacy);
        Client::new(self.settings.clone(), identity)
    }

    /// Makes the events of the calls, in their order, up to the first that makes none here: one
    /// that needs what only the page can draw, such as a new anonymous id, or with which the events
    /// would be more than [`BATCH_GROWTH_FACTOR`](crate::limits::BATCH_GROWTH_FACTOR) times the
    /// `body_bytes` of the request. The rest is the page's.
    pub(crate) fn make(&self, body_bytes: usize) -> Vec<Made> {
        let mut client = self.client();
        let mut left_bytes = growth_max_bytes(body_bytes);
        let mut all = Vec::new();
        for (place, HeldCall(at_ms, call, page)) in self.held.iter().take(CALLS_MAX).enumerate() {
            if at_ms.abs() > DATE_MAX_MS || call.len() > EVENT_MAX_BYTES {
                break;
            }
            let page: Vec<_> = page
                .iter()
                .map(|text| text.replace('\0', "\u{fffd}"))
                .collect();
            client.set_page(&facts_of(&page));
            let mut has_drawn = false;
            let made = client.build(call, *at_ms, || {
                has_drawn = true;
                String::new()
            });
            let Ok(text) = made else { break };
            let Some(rest) = left_bytes.checked_sub(text.len()) else {
                break;
            };
            if has_drawn {
                break;
            }
            left_bytes = rest;
            if is_for_segment(&text) {
                let text = Bytes::from(text);
                all.push(Made { place, text });
            }
        }
        all
    }
}

fn facts_of(page: &[String]) -> PageFacts<'_> {
    let mut texts = page.iter().map(String::as_str);
    let mut next = || texts.next().unwrap_or_default();
    PageFacts {
        href: next(),
        pathname: next(),
        search: next(),
        title: next(),
        referrer: next(),
        canonical: next(),
        canonical_pathname: next(),
        consent: next(),
        refused: next(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn made(body: &str) -> Vec<Made> {
        let envelope = JsonObject::parse(body).unwrap();
        Calls::read(&envelope).unwrap().make(body.len())
    }

    proptest! {
        /// Whoever writes the texts: nothing panics, places rise, and a call makes at most one event.
        #[test]
        fn any_text_makes_at_most_one_event_for_a_call(
            texts in prop::collection::vec(
                prop_oneof![
                    ".{0,40}",
                    "(track|page|identify|group|alias|screen) [0-9a-f-]{36}\n(\"[^\"\\\\]{0,9}\"|n[0-9]{1,3}|f|x|\\{.{0,9}\\}|)\n.{0,20}",
                ],
                0..8,
            ),
            pages in prop::collection::vec(".{0,12}", 0..12),
            cookies in "(ajs_(user|anonymous)_id=.{0,20}; ){0,3}",
            traits in ".{0,20}",
            at_ms in prop_oneof![-9e15..9e15, prop::num::f64::NORMAL],
        ) {
            let calls: Vec<_> = texts.iter().map(|text| json!([at_ms, text, pages])).collect();
            let body = json!({
                "cookies": cookies,
                "local": { "ajs_anonymous_id": "a", "ajs_user_traits": traits },
                "calls": calls,
            });
            let made = made(&body.to_string());
            let places: Vec<_> = made.iter().map(|one| one.place).collect();
            prop_assert!(places.is_sorted_by(|one, next| one < next));
            prop_assert!(places.iter().all(|place| *place < texts.len()));
        }
    }

    #[test]
    fn a_call_that_segment_must_not_get_changes_the_identity_and_makes_no_event() {
        let id = "0b7b7a4e-5c0a-4f0e-9c57-2f0f6f0a5a01";
        let kept =
            format!("identify {id}\n\"u\"\n{{}}\n{{\"integrations\":{{\"Segment.io\":false}}}}");
        let body = json!({
            "local": { "ajs_anonymous_id": "a" },
            "calls": [[0, kept, []], [0, format!("track {id}\n\"Seen\""), []]],
        });
        let made = made(&body.to_string());
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].place, 1);
        let event: Value = serde_json::from_slice(&made[0].text).unwrap();
        assert_eq!(event["userId"], "u");
    }
}
