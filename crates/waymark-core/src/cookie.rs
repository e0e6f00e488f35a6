//! Cookies as `@segment/analytics-next` writes and reads them (contract, §b.2).

use crate::campaign::percent_decode;
use crate::json;
use crate::text::{cut, pieces};
use crate::time::push_padded;

/// Bytes that a cookie holds unencoded: those that `encodeURIComponent` leaves, and those that
/// js-cookie decodes again.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()#$&+/:<=>?@[]^`{|}".contains(&byte)
}

/// A cookie's value, percent-encoded.
pub fn encode(value: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        if is_plain(byte) {
            out.push(char::from(byte));
            continue;
        }
        out.push('%');
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from(
                HEX.get(usize::from(digit)).copied().unwrap_or(b'0'),
            ));
        }
    }
    out
}

/// The raw text of the cookie `name` in the text of `document.cookie`.
pub fn raw<'a>(cookies: &'a str, name: &str) -> Option<&'a str> {
    pieces(cookies, b';')
        .filter_map(|pair| cut(pair.trim_ascii_start(), b'='))
        .find(|(key, _)| *key == name)
        .map(|(_, text)| text)
}

/// The value of the cookie `name` in the text of `document.cookie`. Ids stay exactly as they were
/// written; only a quoted string (as AJS 1 wrote it) loses its quotes.
pub fn find(cookies: &str, name: &str) -> Option<String> {
    let raw = raw(cookies, name)?;
    let raw = raw
        .strip_prefix("\"")
        .and_then(|inner| inner.strip_suffix("\""))
        .unwrap_or(raw);
    let value = percent_decode(raw).unwrap_or_else(|| raw.into());
    let value = json::string_value(&value).unwrap_or(value);
    Some(value).filter(|value| !value.is_empty())
}

/// Attributes of the cookies, from the `cookie` option (contract, §a.4).
#[derive(Debug, Clone, Default)]
pub struct CookieAttributes {
    /// The path, `/` by default.
    pub path: String,
    /// Seconds until the cookie expires.
    pub max_age_s: u32,
    /// `Lax` by default.
    pub same_site: String,
    /// Sent over https only.
    pub secure: bool,
}

/// The text to assign to `document.cookie`; a `None` value removes the cookie. Without a `domain`
/// it is the host's alone.
pub fn assignment(
    name: &str,
    value: Option<&str>,
    domain: &str,
    attributes: &CookieAttributes,
) -> String {
    let mut out = String::with_capacity(128);
    out.push_str(name);
    out.push('=');
    out.push_str(&value.map(encode).unwrap_or_default());
    out.push_str("; path=");
    out.push_str(&attributes.path);
    out.push_str("; max-age=");
    if value.is_some() {
        push_seconds(&mut out, attributes.max_age_s);
    } else {
        out.push('0');
    }
    if !attributes.same_site.is_empty() {
        out.push_str("; sameSite=");
        out.push_str(&attributes.same_site);
    }
    if !domain.is_empty() {
        out.push_str("; domain=");
        out.push_str(domain);
    }
    if attributes.secure {
        out.push_str("; secure");
    }
    out
}

fn push_seconds(out: &mut String, seconds: u32) {
    push_padded(out, seconds, seconds.checked_ilog10().unwrap_or(0) + 1);
}

/// The domains to try for a cookie that all subdomains share, shortest first: the last two
/// labels of the host, then the last three, and so on (`tld()` of analytics-next). A host of one
/// label or an IPv4 address has none.
pub fn domain_candidates(host: &str) -> impl Iterator<Item = &str> {
    let after_dot = |(at, byte): (usize, u8)| (byte == b'.').then_some(at + 1);
    let bytes = host.bytes().enumerate();
    let labels: Vec<usize> = bytes.rev().filter_map(after_dot).chain([0]).collect();
    let last = labels.first().and_then(|at| host.get(*at..)).unwrap_or("");
    let single = last.bytes().all(|byte| byte.is_ascii_digit()) || cut(host, b':').is_some();
    let starts = labels.into_iter().skip(if single { usize::MAX } else { 1 });
    starts.filter_map(move |start| host.get(start..))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_encoded_as_by_segment_s_client() {
        assert_eq!(
            encode("u ü;,=\"x\"&:/@+%"),
            "u%20%C3%BC%3B%2C=%22x%22&:/@+%25"
        );
    }

    #[test]
    fn ids_that_look_like_json_stay_text() {
        for id in ["true", "1e3", "12345678901234567890", "null", "{\"a\":1}"] {
            let cookies = ["a=b; ajs_user_id=", &encode(id), "; c=d"].concat();
            assert_eq!(find(&cookies, "ajs_user_id").as_deref(), Some(id));
        }
        assert_eq!(
            find("ajs_user_id=%22X%22", "ajs_user_id").as_deref(),
            Some("X")
        );
        assert_eq!(find("ajs_user_id=", "ajs_user_id"), None);
        assert_eq!(find("my_ajs_user_id=1", "ajs_user_id"), None);
    }

    #[test]
    fn the_shortest_domain_is_tried_first() {
        let of = |host| domain_candidates(host).collect::<Vec<_>>();
        assert_eq!(
            of("a.b.shop.co.uk"),
            ["co.uk", "shop.co.uk", "b.shop.co.uk", "a.b.shop.co.uk"]
        );
        assert_eq!(of("example.com"), ["example.com"]);
        assert!(of("localhost").is_empty());
        assert!(of("127.0.0.1").is_empty());
        assert!(of("[::1]").is_empty());
    }

    proptest! {
        #[test]
        fn any_value_is_read_back_as_written(value in "[^\"][^\\x00]{0,40}") {
            let cookies = ["x=1; id=", &encode(&value)].concat();
            prop_assert_eq!(find(&cookies, "id"), Some(value));
        }
    }
}
