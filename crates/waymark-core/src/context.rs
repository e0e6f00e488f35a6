//! `context` of an event: page, browser, campaign, and what the caller adds (contract, §c.3).

use crate::campaign::campaign;
use crate::consent_stamp::ConsentStamp;
use crate::json::{self, ObjectWriter};
use crate::settings::Settings;

/// Options that are lifted to the top level of the event instead of into its context.
const LIFTED: [&str; 6] = [
    "integrations",
    "context",
    "userId",
    "anonymousId",
    "timestamp",
    "messageId",
];

/// Members of `context` that the SDK always writes itself.
const OWN: [&str; 5] = ["page", "userAgent", "userAgentData", "timezone", "consent"];

/// The members that the caller's options add to the context: `options.context`, then every other
/// option. A dotted name sets a member of a nested object.
pub fn caller_context(options: &str) -> String {
    let mut base = json::get(options, "context")
        .filter(|raw| raw.starts_with("{"))
        .unwrap_or("{}")
        .to_owned();
    for (key, value) in json::members(options) {
        let key = json::bare(key);
        if !LIFTED.contains(&key) {
            base = json::set_path(&base, key, value);
        }
    }
    base
}

/// The context of an event on `page` (an object), with the caller's own members. The visitor's
/// consent is merged over a `consent` of the caller (contract, §d.13).
pub fn context(settings: &Settings, page: &str, caller: &str, consent: &ConsentStamp) -> String {
    let merged;
    let page = match json::get(caller, "page").filter(|raw| raw.starts_with("{")) {
        Some(over) => {
            merged = json::merge(page, over);
            &merged
        }
        None => page,
    };
    let mut out =
        String::with_capacity(page.len() + caller.len() + settings.user_agent.len() + 512);
    let mut context = ObjectWriter::new(&mut out);
    context.raw("page", page);
    for (key, value) in json::members(caller) {
        if !OWN.contains(&json::bare(key)) {
            context.raw(json::bare(key), value);
        }
    }
    let said = json::get(caller, "consent");
    if consent.context.is_empty() {
        said.map(|raw| context.raw("consent", raw));
    } else {
        let said = said.filter(|raw| raw.starts_with("{")).unwrap_or("{}");
        context.raw("consent", &json::merge(said, &consent.context));
    }
    context.string("userAgent", &settings.user_agent);
    if !settings.user_agent_data.is_empty() {
        context.raw("userAgentData", &settings.user_agent_data);
    }
    if json::get(caller, "locale").is_none() && !settings.locale.is_empty() {
        context.string("locale", &settings.locale);
    }
    if json::get(caller, "library").is_none() {
        context.raw("library", &settings.library);
    }
    if json::get(caller, "campaign").is_none() {
        let search = json::get(page, "search").and_then(json::string_value);
        if let Some(found) = campaign(search.as_deref().unwrap_or("")) {
            context.raw("campaign", &found);
        }
    }
    for (key, value) in json::members(&settings.context_extras) {
        if json::get(caller, json::bare(key)).is_none() {
            context.raw(json::bare(key), value);
        }
    }
    if !settings.timezone.is_empty() {
        context.string("timezone", &settings.timezone);
    }
    context.end();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_become_context_and_dots_open_objects() {
        assert_eq!(
            caller_context(
                r#"{"context":{"q":1},"integrations":{},"a.b":2,"userId":"u","traits":{"t":1}}"#
            ),
            r#"{"q":1,"a":{"b":2},"traits":{"t":1}}"#
        );
        assert_eq!(caller_context(r#"{"context":null}"#), "{}");
    }

    #[test]
    fn the_caller_may_set_locale_and_library_but_not_the_browser() {
        let settings = Settings {
            user_agent: "UA".into(),
            locale: "en".into(),
            timezone: "UTC".into(),
            library: r#"{"name":"w"}"#.into(),
            ..Settings::default()
        };
        let caller = concat!(
            r#"{"locale":"fr","userAgent":"mine","timezone":"mine","#,
            r#""library":{"name":"x"},"page":{"title":"T"}}"#
        );
        assert_eq!(
            context(
                &settings,
                r#"{"path":"/","search":"","title":"t"}"#,
                caller,
                &ConsentStamp::default()
            ),
            concat!(
                r#"{"page":{"path":"/","search":"","title":"T"},"locale":"fr","#,
                r#""library":{"name":"x"},"userAgent":"UA","timezone":"UTC"}"#
            )
        );
    }

    #[test]
    fn the_campaign_follows_the_search_of_the_page_that_is_sent() {
        let settings = Settings::default();
        let caller = r#"{"page":{"search":"?utm_source=mail"}}"#;
        let text = context(
            &settings,
            r#"{"search":"?utm_source=ad"}"#,
            caller,
            &ConsentStamp::default(),
        );
        assert_eq!(json::get(&text, "campaign"), Some(r#"{"source":"mail"}"#));
        let text = context(
            &settings,
            r#"{"search":""}"#,
            "{}",
            &ConsentStamp::default(),
        );
        assert_eq!(json::get(&text, "campaign"), None);
    }

    #[test]
    fn the_visitor_s_choices_join_the_caller_s_consent_context() {
        let settings = Settings::default();
        let consent = ConsentStamp {
            context: r#"{"categoryPreferences":{"ads":false}}"#.into(),
            refused: String::new(),
        };
        let nothing = ConsentStamp::default();
        let caller = r#"{"consent":{"version":2,"categoryPreferences":{"ads":true}}}"#;
        let said = |caller: &str, consent: &ConsentStamp| {
            let text = context(&settings, "{}", caller, consent);
            json::get(&text, "consent").map(str::to_owned)
        };
        assert_eq!(
            said(caller, &consent).as_deref(),
            Some(r#"{"version":2,"categoryPreferences":{"ads":false}}"#)
        );
        assert_eq!(said("{}", &consent).as_ref(), Some(&consent.context));
        assert_eq!(said(r#"{"consent":7}"#, &nothing).as_deref(), Some("7"));
        assert_eq!(said("{}", &nothing), None);
    }
}
