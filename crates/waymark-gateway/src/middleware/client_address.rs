//! The client address: that of the connection, or the one that a trusted proxy names.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap};
use ipnet::IpNet;

/// The client address. `X-Forwarded-For` is read from its end as long as the addresses are those
/// of trusted proxies: the first other one is the client.
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
    for value in headers.get_all("x-forwarded-for").iter().rev() {
        for entry in value.to_str().unwrap_or_default().rsplit(',') {
            let Ok(address) = entry.trim().parse::<IpAddr>() else {
                return client;
            };
            client = address.to_canonical();
            if !is_trusted(&client) {
                return client;
            }
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(connected: &str, forwarded: &str) -> String {
        let mut extensions = Extensions::new();
        let connected: IpAddr = connected.parse().expect("an address");
        extensions.insert(ConnectInfo(SocketAddr::new(connected, 1)));
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().expect("a header"));
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
}
