//! `context.campaign` from the query string, as analytics-next reads it (contract, §c.3).

use crate::json::{self, ObjectWriter};

/// The campaign of a query string as JSON text: `{}` if it has no `utm_` parameter, and `None` if
/// there is no query.
pub fn campaign(search: &str) -> Option<String> {
    let query = search.strip_prefix("?").unwrap_or(search);
    if query.is_empty() {
        return None;
    }
    let mut found = String::from("{}");
    for pair in query.split(['&', '?']) {
        let mut parts = pair.split('=');
        let (key, value) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        if !contains(key, b"utm_") || key.len() <= 4 {
            continue;
        }
        let name = match key.get(4..).unwrap_or(key) {
            "campaign" => "name",
            other => other,
        };
        let mut member = String::new();
        let mut object = ObjectWriter::new(&mut member);
        json::write_string(object.any_key(name), &decode(value));
        object.end();
        found = json::merge(&found, &member);
    }
    Some(found)
}

/// `str::contains` for short needles: the standard one would make the wasm larger.
fn contains(text: &str, needle: &[u8]) -> bool {
    text.as_bytes()
        .windows(needle.len())
        .any(|part| part == needle)
}

/// Percent-decoding that leaves invalid text unchanged. `+` is a space.
fn decode(text: &str) -> String {
    percent_decode(&text.replace('+', " ")).unwrap_or_else(|| text.into())
}

/// `decodeURIComponent`; `None` if that would throw.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next().unwrap_or("").as_bytes());
    for part in parts {
        let byte = part.get(..2).and_then(json::hex_value)?;
        bytes.push(u8::try_from(byte).ok()?);
        bytes.extend_from_slice(part.get(2..).unwrap_or("").as_bytes());
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn campaigns_are_read_as_by_segment_s_client() {
        let cases = [
            ("", None),
            ("?", None),
            ("?q=1", Some("{}")),
            (
                "?utm_source=g&utm_campaign=q",
                Some(r#"{"source":"g","name":"q"}"#),
            ),
            ("?utm_source=a&utm_source=b", Some(r#"{"source":"b"}"#)),
            ("?xutm_foo=1", Some(r#"{"_foo":"1"}"#)),
            ("?UTM_source=g", Some("{}")),
            ("?utm_x", Some(r#"{"x":""}"#)),
            ("?utm_term=a+b%20c", Some(r#"{"term":"a b c"}"#)),
            ("?utm_term=a+b%zz", Some(r#"{"term":"a+b%zz"}"#)),
            ("?utm_x\"y=1", Some(r#"{"x\"y":"1"}"#)),
        ];
        for (search, expected) in cases {
            assert_eq!(campaign(search).as_deref(), expected, "{search}");
        }
    }
}
