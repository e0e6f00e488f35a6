//! What counts as one client: an IPv4 address, or an IPv6 customer's /64 network.

use std::net::{IpAddr, Ipv6Addr};

/// The address by which a client is counted: an IPv6 customer has a whole /64 network.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let network = u128::from(v6) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}
