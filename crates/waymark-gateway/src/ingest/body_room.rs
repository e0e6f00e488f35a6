//! The memory for request bodies: taken part by part as they arrive, and given back after the answer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::ApiError;
use crate::limits::{BODIES_BYTES, BODIES_PER_ADDRESS_BYTES};
use crate::network::network_of;

/// The bytes of request bodies in memory, in all and by address.
#[derive(Debug, Default)]
pub(crate) struct BodyRoom(Mutex<Taken>);

#[derive(Debug, Default)]
struct Taken {
    all_bytes: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// The memory that one body takes; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct BodyMemory {
    room: Arc<BodyRoom>,
    address: IpAddr,
    size_bytes: usize,
}

impl BodyRoom {
    /// The memory of a body from this address, none at first.
    pub(crate) fn for_body(self: &Arc<Self>, address: IpAddr) -> BodyMemory {
        BodyMemory {
            room: Arc::clone(self),
            address: network_of(address),
            size_bytes: 0,
        }
    }

    /// The bytes of all bodies that are in memory now.
    pub(crate) fn taken_bytes(&self) -> usize {
        self.lock().all_bytes
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BodyMemory {
    /// Takes more memory.
    ///
    /// # Errors
    /// `Overloaded` when the gateway or the address has taken all that it may.
    pub(crate) fn take(&mut self, n_bytes: usize) -> Result<(), ApiError> {
        let mut taken = self.room.lock();
        let of_address = taken.by_address.get(&self.address).copied().unwrap_or(0);
        if taken.all_bytes + n_bytes > BODIES_BYTES
            || of_address + n_bytes > BODIES_PER_ADDRESS_BYTES
        {
            return Err(ApiError::Overloaded);
        }
        taken.all_bytes += n_bytes;
        taken.by_address.insert(self.address, of_address + n_bytes);
        self.size_bytes += n_bytes;
        Ok(())
    }

    /// Gives back some of what was taken.
    pub(crate) fn give_back(&mut self, n_bytes: usize) {
        let n_bytes = n_bytes.min(self.size_bytes);
        self.size_bytes -= n_bytes;
        let mut taken = self.room.lock();
        taken.all_bytes -= n_bytes;
        if let Some(of_address) = taken.by_address.get_mut(&self.address) {
            *of_address -= n_bytes;
            if *of_address == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

impl Drop for BodyMemory {
    fn drop(&mut self) {
        self.give_back(self.size_bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn an_address_has_its_share_and_leaves_the_rest_to_others() {
        let room = Arc::new(BodyRoom::default());
        let mut first = room.for_body(ONE);
        first.take(BODIES_PER_ADDRESS_BYTES).unwrap();
        assert!(room.for_body(ONE).take(1).is_err());
        assert!(room.for_body(OTHER).take(1).is_ok());
        drop(first);
        assert!(room.for_body(ONE).take(1).is_ok());
    }

    #[test]
    fn all_addresses_share_one_bound_and_nothing_is_kept_afterwards() {
        let room = Arc::new(BodyRoom::default());
        let mut all = Vec::new();
        for number in 0..=u8::MAX {
            let mut body = room.for_body(IpAddr::from([10, 0, 0, number]));
            if body.take(BODIES_PER_ADDRESS_BYTES).is_err() {
                break;
            }
            all.push(body);
        }
        assert_eq!(all.len(), BODIES_BYTES / BODIES_PER_ADDRESS_BYTES);
        drop(all);
        let taken = room.lock();
        assert_eq!((taken.all_bytes, taken.by_address.len()), (0, 0));
    }
}
