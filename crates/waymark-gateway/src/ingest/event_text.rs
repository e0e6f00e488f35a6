//! Measures the nesting of an event's text, and mends its unpaired surrogates.

use std::borrow::Cow;

/// How deep the arrays and objects of a valid JSON text nest.
pub(super) fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn skip_string(bytes: &mut std::str::Bytes<'_>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => {
                bytes.next();
            }
            b'"' => return,
            _ => {}
        }
    }
}

/// The text with every escape of an unpaired surrogate replaced by `\ufffd`. `JSON.stringify`
/// writes them for a cut emoji, and strict readers refuse them.
pub(crate) fn mend_surrogates(json: &str) -> Cow<'_, str> {
    if !json.contains("\\ud") && !json.contains("\\uD") {
        return Cow::Borrowed(json);
    }
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match escaped_unit(rest) {
            Some(0xD800..=0xDBFF) => match escaped_unit(rest.get(6..).unwrap_or("")) {
                Some(0xDC00..=0xDFFF) => Ok(12),
                _ => Err(6),
            },
            Some(0xDC00..=0xDFFF) => Err(6),
            Some(_) => Ok(6),
            None => Ok(rest
                .char_indices()
                .nth(2)
                .map_or(rest.len(), |(end, _)| end)),
        };
        let length = match taken {
            Ok(length) => {
                mended.push_str(&rest[..length]);
                length
            }
            Err(length) => {
                mended.push_str("\\ufffd");
                length
            }
        };
        rest = &rest[length..];
    }
    mended.push_str(rest);
    Cow::Owned(mended)
}

/// The UTF-16 unit of a `\uXXXX` at the start of `text`.
fn escaped_unit(text: &str) -> Option<u16> {
    let hex = text.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(hex, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_unpaired_surrogates_are_replaced() {
        for (given, expected) in [
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\uDE00\uD83D x""#, r#""\ufffd\ufffd x""#),
            (
                r#""\\ud83d \u00e9 \ud83d\n""#,
                r#""\\ud83d \u00e9 \ufffd\n""#,
            ),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
        ] {
            assert_eq!(mend_surrogates(given), expected);
        }
    }

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert_eq!(depth(r#"{"a":[1,{"b":"[[[\"{"}],"c":{}}"#), 3);
    }

    proptest! {
        #[test]
        fn strict_readers_take_a_mended_string(
            units in prop::collection::vec(any::<u16>(), 0..20)
        ) {
            let escapes: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let json = format!("\"{escapes}\"");
            let read: String = serde_json::from_str(&mend_surrogates(&json)).unwrap();
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }
    }
}
