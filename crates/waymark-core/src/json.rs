//! JSON as text: the page's property bags are passed on as they are, never parsed into a tree.
//!
//! The facade wrote most of it, so it is compact and escapes no more than it must. An object that
//! others may have written is made so by [`own`] first. On what is no JSON the scanner ends early.
//! It never panics and never reads out of bounds.

use crate::limits;
use crate::text::{cut, pieces};

/// The members of an object's text, in order, as raw key (with its quotes) and raw value.
#[derive(Debug, Clone)]
pub struct Members<'a> {
    rest: &'a str,
    /// What stands before the next member.
    before: &'static str,
}

/// Iterates over the top-level members of `object`. Text that is not an object has none.
pub fn members(object: &str) -> Members<'_> {
    Members {
        rest: object,
        before: "{",
    }
}

/// What follows `token`, with white space around it, at the start of `text`.
fn after<'a>(text: &'a str, token: &str) -> Option<&'a str> {
    let rest = text.trim_ascii_start().strip_prefix(token)?;
    Some(rest.trim_ascii_start())
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = after(self.rest, self.before)?;
        if !rest.starts_with("\"") {
            return None;
        }
        let (key, rest) = rest.split_at_checked(value_len(rest))?;
        let rest = after(rest, ":")?;
        let (value, rest) = rest.split_at_checked(value_len(rest))?;
        self.rest = rest;
        self.before = ",";
        Some((key, value.trim_ascii_end()))
    }
}

/// The length in bytes of the value at the start of `text`.
fn value_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut quoted) = (0, 0_u32, false);
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quoted => at += 1,
            b'"' => {
                quoted = !quoted;
                if !quoted && depth == 0 {
                    return at + 1;
                }
            }
            _ if quoted => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' | b',' | b':' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The raw value of the member `key` (as the facade writes it, without quotes); of several, the
/// last, as `JSON.parse` has it.
pub fn get<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    let named = members(object).filter(|(raw, _)| bare(raw) == key);
    named.last().map(|(_, value)| value)
}

/// An object with its keys as the facade writes them, and no white space around its members.
/// `None` if the text is no object, or an empty one. What is inside the values stays as it is.
pub fn own(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut object = ObjectWriter::new(&mut out);
    let mut given = members(text);
    for (key, value) in given.by_ref() {
        object.any_key(&string_value(key)?).push_str(value);
    }
    object.end();
    (after(given.rest, "}") == Some("")).then_some(out)
}

/// A raw key without its quotes.
pub fn bare(raw_key: &str) -> &str {
    raw_key
        .strip_prefix("\"")
        .and_then(|key| key.strip_suffix("\""))
        .unwrap_or(raw_key)
}

/// Whether a raw value is what JavaScript calls truthy.
pub fn is_truthy(raw: &str) -> bool {
    !matches!(raw, "" | "null" | "false" | "0" | "-0" | "\"\"")
}

/// Writes one object, member by member, to the end of a buffer.
#[derive(Debug)]
pub struct ObjectWriter<'o> {
    out: &'o mut String,
    empty: bool,
}

impl<'o> ObjectWriter<'o> {
    /// Opens an object at the end of `out`.
    pub fn new(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, empty: true }
    }

    /// Writes the comma before any member but the first.
    fn next(&mut self) {
        if !self.empty {
            self.out.push(',');
        }
        self.empty = false;
    }

    /// Writes the key and returns the buffer, to which the caller writes one value.
    pub fn key(&mut self, key: &str) -> &mut String {
        self.next();
        self.out.push('"');
        self.out.push_str(key);
        self.out.push_str("\":");
        self.out
    }

    /// Writes any text as [`ObjectWriter::key`] writes one that has nothing to escape.
    pub fn any_key(&mut self, key: &str) -> &mut String {
        self.next();
        write_string(self.out, key);
        self.out.push(':');
        self.out
    }

    /// Writes a member whose value is already JSON.
    pub fn raw(&mut self, key: &str, value: &str) -> &mut Self {
        self.key(key).push_str(value);
        self
    }

    /// Writes a member whose value is a string.
    pub fn string(&mut self, key: &str, value: &str) -> &mut Self {
        write_string(self.key(key), value);
        self
    }

    /// Writes a string, or `null`.
    pub fn nullable(&mut self, key: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.string(key, value),
            None => self.raw(key, "null"),
        }
    }

    /// Closes the object.
    pub fn end(&mut self) {
        self.out.push('}');
    }
}

/// Writes `value` with quotes and escapes, as `JSON.stringify` does.
pub fn write_string(out: &mut String, value: &str) {
    out.push('"');
    let mut start = 0;
    for (at, byte) in value.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(value.get(start..at).unwrap_or(""));
        start = at + 1;
        out.push('\\');
        match byte {
            b'"' | b'\\' => out.push(char::from(byte)),
            0x08 => out.push('b'),
            0x0c => out.push('f'),
            b'\n' => out.push('n'),
            b'\r' => out.push('r'),
            b'\t' => out.push('t'),
            _ => {
                out.push_str("u00");
                out.push(hex_digit(byte >> 4));
                out.push(hex_digit(byte & 15));
            }
        }
    }
    out.push_str(value.get(start..).unwrap_or(""));
    out.push('"');
}

/// The lower-case hexadecimal digit of a number below 16.
fn hex_digit(value: u8) -> char {
    char::from(if value < 10 {
        b'0' + value
    } else {
        b'a' + value - 10
    })
}

/// The number that hexadecimal digits stand for; `None` if there is any other character.
pub fn hex_value(digits: &str) -> Option<u32> {
    let mut value = 0;
    for byte in digits.bytes() {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            _ => return None,
        };
        value = value << 4 | u32::from(digit);
    }
    Some(value)
}

/// The text of a raw JSON string; `None` for any other value. A lone surrogate becomes U+FFFD.
pub fn string_value(raw: &str) -> Option<String> {
    let inner = raw.strip_prefix("\"")?.strip_suffix("\"")?;
    let mut out = String::with_capacity(inner.len());
    let mut parts = pieces(inner, b'\\');
    out.push_str(parts.next()?);
    let mut high = None;
    while let Some(part) = parts.next() {
        let Some(escaped) = part.bytes().next() else {
            out.push('\\');
            out.push_str(parts.next().unwrap_or(""));
            high = None;
            continue;
        };
        let (size, unit) = match escaped {
            b'u' => (5, part.get(1..5).and_then(hex_value).unwrap_or(0xfffd)),
            b'b' => (1, 8),
            b'f' => (1, 12),
            b'n' => (1, 10),
            b'r' => (1, 13),
            b't' => (1, 9),
            other => (1, u32::from(other)),
        };
        push_unit(&mut out, &mut high, unit);
        let rest = part.get(size..).unwrap_or("");
        out.push_str(rest);
        if !rest.is_empty() {
            high = None;
        }
    }
    Some(out)
}

/// Appends a UTF-16 unit. A low surrogate joins the high one just before it.
fn push_unit(out: &mut String, high: &mut Option<u32>, unit: u32) {
    let pair = high.take().and_then(|high| {
        (0xdc00..0xe000)
            .contains(&unit)
            .then(|| 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00))
    });
    if let Some(joined) = pair.and_then(char::from_u32) {
        out.pop();
        out.push(joined);
        return;
    }
    if (0xd800..0xdc00).contains(&unit) {
        *high = Some(unit);
    }
    out.push(char::from_u32(unit).unwrap_or('\u{fffd}'));
}

/// `{...base, ...over}`: members of `over` replace those of `base` in place; new ones follow.
pub fn merge(base: &str, over: &str) -> String {
    if base == "{}" {
        return if over.is_empty() {
            "{}".into()
        } else {
            over.into()
        };
    }
    let mut out = String::with_capacity(base.len() + over.len());
    let mut object = ObjectWriter::new(&mut out);
    for (key, value) in members(base) {
        let key = bare(key);
        object.raw(key, get(over, key).unwrap_or(value));
    }
    for (key, value) in members(over) {
        if get(base, bare(key)).is_none() {
            object.raw(bare(key), value);
        }
    }
    object.end();
    out
}

/// Sets a member by path: each dot goes one object deeper, as `dset` does (contract, §c.3). A path
/// deeper than any API takes sets nothing.
pub fn set_path(object: &str, path: &str, value: &str) -> String {
    if path.bytes().filter(|byte| *byte == b'.').count() > limits::PATH_DOTS_MAX {
        return object.into();
    }
    let (key, rest) = cut(path, b'.').unwrap_or((path, ""));
    let nested;
    let value = if rest.is_empty() {
        value
    } else {
        nested = set_path(get(object, key).unwrap_or("{}"), rest, value);
        &nested
    };
    let mut member = String::new();
    ObjectWriter::new(&mut member).raw(key, value).end();
    merge(
        if object.starts_with("{") {
            object
        } else {
            "{}"
        },
        &member,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    #[test]
    fn a_path_that_no_api_takes_sets_nothing_and_costs_no_stack() {
        let path = |dots| ["a"; 1].repeat(dots + 1).join(".");
        let deep = set_path("{}", &path(limits::PATH_DOTS_MAX), "1");
        assert_eq!(deep.matches("{\"a\":").count(), limits::PATH_DOTS_MAX + 1);
        let deeper = path(limits::PATH_DOTS_MAX + 1);
        assert_eq!(set_path("{\"b\":1}", &deeper, "1"), "{\"b\":1}");
        assert_eq!(set_path("{}", &path(1_000_000), "1"), "{}");
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                object_of(inner).prop_map(Value::Object),
            ]
        })
    }

    fn object_of(
        value: impl Strategy<Value = Value>,
    ) -> impl Strategy<Value = serde_json::Map<String, Value>> {
        prop::collection::vec((".{0,6}", value), 0..5).prop_map(|pairs| pairs.into_iter().collect())
    }

    /// An object's text as no facade would write it: members twice, white space, and every
    /// character of a key escaped, by turns as `turns` says.
    fn strange_text(members: &[(String, Value)], turns: &[u8]) -> String {
        let mut turns = turns.iter().cycle().copied();
        let mut space = || [" ", "", "\t\r\n", "  "][usize::from(turns.next().unwrap() % 4)];
        let twice = members.iter().map(|(key, _)| (key, &Value::Null));
        let mut text = format!("{}{{", space());
        for (at, (key, value)) in twice.chain(members.iter().map(|(k, v)| (k, v))).enumerate() {
            text += if at > 0 { "," } else { "" };
            let escaped: String = key.encode_utf16().map(|u| format!("\\u{u:04X}")).collect();
            let key = if space().is_empty() {
                serde_json::to_string(key).unwrap()
            } else {
                format!("\"{escaped}\"")
            };
            let value = if space().is_empty() {
                value.to_string()
            } else {
                serde_json::to_string_pretty(value).unwrap()
            };
            for part in [&key, ":", &value] {
                text += space();
                text += part;
            }
            text += space();
        }
        text + "}" + space()
    }

    proptest! {
        #[test]
        fn members_are_those_of_a_real_parser(map in object_of(any_json())) {
            let text = serde_json::to_string(&map).unwrap();
            let seen: serde_json::Map<String, Value> = members(&text)
                .map(|(k, v)| (serde_json::from_str(k).unwrap(), serde_json::from_str(v).unwrap()))
                .collect();
            prop_assert_eq!(seen, map);
        }

        #[test]
        fn an_object_of_others_is_read_as_a_real_parser_reads_it(
            map in object_of(any_json()),
            turns in prop::collection::vec(any::<u8>(), 1..9),
        ) {
            let pairs: Vec<_> = map.clone().into_iter().collect();
            let strange = strange_text(&pairs, &turns);
            let real: Value = serde_json::from_str(&strange).unwrap();
            prop_assert_eq!(&real, &Value::Object(map.clone()));
            let Some(text) = own(&strange) else {
                prop_assert!(map.is_empty());
                return Ok(());
            };
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), real);
            for (key, value) in &map {
                let key = serde_json::to_string(key).unwrap();
                let read = get(&text, bare(&key)).unwrap();
                prop_assert_eq!(&serde_json::from_str::<Value>(read).unwrap(), value);
            }
            let merged = merge(&text, "{\"a\":7}");
            let merged: Value = serde_json::from_str(&merged).unwrap();
            prop_assert_eq!(&merged["a"], 7);
        }

        #[test]
        fn merge_is_object_spread(a in object_of(any_json()), b in object_of(any_json())) {
            let text = |value| serde_json::to_string(value).unwrap();
            let merged = merge(&text(&a), &text(&b));
            let mut expected = a;
            expected.extend(b);
            let merged: Value = serde_json::from_str(&merged).unwrap();
            prop_assert_eq!(merged, Value::Object(expected));
        }

        #[test]
        fn strings_survive_writing_and_reading(text in any::<String>()) {
            let mut raw = String::new();
            write_string(&mut raw, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&raw).unwrap(), text.clone());
            prop_assert_eq!(string_value(&raw).unwrap(), text);
        }

        #[test]
        fn any_text_is_scanned_without_failing(text in any::<String>()) {
            members(&text).for_each(drop);
            let _ = own(&text);
            let _ = string_value(&text);
        }
    }

    #[test]
    fn escaped_strings_are_read_as_javascript_wrote_them() {
        assert_eq!(string_value(r#""a\\b\"c""#).as_deref(), Some("a\\b\"c"));
        assert_eq!(string_value(r#""\\\\n""#).as_deref(), Some("\\\\n"));
        assert_eq!(string_value(r#""\ud83d\ude00!""#).as_deref(), Some("😀!"));
        assert_eq!(
            string_value(r#""x\ud83d y""#).as_deref(),
            Some("x\u{fffd} y")
        );
        assert_eq!(
            string_value(r#""\ud83d\\\ude00""#).as_deref(),
            Some("\u{fffd}\\\u{fffd}")
        );
        assert_eq!(string_value("12"), None);
    }

    #[test]
    fn dotted_paths_open_nested_objects() {
        assert_eq!(set_path("{}", "a.b.c", "1"), r#"{"a":{"b":{"c":1}}}"#);
        assert_eq!(
            set_path(r#"{"a":{"x":0}}"#, "a.b", "1"),
            r#"{"a":{"x":0,"b":1}}"#
        );
        assert_eq!(set_path(r#"{"a":5}"#, "a.b", "1"), r#"{"a":{"b":1}}"#);
    }
}
