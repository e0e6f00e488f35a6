//! `context.campaign` from the query string, as analytics-next reads it (contract, §c.3).

use crate::json::{self, ObjectWriter};
use crate::text::pieces;

/// The campaign of a query string as JSON text: `{}` if it has no `utm_` parameter, and `None` if
/// there is no query.
pub fn campaign(search: &str) -> Option<String> {
    let query = search.strip_prefix("?").unwrap_or(search);
    if query.is_empty() {
        return None;
    }
    let mut found = String::from("{}");
    let pairs = pieces(query, b'&').flat_map(|part| pieces(part, b'?'));
    for pair in pairs {
        let mut parts = pieces(pair, b'=');
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

/// `decodeURIComponent`; `None` if that would throw. The standard library's check of UTF-8 would
/// make the wasm larger.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut parts = pieces(text, b'%');
    out.push_str(parts.next()?);
    let (mut code, mut size_bytes, mut missing) = (0, 0, 0);
    for part in parts {
        let byte = part.get(..2).and_then(json::hex_value)?;
        if missing == 0 {
            (code, size_bytes) = match byte {
                0..0x80 => (byte, 1),
                0xc0..0xe0 => (byte & 0x1f, 2),
                0xe0..0xf0 => (byte & 0x0f, 3),
                0xf0..0xf8 => (byte & 0x07, 4),
                _ => return None,
            };
            missing = size_bytes;
        } else if byte & 0xc0 == 0x80 {
            code = code << 6 | byte & 0x3f;
        } else {
            return None;
        }
        missing -= 1;
        let rest = part.get(2..)?;
        if missing == 0 {
            let decoded = char::from_u32(code)?;
            if decoded.len_utf8() != size_bytes {
                return None;
            }
            out.push(decoded);
            out.push_str(rest);
        } else if !rest.is_empty() {
            return None;
        }
    }
    (missing == 0).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same by the standard library.
    fn decoded(text: &str) -> Option<String> {
        let mut bytes = Vec::new();
        let mut parts = text.split('%');
        bytes.extend_from_slice(parts.next()?.as_bytes());
        for part in parts {
            bytes.push(u8::from_str_radix(part.get(..2)?, 16).ok()?);
            bytes.extend_from_slice(part.get(2..)?.as_bytes());
        }
        String::from_utf8(bytes).ok()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn texts_are_decoded_as_by_the_standard_library(
            bytes in prop::collection::vec(prop_oneof![0_u8..=255, 0xc0_u8..=255, 0x80_u8..0xc0], 0..5),
            text in ".{0,2}",
            rest in "[a%ü0]{0,3}",
        ) {
            let encode = |bytes: &[u8]| -> String {
                bytes.iter().map(|byte| format!("%{byte:02x}")).collect()
            };
            for text in [encode(&bytes), encode(text.as_bytes())] {
                let text = ["a", &text, &rest].concat();
                prop_assert_eq!(percent_decode(&text), decoded(&text), "{}", text);
            }
        }
    }

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
