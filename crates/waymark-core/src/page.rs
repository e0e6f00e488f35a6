//! The page an event happened on, from what the browser says of it (contract §c.3).

use crate::json::{self, ObjectWriter};

/// What the browser says of the page; every field is as the DOM gives it.
#[derive(Debug, Clone, Default)]
pub struct PageFacts {
    /// `location.href`.
    pub href: String,
    /// `location.pathname`.
    pub pathname: String,
    /// `location.search`, with its question mark.
    pub search: String,
    /// `document.title`.
    pub title: String,
    /// `document.referrer`.
    pub referrer: String,
    /// The `href` attribute of `<link rel=canonical>`, or nothing.
    pub canonical: String,
    /// The path name of the canonical address, where that is an absolute URL.
    pub canonical_pathname: String,
}

/// The members of `context.page`, as raw JSON, in the order of the wire.
pub const PAGE_KEYS: [&str; 5] = ["path", "referrer", "search", "title", "url"];

/// `context.page` as JSON text.
pub fn page_context(facts: &PageFacts) -> String {
    let mut out = String::with_capacity(2 * facts.href.len() + 128);
    let mut page = ObjectWriter::new(&mut out);
    let (path, url) = address(facts);
    page.string("path", &path)
        .string("referrer", &facts.referrer)
        .string("search", &facts.search)
        .string("title", &facts.title)
        .string("url", &url)
        .end();
    out
}

/// Path and URL: those of the canonical link where there is one, else without the hash.
fn address(facts: &PageFacts) -> (String, String) {
    let canonical = facts.canonical.as_str();
    if canonical.is_empty() {
        let url = facts.href.split('#').next().unwrap_or("");
        return (facts.pathname.clone(), url.into());
    }
    let path = if !facts.canonical_pathname.is_empty() {
        facts.canonical_pathname.clone()
    } else if canonical.starts_with('/') {
        canonical.into()
    } else {
        ["/", canonical].concat()
    };
    let url = if canonical.contains('?') {
        canonical.into()
    } else {
        [canonical, &facts.search].concat()
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

    fn facts(canonical: &str, canonical_pathname: &str) -> PageFacts {
        PageFacts {
            href: "https://shop.example/a/b?q=1#top".into(),
            pathname: "/a/b".into(),
            search: "?q=1".into(),
            canonical: canonical.into(),
            canonical_pathname: canonical_pathname.into(),
            ..PageFacts::default()
        }
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
    fn a_relative_canonical_link_is_taken_as_it_stands() {
        let (path, url) = address(&facts("rel/z?c=2", ""));
        assert_eq!((path.as_str(), url.as_str()), ("/rel/z?c=2", "rel/z?c=2"));
    }
}
