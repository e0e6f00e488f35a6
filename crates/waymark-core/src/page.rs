//! The page of an event, from the browser's facts (contract, §c.3).

use crate::json::{self, ObjectWriter};
use crate::text::{cut, pieces};

/// Separates the facts of a page, which cross into the core as one text.
const SEPARATOR: u8 = 0;

/// The browser's facts about the page. Each field is as the DOM gives it, or empty if absent.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageFacts<'a> {
    /// `location.href`.
    pub href: &'a str,
    /// `location.pathname`.
    pub pathname: &'a str,
    /// `location.search`, with its question mark.
    pub search: &'a str,
    /// `document.title`.
    pub title: &'a str,
    /// `document.referrer`.
    pub referrer: &'a str,
    /// The `href` attribute of `<link rel=canonical>`.
    pub canonical: &'a str,
    /// The path of the canonical address, if that is an absolute URL.
    pub canonical_pathname: &'a str,
    /// `context.consent` at the time of the page's calls, an object as JSON text.
    pub consent: &'a str,
    /// The `integrations` that this consent refuses, an object as JSON text.
    pub refused: &'a str,
}

impl<'a> PageFacts<'a> {
    /// Reads the fields, in order, separated by NUL. Fields missing at the end are empty.
    pub fn parse(text: &'a str) -> Self {
        let mut fields = pieces(text, SEPARATOR);
        let mut next = || fields.next().unwrap_or_default();
        Self {
            href: next(),
            pathname: next(),
            search: next(),
            title: next(),
            referrer: next(),
            canonical: next(),
            canonical_pathname: next(),
            consent: next(),
            refused: next(),
        }
    }
}

/// The members of `context.page`, as raw JSON, in the order of the wire.
pub const PAGE_KEYS: [&str; 5] = ["path", "referrer", "search", "title", "url"];

/// `context.page` as JSON text.
pub fn page_context(facts: &PageFacts<'_>) -> String {
    let mut out = String::with_capacity(2 * facts.href.len() + 128);
    let mut page = ObjectWriter::new(&mut out);
    let (path, url) = address(facts);
    page.string("path", &path)
        .string("referrer", facts.referrer)
        .string("search", facts.search)
        .string("title", facts.title)
        .string("url", &url)
        .end();
    out
}

/// Path and URL of the canonical link; without one, the page's own, without the hash.
fn address(facts: &PageFacts<'_>) -> (String, String) {
    let canonical = facts.canonical;
    if canonical.is_empty() {
        let url = cut(facts.href, b'#').map_or(facts.href, |(url, _)| url);
        return (facts.pathname.into(), url.into());
    }
    let path = if !facts.canonical_pathname.is_empty() {
        facts.canonical_pathname.into()
    } else if canonical.starts_with("/") {
        canonical.into()
    } else {
        ["/", canonical].concat()
    };
    let url = if cut(canonical, b'?').is_some() {
        canonical.into()
    } else {
        [canonical, facts.search].concat()
    };
    (path, url)
}

/// The members of `source` that describe a page, as an object (`page({ url, title })`).
pub fn page_members(source: &str) -> String {
    let mut out = String::new();
    let mut page = ObjectWriter::new(&mut out);
    for key in PAGE_KEYS {
        if let Some(value) = json::get(source, key) {
            page.raw(key, value);
        }
    }
    page.end();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts<'a>(canonical: &'a str, canonical_pathname: &'a str) -> PageFacts<'a> {
        PageFacts {
            href: "https://shop.example/a/b?q=1#top",
            pathname: "/a/b",
            search: "?q=1",
            canonical,
            canonical_pathname,
            ..PageFacts::default()
        }
    }

    #[test]
    fn the_texts_of_a_page_are_read_in_their_order() {
        let facts = PageFacts::parse("h\0p\0s\0t\0r\0c\0cp\0{}\0{1}");
        assert_eq!((facts.href, facts.canonical_pathname), ("h", "cp"));
        assert_eq!((facts.consent, facts.refused), ("{}", "{1}"));
        assert_eq!(PageFacts::parse("h\0p").title, "");
    }

    #[test]
    fn the_hash_is_not_part_of_the_url() {
        let (path, url) = address(&facts("", ""));
        assert_eq!(
            (path.as_str(), url.as_str()),
            ("/a/b", "https://shop.example/a/b?q=1")
        );
    }

    #[test]
    fn a_canonical_link_wins_and_keeps_the_search() {
        let (path, url) = address(&facts("https://shop.example/c", "/c"));
        assert_eq!(
            (path.as_str(), url.as_str()),
            ("/c", "https://shop.example/c?q=1")
        );
    }

    #[test]
    fn a_relative_canonical_link_is_taken_unchanged() {
        let (path, url) = address(&facts("rel/z?c=2", ""));
        assert_eq!((path.as_str(), url.as_str()), ("/rel/z?c=2", "rel/z?c=2"));
    }
}
