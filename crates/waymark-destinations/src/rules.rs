//! Which events a destination gets, and under which names.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::event::Event;
use crate::event_type::EventType;
use crate::skip::Skip;

/// What an operator says about the events of a destination. By default it gets all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// If not empty, only these types of call.
    pub types: Vec<EventType>,
    /// Not these types of call.
    pub exclude_types: Vec<EventType>,
    /// If not empty, of the calls of `track` only those with these names. A `*` at the end stands
    /// for anything.
    pub events: Vec<String>,
    /// Not the calls of `track` with these names.
    pub exclude_events: Vec<String>,
    /// New names by old names.
    pub rename: BTreeMap<String, String>,
    /// The categories of consent without which it gets nothing.
    pub consent: Vec<String>,
    /// What becomes of an event that says nothing about one of these categories.
    pub without_consent_answer: WithoutAnswer,
    /// The name that the operator gave the destination: an event's `integrations` may select it by
    /// that, too.
    #[serde(skip)]
    pub own_name: String,
}

/// What becomes of an event that says nothing about consent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithoutAnswer {
    /// It is not sent.
    #[default]
    Skip,
    /// It is sent.
    Send,
}

impl Rules {
    /// Whether the destination with these names gets the event.
    ///
    /// # Errors
    /// Why it does not.
    pub(crate) fn check(&self, event: &Event<'_>, names: &[&str]) -> Result<(), Skip> {
        if self.filters_out(event) {
            return Err(Skip::Filtered);
        }
        if !selected(event, names, &self.own_name) {
            return Err(Skip::Integrations);
        }
        if !self
            .consent
            .iter()
            .all(|category| self.agreed(event, category))
        {
            return Err(Skip::NoConsent);
        }
        Ok(())
    }

    fn filters_out(&self, event: &Event<'_>) -> bool {
        let of_type = |types: &[EventType]| types.contains(&event.event_type);
        if of_type(&self.exclude_types) || !(self.types.is_empty() || of_type(&self.types)) {
            return true;
        }
        let by_name = !(self.events.is_empty() && self.exclude_events.is_empty());
        if event.event_type != EventType::Track || !by_name {
            return false;
        }
        let name = event.name().unwrap_or_default();
        let listed = |names: &[String]| names.iter().any(|listed| matches(listed, &name));
        listed(&self.exclude_events) || !(self.events.is_empty() || listed(&self.events))
    }

    /// `context.consent.categoryPreferences`, as Segment's consent has it:
    /// <https://segment.com/docs/privacy/consent-management/consent-in-segment-connections/>.
    fn agreed(&self, event: &Event<'_>, category: &str) -> bool {
        match event.of_context(&["consent", "categoryPreferences", category]) {
            Some(Value::Bool(agreed)) => *agreed,
            Some(_) => false,
            None => self.without_consent_answer == WithoutAnswer::Send,
        }
    }
}

fn matches(listed: &str, name: &str) -> bool {
    match listed.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => listed == name,
    }
}

/// Whether the event's `integrations` select a destination with these names:
/// <https://segment.com/docs/guides/filtering-data/>. `All` governs those that are not named; an
/// object is options, and selects. A destination without names takes what it is given, unless it is
/// named as the operator does.
fn selected(event: &Event<'_>, names: &[&str], own_name: &str) -> bool {
    if names.is_empty() && own_name.is_empty() {
        return true;
    }
    let integrations = event.integrations();
    let is_on = |value: &Value| !matches!(value, Value::Bool(false));
    let all = [&[own_name], names].concat();
    let own = all.iter().find_map(|name| integrations.get(*name));
    let by_all = || integrations.get("All").filter(|_| !names.is_empty());
    own.or_else(by_all).is_none_or(is_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(rules: &Rules, text: &str) -> Result<(), Skip> {
        rules.check(
            &Event::new(EventType::Track, "m", 0, None, text),
            &["Mixpanel"],
        )
    }

    #[test]
    fn names_and_types_let_in_and_keep_out() {
        let rules = Rules {
            events: vec!["Order *".to_owned(), "Signed Up".to_owned()],
            exclude_events: vec!["Order Updated".to_owned()],
            ..Rules::default()
        };
        assert_eq!(verdict(&rules, r#"{"event":"Order Completed"}"#), Ok(()));
        assert_eq!(verdict(&rules, r#"{"event":"Signed Up"}"#), Ok(()));
        for other in ["Order Updated", "Signed Up Twice", ""] {
            let text = format!(r#"{{"event":"{other}"}}"#);
            assert_eq!(verdict(&rules, &text), Err(Skip::Filtered), "{other}");
        }
        let rules = Rules {
            exclude_types: vec![EventType::Track],
            ..Rules::default()
        };
        assert_eq!(verdict(&rules, "{}"), Err(Skip::Filtered));
    }

    #[test]
    fn integrations_select_by_name_before_all() {
        let rules = Rules::default();
        let of = |integrations: &str| {
            verdict(&rules, &format!(r#"{{"integrations":{integrations}}}"#)).is_ok()
        };
        assert!(of("{}"));
        assert!(of(r#"{"All":false,"Mixpanel":true}"#));
        assert!(of(r#"{"All":false,"Mixpanel":{"a":1}}"#));
        assert!(!of(r#"{"All":false}"#));
        assert!(!of(r#"{"All":true,"Mixpanel":false}"#));
        assert!(!of(r#"{"All":false,"mixpanel":true}"#));
        let named = Rules {
            own_name: "mixpanel".to_owned(),
            ..Rules::default()
        };
        for (integrations, expected) in [
            (r#"{"All":false,"mixpanel":true}"#, true),
            (r#"{"mixpanel":false}"#, false),
            (r#"{"Mixpanel":false}"#, false),
        ] {
            let text = format!(r#"{{"integrations":{integrations}}}"#);
            assert_eq!(verdict(&named, &text).is_ok(), expected, "{integrations}");
        }
    }

    #[test]
    fn without_consent_nothing_goes() {
        let mut rules = Rules {
            consent: vec!["advertising".to_owned()],
            ..Rules::default()
        };
        let of = |rules: &Rules, preferences: &str| {
            let text =
                format!(r#"{{"context":{{"consent":{{"categoryPreferences":{preferences}}}}}}}"#);
            verdict(rules, &text)
        };
        assert_eq!(of(&rules, r#"{"advertising":true}"#), Ok(()));
        assert_eq!(of(&rules, r#"{"advertising":false}"#), Err(Skip::NoConsent));
        assert_eq!(of(&rules, "{}"), Err(Skip::NoConsent));
        rules.without_consent_answer = WithoutAnswer::Send;
        assert_eq!(of(&rules, "{}"), Ok(()));
        assert_eq!(of(&rules, r#"{"advertising":"no"}"#), Err(Skip::NoConsent));
    }
}
