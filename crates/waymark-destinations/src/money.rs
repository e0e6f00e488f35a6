//! Amounts and currencies.

use serde_json::{Number, Value};

use crate::event::{Event, Object};

/// A finite number, or a text that is one, as shops often send prices.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// The first of these members that is a number.
pub(crate) fn first(object: &Object, names: &[&str]) -> Option<f64> {
    names
        .iter()
        .find_map(|name| object.get(*name).and_then(number))
}

/// An amount in major units as JSON, without the noise of binary fractions: no currency of ISO 4217
/// has more than four decimals.
pub(crate) fn amount(value: f64) -> Value {
    let rounded = (value * 10_000.0).round() / 10_000.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "within the integers of a double"
    )]
    if rounded.fract() == 0.0 && rounded.abs() < 9e15 {
        return Value::from(rounded as i64);
    }
    Number::from_f64(rounded).map_or(Value::Null, Value::Number)
}

/// The currency as ISO 4217 has it: three capitals. What is none counts as absent.
pub(crate) fn currency(event: &Event<'_>) -> Option<String> {
    let text = event.property("currency")?.trim().to_ascii_uppercase();
    (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event_type::EventType;
    use serde_json::json;

    #[test]
    fn amounts_are_numbers_without_noise() {
        assert_eq!(number(&json!(" 19.90 ")), Some(19.9));
        assert_eq!(number(&json!("19,90")), None);
        assert_eq!(number(&json!("inf")), None);
        assert_eq!(amount(0.1 * 3.0), json!(0.3));
        assert_eq!(amount(20.0), json!(20));
    }

    #[test]
    fn a_currency_has_three_capitals() {
        let of = |currency: &str| {
            let text = format!(r#"{{"properties":{{"currency":"{currency}"}}}}"#);
            super::currency(&Event::new(EventType::Track, "m", 0, None, &text))
        };
        assert_eq!(of("eur"), Some("EUR".to_owned()));
        assert_eq!(of("Euro"), None);
        assert_eq!(of("€"), None);
    }
}
