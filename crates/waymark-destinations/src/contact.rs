//! Personal data as vendors of advertising want it: normalised, then hashed.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::event::{Event, Object, at, text};

/// What is known of a person, as it came.
#[derive(Debug, Default)]
pub(crate) struct Contact {
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) gender: Option<String>,
    pub(crate) birthday: Option<String>,
}

impl Contact {
    /// What the event tells of its person: by traits, otherwise by properties, as orders often
    /// carry the e-mail address of a guest.
    pub(crate) fn of(event: &Event<'_>) -> Self {
        let person = event.person();
        let properties = event.properties();
        let of = |names: &[&str]| first(person, names).or_else(|| first(properties, names));
        let address = |names: &[&str]| {
            let own = at(person, &["address"]).and_then(Value::as_object);
            own.and_then(|address| first(address, names))
                .or_else(|| first(person, names))
        };
        Self {
            email: of(&["email"]),
            phone: of(&["phone"]),
            first_name: first(person, &["firstName", "first_name"]),
            last_name: first(person, &["lastName", "last_name"]),
            city: address(&["city"]),
            state: address(&["state", "region"]),
            postal_code: address(&["postalCode", "postal_code", "zip"]),
            country: address(&["country"]),
            gender: first(person, &["gender"]),
            birthday: first(person, &["birthday"]),
        }
    }
}

fn first(object: &Object, names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| object.get(*name).and_then(text))
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn sha256(text: &str) -> String {
    use std::fmt::Write as _;

    let hash = Sha256::digest(text.as_bytes());
    hash.iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string never fails.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// The hash of what is left after normalising; what is hashed already stays as it is.
pub(crate) fn hashed(value: Option<&String>, normalise: fn(&str) -> String) -> Option<String> {
    let value = value?.trim();
    if is_sha256(value) {
        return Some(value.to_ascii_lowercase());
    }
    let normal = normalise(value);
    (!normal.is_empty()).then(|| sha256(&normal))
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Trimmed and in lower case.
pub(crate) fn lower(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Lower case, letters alone: "New York" is `newyork`.
pub(crate) fn letters(text: &str) -> String {
    let kept = text.chars().filter(|char| char.is_alphabetic());
    kept.collect::<String>().to_lowercase()
}

/// Lower case, without spaces and dashes. Of a ZIP+4 of the United States the first five digits.
pub(crate) fn postal_code(text: &str) -> String {
    let text = text.trim();
    let us = match text.split_once('-') {
        Some((zip, four)) if zip.len() == 5 && four.len() == 4 => zip,
        _ => text,
    };
    let kept = us.chars().filter(|char| char.is_alphanumeric());
    kept.collect::<String>().to_lowercase()
}

/// Digits alone, with the country's code in front and without leading zeros.
pub(crate) fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

/// E.164: a plus sign and digits. What does not begin with a plus sign (or 00) may lack the
/// country's code, so it is nothing.
pub(crate) fn e164(text: &str) -> String {
    let text = text.trim();
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let international = match text.starts_with('+') {
        true => Some(digits.as_str()),
        false => digits.strip_prefix("00"),
    };
    match international {
        Some(digits) if (8..=15).contains(&digits.len()) => format!("+{digits}"),
        _ => String::new(),
    }
}

/// The two letters of ISO 3166-1; a name is nothing.
pub(crate) fn country(text: &str) -> String {
    let code = lower(text);
    if code.len() == 2 { code } else { String::new() }
}

/// `f` or `m`.
pub(crate) fn gender(text: &str) -> String {
    match lower(text).chars().next() {
        Some(first @ ('f' | 'm')) => first.to_string(),
        _ => String::new(),
    }
}

/// `YYYYMMDD` of a date as ISO 8601 has it.
pub(crate) fn birthday(text: &str) -> String {
    let digits: String = text
        .chars()
        .take_while(|char| *char != 'T')
        .filter(char::is_ascii_digit)
        .collect();
    if digits.len() == 8 {
        digits
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_is_hashed_the_same() {
        let email = |text: &str| hashed(Some(&text.to_owned()), lower);
        assert_eq!(email(" Ann@Shop.Example "), email("ann@shop.example"));
        // The example of Meta's documents: john@example.com.
        let known = "855f96e983f1f8e8be944692b6f719fd54329826cb62e98015efee8e2e071dd4";
        assert_eq!(email("john@example.com").as_deref(), Some(known));
        assert_eq!(email(&known.to_uppercase()).as_deref(), Some(known));
        assert_eq!(email("  "), None);
    }

    #[test]
    fn each_kind_has_its_own_normal_form() {
        assert_eq!(letters("New York, N.Y."), "newyorkny");
        assert_eq!(postal_code("94035-1234"), "94035");
        assert_eq!(postal_code("SW1A 1AA"), "sw1a1aa");
        assert_eq!(digits("+44 (0)20 7946"), "440207946");
        assert_eq!(e164("+49 30 123456"), "+4930123456");
        assert_eq!(e164("0049 30 123456"), "+4930123456");
        assert_eq!(e164("030 123456"), "");
        assert_eq!(gender("Female"), "f");
        assert_eq!(country("DE "), "de");
        assert_eq!(country("Germany"), "");
        assert_eq!(birthday("1990-02-16T00:00:00Z"), "19900216");
        assert_eq!(birthday("16.2.90"), "");
    }
}
