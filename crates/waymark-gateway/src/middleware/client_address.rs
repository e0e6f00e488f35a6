//! The client address: that of the connection, or the one that a trusted proxy names.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap};
use ipnet::IpNet;

/// The client address. The proxies' addresses are read from the latest one as long as they are
/// those of trusted proxies: the first other one is the client.
pub(crate) fn client_address(
    extensions: &Extensions,
    headers: &HeaderMap,
    trusted: &[IpNet],
) -> IpAddr {
    let connected = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |info| {
            info.0.ip().to_canonical()
        });
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(&connected) {
        return connected;
    }
    let mut client = connected;
    for entry in forwarded_addresses(headers) {
        let Some(address) = entry else {
            return client;
        };
        client = address.to_canonical();
        if !is_trusted(&client) {
            return client;
        }
    }
    client
}

/// The addresses that proxies have added, the latest first; `None` for an unreadable one. Those
/// of `X-Forwarded-For` if there are any, otherwise those of `Forwarded` (RFC 7239).
fn forwarded_addresses(headers: &HeaderMap) -> impl Iterator<Item = Option<IpAddr>> {
    let is_common = headers.contains_key(X_FORWARDED_FOR);
    let name = if is_common {
        X_FORWARDED_FOR
    } else {
        "forwarded"
    };
    let values = headers.get_all(name).iter().rev();
    let entries = values.flat_map(|value| value.to_str().unwrap_or_default().rsplit(','));
    entries.map(move |entry| {
        let node = if is_common { entry } else { for_of(entry)? };
        address_of(node)
    })
}

/// The `for` parameter of an element of `Forwarded`.
fn for_of(element: &str) -> Option<&str> {
    element.split(';').find_map(|pair| {
        let (name, node) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then_some(node)
    })
}

/// An address, which may be quoted, in brackets, and have a port.
fn address_of(node: &str) -> Option<IpAddr> {
    let node = node.trim().trim_matches('"');
    let address = match node.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => match node.split_once(':') {
            // With more than one colon it is IPv6.
            Some((v4, port)) if !port.contains(':') => v4,
            _ => node,
        },
    };
    address.parse().ok()
}

const X_FORWARDED_FOR: &str = "x-forwarded-for";

#[cfg(test)]
mod tests {
    use super::*;

    fn client(connected: &str, forwarded: &str) -> String {
        client_by("x-forwarded-for", connected, forwarded)
    }

    fn client_by(header: &'static str, connected: &str, forwarded: &str) -> String {
        let mut extensions = Extensions::new();
        let connected: IpAddr = connected.parse().expect("an address");
        extensions.insert(ConnectInfo(SocketAddr::new(connected, 1)));
        let mut headers = HeaderMap::new();
        headers.insert(header, forwarded.parse().expect("a header"));
        let trusted = ["10.0.0.0/8".parse().expect("a network")];
        client_address(&extensions, &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client("192.0.2.1", "198.51.100.7"), "192.0.2.1");
        assert_eq!(client("10.0.0.1", "198.51.100.7"), "198.51.100.7");
        assert_eq!(
            client("10.0.0.1", "1.2.3.4, 198.51.100.7, 10.9.9.9"),
            "198.51.100.7"
        );
        assert_eq!(client("::ffff:10.0.0.1", "nonsense"), "10.0.0.1");
    }

    #[test]
    fn ports_brackets_and_quotes_are_understood() {
        for (forwarded, expected) in [
            ("1.2.3.4:51234", "1.2.3.4"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("\"1.2.3.4\"", "1.2.3.4"),
            ("1.2.3.4:80, 10.9.9.9:443", "1.2.3.4"),
            ("1.2.3.4, unknown", "10.0.0.1"),
            ("", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", forwarded), expected, "{forwarded}");
        }
    }

    #[test]
    fn the_forwarded_header_is_understood() {
        for (forwarded, expected) in [
            ("for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60"),
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("proto=https; for=1.2.3.4:80, for=10.9.9.9", "1.2.3.4"),
            ("for=9.9.9.9, for=1.2.3.4", "1.2.3.4"),
            ("for=_hidden", "10.0.0.1"),
            ("proto=https", "10.0.0.1"),
        ] {
            let client = client_by("forwarded", "10.0.0.1", forwarded);
            assert_eq!(client, expected, "{forwarded}");
        }
        let ignored = client_by("forwarded", "192.0.2.1", "for=1.2.3.4");
        assert_eq!(ignored, "192.0.2.1");
    }
}
