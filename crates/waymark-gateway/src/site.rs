//! Whether two hosts are one site: the same registrable domain by the Public Suffix List, which
//! is what browsers let share a cookie.

use std::net::IpAddr;

/// The site that two hosts share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Site {
    /// A registrable domain, which a cookie may name.
    Domain(String),
    /// A host outside any registrable domain (an address, `localhost`, a public suffix): its
    /// cookies are its own.
    Host,
}

/// The site of both hosts, or `None` when they are of different sites. Hosts are given as in
/// `Host` and `Origin`, where they may have a port.
pub(crate) fn shared_site(one: &str, other: &str) -> Option<Site> {
    let (one, other) = (host_name(one)?, host_name(other)?);
    match (registrable(&one), registrable(&other)) {
        (Some(domain), Some(same)) if domain == same => Some(Site::Domain(domain.to_owned())),
        (None, None) if one == other => Some(Site::Host),
        _ => None,
    }
}

/// The host of an origin such as `https://shop.example:8443`.
pub(crate) fn host_of_origin(origin: &str) -> Option<&str> {
    let (scheme, host) = origin.split_once("://")?;
    matches!(scheme, "http" | "https").then_some(host)
}

/// The name without its port, in lower case.
fn host_name(host: &str) -> Option<String> {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.[:]".contains(&byte);
    (!name.is_empty() && name.bytes().all(valid)).then(|| name.to_ascii_lowercase())
}

fn registrable(name: &str) -> Option<&str> {
    let is_address = name.starts_with('[') || name.parse::<IpAddr>().is_ok();
    if is_address {
        return None;
    }
    psl::domain_str(name)
}

#[cfg(test)]
mod tests {
    use super::{Site, host_of_origin, shared_site};

    fn domain(name: &str) -> Option<Site> {
        Some(Site::Domain(name.to_owned()))
    }

    #[test]
    fn hosts_of_one_registrable_domain_are_one_site() {
        let shared = shared_site("shop.example.com", "collect.EXAMPLE.com:8443");
        assert_eq!(shared, domain("example.com"));
        assert_eq!(
            shared_site("a.shop.co.uk", "shop.co.uk"),
            domain("shop.co.uk")
        );
        assert_eq!(
            shared_site("me.github.io", "x.me.github.io"),
            domain("me.github.io")
        );
    }

    #[test]
    fn hosts_under_a_public_suffix_are_different_sites() {
        for (one, other) in [
            ("a.github.io", "b.github.io"),
            ("github.io", "a.github.io"),
            ("a.co.uk", "b.co.uk"),
            ("example.com", "example.org"),
            ("example.com", "example.com.evil.net"),
        ] {
            assert_eq!(shared_site(one, other), None, "{one} and {other}");
        }
    }

    #[test]
    fn a_host_without_a_registrable_domain_is_a_site_of_its_own() {
        for host in ["localhost", "127.0.0.1", "[::1]", "github.io"] {
            let with_port = format!("{host}:8080");
            assert_eq!(shared_site(host, &with_port), Some(Site::Host), "{host}");
        }
        assert_eq!(shared_site("127.0.0.1", "10.0.0.1"), None);
        assert_eq!(shared_site("", ""), None);
        assert_eq!(shared_site("a b.com", "a b.com"), None);
    }

    #[test]
    fn only_the_origins_of_web_pages_have_a_host() {
        assert_eq!(
            host_of_origin("https://a.example:8443"),
            Some("a.example:8443")
        );
        assert_eq!(host_of_origin("null"), None);
        assert_eq!(host_of_origin("chrome-extension://abc"), None);
    }
}
