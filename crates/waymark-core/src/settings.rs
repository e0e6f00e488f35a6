//! The settings that the core starts with.

use crate::cookie::CookieAttributes;
use crate::json;
use crate::limits;
use crate::text::cut;

/// The settings of one client. The facade fills them from the arguments of `load` and from
/// the browser.
///
/// They come as the text of one object, read by the core's own scanner: serde with
/// serde-wasm-bindgen would make the wasm about 15 KB (brotli) larger.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The key of the source at Segment or at the gateway.
    pub write_key: String,
    /// Where batches go: `https://api.segment.io/v1/b`, or the gateway's. Empty, and nothing is
    /// sent, if the settings do not say it.
    pub endpoint: String,
    /// Events that wait before a batch goes without waiting for the interval.
    pub flush_at: u32,
    /// Milliseconds between two batches while events keep coming.
    pub flush_interval_ms: f64,
    /// Whether an event stays when an attempt to send it fails (`retryQueue`).
    pub retry: bool,
    /// Failed attempts after which an event is given up; without it, no limit.
    pub retry_count_max: Option<u32>,
    /// Whether each event has a request of its own (`deliveryStrategy: standard`).
    pub one_event_per_request: bool,
    /// Whether batches carry the loss ledger: a gateway understands it, Segment does not.
    pub sends_ledger: bool,
    /// The `integrations` of `load`, an object as JSON text.
    pub integrations: String,
    /// `context.library`, an object as JSON text.
    pub library: String,
    /// `navigator.userAgent`.
    pub user_agent: String,
    /// `navigator.userAgentData` as JSON text; empty if the browser lacks it.
    pub user_agent_data: String,
    /// `navigator.language`.
    pub locale: String,
    /// The IANA name of the time zone.
    pub timezone: String,
    /// The page's host name, for the cookies' domain.
    pub host: String,
    /// The `cookie` option.
    pub cookie: CookieSettings,
    /// Members for every event's context from the page's address and cookies
    /// (`referrer` of an advertisement, `amp`), an object as JSON text.
    pub context_extras: String,
    /// The advertisement that the page's address names, an object as JSON text. A cookie
    /// keeps it for later pages.
    pub ad_referrer: Option<String>,
    /// The `user` option.
    pub user: ProfileSettings,
    /// The `group` option.
    pub group: ProfileSettings,
}

/// The `user` or the `group` option of `load`, and where its profile is stored.
#[derive(Debug, Clone)]
pub struct ProfileSettings {
    /// A letter for each store, the one that wins first: `l` for localStorage, `c` for cookies.
    pub stores: String,
    /// Whether the profile is disabled.
    pub disabled: bool,
    /// The key of its id, if not the default.
    pub id_key: Option<String>,
    /// The key of its traits, if not the default.
    pub traits_key: Option<String>,
}

impl ProfileSettings {
    fn from_json(text: &str) -> Self {
        let string = |key| json::get(text, key).and_then(json::string_value);
        Self {
            stores: string("stores").unwrap_or_else(|| "lc".into()),
            disabled: json::get(text, "disabled") == Some("true"),
            id_key: string("idKey"),
            traits_key: string("traitsKey"),
        }
    }
}

/// The `cookie` option of `load` (contract, §a.4).
#[derive(Debug, Clone)]
pub struct CookieSettings {
    /// The domain; without it, found by trying.
    pub domain: Option<String>,
    /// Path, age and so on.
    pub attributes: CookieAttributes,
    /// Whether a server sets them again (`identityEndpoint`). Its cookie may last longer than a
    /// script's, so one that already holds the value is not written again.
    pub renewed: bool,
}

impl Settings {
    /// Reads the settings from the text of an object; a member that is missing or of another type
    /// gets its default.
    pub fn from_json(text: &str) -> Self {
        let text = &json::own(text).unwrap_or_default();
        let string = |key, default: &str| {
            let value = json::get(text, key).and_then(json::string_value);
            value.unwrap_or_else(|| default.into())
        };
        let number = |key, default| {
            json::get(text, key)
                .and_then(whole_number)
                .unwrap_or(default)
        };
        let object = |key, default: &str| {
            let value = json::get(text, key).filter(|raw| raw.starts_with("{"));
            value.unwrap_or(default).to_owned()
        };
        Self {
            write_key: string("writeKey", ""),
            endpoint: string("endpoint", ""),
            flush_at: number("flushAt", limits::FLUSH_AT),
            flush_interval_ms: f64::from(number("flushIntervalMs", limits::FLUSH_INTERVAL_MS)),
            retry: json::get(text, "retry") != Some("false"),
            retry_count_max: json::get(text, "retryCountMax").and_then(whole_number),
            one_event_per_request: json::get(text, "oneEventPerRequest") == Some("true"),
            sends_ledger: json::get(text, "sendsLedger") == Some("true"),
            integrations: object("integrations", "{}"),
            library: object("library", "{}"),
            user_agent: string("userAgent", ""),
            user_agent_data: object("userAgentData", ""),
            locale: string("locale", ""),
            timezone: string("timezone", ""),
            host: string("host", ""),
            cookie: CookieSettings {
                domain: json::get(text, "cookieDomain").and_then(json::string_value),
                attributes: CookieAttributes {
                    max_age_s: number("cookieMaxAgeS", limits::COOKIE_MAX_AGE_S),
                    path: string("cookiePath", "/"),
                    same_site: string("cookieSameSite", "Lax"),
                    secure: json::get(text, "cookieSecure") == Some("true"),
                },
                renewed: json::get(text, "cookieRenewed") == Some("true"),
            },
            ad_referrer: json::get(text, "adReferrer").and_then(json::string_value),
            context_extras: object("contextExtras", "{}"),
            user: ProfileSettings::from_json(&object("user", "{}")),
            group: ProfileSettings::from_json(&object("group", "{}")),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::from_json("{}")
    }
}

/// The whole part of a number's text, if it is not negative and fits.
fn whole_number(raw: &str) -> Option<u32> {
    let digits = cut(raw, b'.').map_or(raw, |(whole, _)| whole);
    if digits.is_empty() {
        return None;
    }
    digits.bytes().try_fold(0_u32, |value, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        value.checked_mul(10)?.checked_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// Where a real parser would say that events go.
    fn said(text: &str) -> String {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        value["endpoint"].as_str().unwrap_or_default().into()
    }

    #[test]
    fn events_go_where_the_settings_say_or_nowhere() {
        let given = "https://shop.example/v1/b";
        let understood = [
            r#"{"endpoint":"https://shop.example/v1/b"}"#,
            r#" { "a" : [ 1 , { } ] , "endpoint" : "https://shop.example/v1/b" } "#,
            "\n{\r\n\t\"endpoint\":\n\"https://shop.example/v1/b\"\t}\n",
            r#"{"endp\u006fint":"https:\/\/shop.example\u002fv1/b"}"#,
            r#"{"endpoint":"https://other.example","endpoint":"https://shop.example/v1/b"}"#,
            r#"{"endpoint":"https://other.example","\u0065ndpoint":"https://shop.example/v1/b"}"#,
            r#"{"x":{"endpoint":"https://other.example"},"endpoint":"https://shop.example/v1/b"}"#,
            r#"{"x":"\"endpoint\":\"https://other.example\",","endpoint":"https://shop.example/v1/b"}"#,
        ];
        for text in understood {
            assert_eq!(said(text), given, "{text}");
            assert_eq!(Settings::from_json(text).endpoint, given, "{text}");
        }
        let other = [
            "",
            "{}",
            "null",
            "[object Object]",
            "undefined",
            "\"{}\"",
            r#"["endpoint","https://shop.example/v1/b"]"#,
            r#"{"endpoint":null}"#,
            r#"{"endpoint":7}"#,
            r#"{"endpoint":["https://shop.example/v1/b"]}"#,
            r#"{"endpoint":"https://shop.example/v1/b","endpoint":null}"#,
            r#"{"endpoint":"https://shop.example/v1/b"#,
            r#"{"endpoint":"https://shop.example/v1/b""#,
            r#"{"endpoint":"https://shop.example/v1/b"}}"#,
            r#"{"endpoint":"https://shop.example/v1/b"} {}"#,
            r#"{"endpoint":"https://shop.example/v1/b" "x":1}"#,
            r#"{"endpoint" "https://shop.example/v1/b"}"#,
            r#"{endpoint:"https://shop.example/v1/b"}"#,
            r#"{'endpoint':'https://shop.example/v1/b'}"#,
        ];
        for text in other {
            assert_eq!(said(text), "", "{text}");
            assert_eq!(Settings::from_json(text).endpoint, "", "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_sends_events_to_an_address_that_it_does_not_name(
            parts in prop::collection::vec(
                prop::sample::select(vec![
                    "{", "}", "[", "]", ",", ":", " ", "\n", "\"", "\\", "\\u006f", "null", "1", "\"a\"",
                    "\"endpoint\"", "\"endp\\u006fint\"", "\"endpoint\":", "endpoint",
                    "\"https://a.example/b\"", "\"https:\\/\\/c.example\"", "{\"endpoint\":\"https://d.example\"",
                ]),
                0..12,
            ),
        ) {
            let text = parts.concat();
            let endpoint = Settings::from_json(&text).endpoint;
            let is_json = serde_json::from_str::<Value>(&text).is_ok();
            if is_json {
                prop_assert_eq!(endpoint, said(&text));
            } else {
                let named = ["", "https://a.example/b", "https://c.example", "https://d.example"];
                prop_assert!(named.contains(&endpoint.as_str()), "{}: {}", text, endpoint);
            }
        }
    }

    #[test]
    fn given_settings_are_read_and_others_have_their_defaults() {
        let settings = Settings::from_json(concat!(
            r#"{"writeKey":"k\"1","flushAt":5,"flushIntervalMs":250.5,"#,
            r#""cookieSecure":true,"locale":7,"library":{"name":"w"}}"#
        ));
        assert_eq!(settings.write_key, "k\"1");
        assert_eq!(settings.flush_at, 5);
        assert!((settings.flush_interval_ms - 250.0).abs() < f64::EPSILON);
        assert!(settings.cookie.attributes.secure);
        assert_eq!(settings.locale, "");
        assert_eq!(settings.library, r#"{"name":"w"}"#);
        assert_eq!(settings.cookie.attributes.same_site, "Lax");
    }

    #[test]
    fn invalid_numbers_become_the_default() {
        for raw in ["-1", "1e9", "99999999999", "null", "\"5\""] {
            let text = ["{\"flushAt\":", raw, "}"].concat();
            assert_eq!(
                Settings::from_json(&text).flush_at,
                limits::FLUSH_AT,
                "{raw}"
            );
        }
    }
}
