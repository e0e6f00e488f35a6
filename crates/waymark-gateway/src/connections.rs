//! The open connections of a listener: how many there may be, and which gives way to a new one.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ipnet::IpNet;
use tokio::sync::Notify;

use crate::network::network_of;

/// All connections of a listener, bounded in number and by address. A new one beyond a bound takes
/// the place of the one that has been idle for longest; if all are at work, it is refused.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all_max: usize,
    per_address_max: usize,
    trusted_proxies: Vec<IpNet>,
    n_all: usize,
    by_address: HashMap<IpAddr, OfAddress>,
    /// The connections that serve no request, the one that has been idle for longest first.
    idle: BTreeMap<u64, Idle>,
    last_number: u64,
}

#[derive(Debug, Default)]
struct OfAddress {
    n_open: usize,
    /// The numbers of its idle connections.
    idle: BTreeSet<u64>,
}

#[derive(Debug)]
struct Idle {
    address: Option<IpAddr>,
    ended: Arc<Notify>,
}

/// An open connection; dropping it frees its place.
#[derive(Debug)]
pub(crate) struct Connection {
    connections: Arc<Connections>,
    /// `None` for a trusted proxy, which connects for many clients.
    address: Option<IpAddr>,
    ended: Arc<Notify>,
    serving: Mutex<Serving>,
}

/// The requests that a connection serves, and its number among the idle ones.
#[derive(Debug)]
struct Serving {
    n_requests: usize,
    idle_number: Option<u64>,
}

/// A request that is served; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Served(Arc<Connection>);

impl Connections {
    /// Room for `all_max` connections, and for `per_address_max` from one address that is not a
    /// trusted proxy's.
    pub(crate) fn new(
        all_max: usize,
        per_address_max: usize,
        trusted_proxies: Vec<IpNet>,
    ) -> Arc<Self> {
        let connections = Self::default();
        connections.bound_by(all_max, per_address_max, trusted_proxies);
        Arc::new(connections)
    }

    /// The same bounds from now on. Connections beyond them stay until they end or give way.
    pub(crate) fn bound_by(
        &self,
        all_max: usize,
        per_address_max: usize,
        trusted_proxies: Vec<IpNet>,
    ) {
        let mut open = self.lock();
        open.all_max = all_max;
        open.per_address_max = per_address_max;
        open.trusted_proxies = trusted_proxies;
    }

    /// Takes a place for a connection from this address; `None` if there is none. The connection
    /// that gives way is told by [`Connection::ended`].
    pub(crate) fn open(self: &Arc<Self>, address: IpAddr) -> Option<Arc<Connection>> {
        let address = address.to_canonical();
        let mut open = self.lock();
        let is_proxy = open
            .trusted_proxies
            .iter()
            .any(|proxy| proxy.contains(&address));
        let address = (!is_proxy).then(|| network_of(address));
        let n_of_address = address
            .and_then(|address| open.by_address.get(&address))
            .map_or(0, |of_address| of_address.n_open);
        if n_of_address >= open.per_address_max && !open.end_oldest_idle(address) {
            return None;
        }
        if open.n_all >= open.all_max && !open.end_oldest_idle(None) {
            return None;
        }
        open.n_all += 1;
        if let Some(address) = address {
            open.by_address.entry(address).or_default().n_open += 1;
        }
        let ended = Arc::new(Notify::new());
        let idle_number = Some(open.add_idle(address, &ended));
        drop(open);
        Some(Arc::new(Connection {
            connections: Arc::clone(self),
            address,
            ended,
            serving: Mutex::new(Serving {
                n_requests: 0,
                idle_number,
            }),
        }))
    }

    /// The number of connections that are open now.
    pub(crate) fn n_open(&self) -> usize {
        self.lock().n_all
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Counts a connection among the idle ones, and gives its number there.
    fn add_idle(&mut self, address: Option<IpAddr>, ended: &Arc<Notify>) -> u64 {
        self.last_number += 1;
        let number = self.last_number;
        let ended = Arc::clone(ended);
        self.idle.insert(number, Idle { address, ended });
        if let Some(of_address) = self.of_address(address) {
            of_address.idle.insert(number);
        }
        number
    }

    /// Takes a connection from the idle ones, if it is still there.
    fn remove_idle(&mut self, number: u64) -> Option<Idle> {
        let idle = self.idle.remove(&number)?;
        if let Some(of_address) = self.of_address(idle.address) {
            of_address.idle.remove(&number);
        }
        Some(idle)
    }

    /// Ends the connection, of this address if there is one, that has been idle for longest.
    fn end_oldest_idle(&mut self, address: Option<IpAddr>) -> bool {
        let oldest = match self.of_address(address) {
            Some(of_address) => of_address.idle.first().copied(),
            None => self.idle.keys().next().copied(),
        };
        let Some(idle) = oldest.and_then(|number| self.remove_idle(number)) else {
            return false;
        };
        idle.ended.notify_one();
        true
    }

    fn of_address(&mut self, address: Option<IpAddr>) -> Option<&mut OfAddress> {
        self.by_address.get_mut(&address?)
    }
}

impl Connection {
    /// Waits until the connection has to give way to another.
    pub(crate) async fn ended(&self) {
        self.ended.notified().await;
    }

    /// Notes that the connection serves a request, until the value is dropped: when its answer
    /// begins, so that who never reads the rest is idle.
    pub(crate) fn serve(self: &Arc<Self>) -> Served {
        let mut serving = self.serving();
        serving.n_requests += 1;
        if let Some(number) = serving.idle_number.take() {
            self.connections.lock().remove_idle(number);
        }
        Served(Arc::clone(self))
    }

    fn serving(&self) -> MutexGuard<'_, Serving> {
        self.serving.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let connection = &self.0;
        let mut serving = connection.serving();
        serving.n_requests -= 1;
        if serving.n_requests == 0 {
            let mut open = connection.connections.lock();
            serving.idle_number = Some(open.add_idle(connection.address, &connection.ended));
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let idle_number = self.serving().idle_number;
        let mut open = self.connections.lock();
        open.n_all -= 1;
        if let Some(number) = idle_number {
            open.remove_idle(number);
        }
        let Some(address) = self.address else {
            return;
        };
        if let Some(of_address) = open.by_address.get_mut(&address) {
            of_address.n_open -= 1;
            if of_address.n_open == 0 {
                open.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    async fn has_ended(connection: &Connection) -> bool {
        let ended = connection.ended();
        tokio::select! {
            biased;
            () = ended => true,
            () = std::future::ready(()) => false,
        }
    }

    #[tokio::test]
    async fn a_new_connection_takes_the_place_of_the_longest_idle_one() {
        let connections = Connections::new(2, 2, Vec::new());
        let first = connections.open(ONE).unwrap();
        let second = connections.open(OTHER).unwrap();
        drop(first.serve());
        let third = connections.open(ONE).unwrap();
        assert!(has_ended(&second).await);
        assert!(!has_ended(&first).await);
        assert!(!has_ended(&third).await);
    }

    #[tokio::test]
    async fn connections_at_work_give_no_place() {
        let connections = Connections::new(2, 2, Vec::new());
        let first = connections.open(ONE).unwrap();
        let second = connections.open(ONE).unwrap();
        let served = (first.serve(), second.serve());
        assert!(connections.open(OTHER).is_none());
        drop(served);
        assert!(connections.open(OTHER).is_some());
    }

    #[test]
    fn an_address_has_its_share_and_a_proxy_has_all() {
        let proxy = IpNet::from(OTHER);
        let connections = Connections::new(10, 1, vec![proxy]);
        let held = connections.open(ONE).unwrap();
        let at_work = held.serve();
        assert!(connections.open(ONE).is_none());
        let of_proxy: Vec<_> = (0..5).filter_map(|_| connections.open(OTHER)).collect();
        assert_eq!(of_proxy.len(), 5);
        drop((at_work, held));
        assert!(connections.open(ONE).is_some());
    }

    #[test]
    fn nothing_is_kept_of_closed_connections() {
        let connections = Connections::new(2, 2, Vec::new());
        for _ in 0..10 {
            let connection = connections.open(ONE).unwrap();
            drop(connection.serve());
        }
        let open = connections.lock();
        assert_eq!(
            (open.n_all, open.idle.len(), open.by_address.len()),
            (0, 0, 0)
        );
    }
}
