//! A Bloom filter over hashed ids: tells without the disk that an id is not in a run.

/// 16 bytes of hash(source, messageId).
pub(super) type IdHash = [u8; 16];

/// The hash under which an event is known.
pub(super) fn id_hash(source_id: i64, message_id: &str) -> IdHash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&source_id.to_le_bytes());
    hasher.update(message_id.as_bytes());
    let mut hash = IdHash::default();
    hasher.finalize_xof().fill(&mut hash);
    hash
}

/// Bits for each id. With the probes below about 3 of 1 000 unknown ids are looked up in vain.
const BITS_PER_ID: usize = 12;

/// Bits that stand for one id. Part of the file's format: stored filters are read by it.
const PROBES: u64 = 8;

/// The filter of one run of ids.
#[derive(Debug)]
pub(super) struct IdFilter {
    bytes: Vec<u8>,
}

impl IdFilter {
    /// A filter of these ids.
    pub(super) fn of<'a>(ids: impl ExactSizeIterator<Item = &'a IdHash>) -> Self {
        let n_bytes = (ids.len() * BITS_PER_ID).div_ceil(8).max(1);
        let mut filter = Self {
            bytes: vec![0; n_bytes],
        };
        for id in ids {
            for bit in filter.bits(id) {
                filter.bytes[bit / 8] |= 1 << (bit % 8);
            }
        }
        filter
    }

    /// The filter that was stored as these bytes.
    pub(super) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { bytes }
    }

    /// The filter as bytes to store.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the id may be in the run; `false` is certain.
    pub(super) fn may_hold(&self, id: &IdHash) -> bool {
        !self.bytes.is_empty()
            && self
                .bits(id)
                .all(|bit| self.bytes[bit / 8] & (1 << (bit % 8)) != 0)
    }

    /// The id's bits. The id is a hash, so all probes are made from its two halves.
    fn bits(&self, id: &IdHash) -> impl Iterator<Item = usize> + use<> {
        let [first, second] = halves(id);
        let n_bits = self.bytes.len() as u64 * 8;
        (0..PROBES).map(move |probe| {
            let mixed = first.wrapping_add(second.wrapping_mul(probe));
            (mixed % n_bits) as usize
        })
    }
}

fn halves(id: &IdHash) -> [u64; 2] {
    let number = u128::from_le_bytes(*id);
    // An even step would reach only some of the bits.
    [number as u64, (number >> 64) as u64 | 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_found_and_few_others_pass() {
        let ids: Vec<_> = (0..10_000)
            .map(|n: u32| id_hash(1, &n.to_string()))
            .collect();
        let filter = IdFilter::from_bytes(IdFilter::of(ids.iter()).as_bytes().to_vec());
        assert!(ids.iter().all(|id| filter.may_hold(id)));
        let n_wrong = (10_000..110_000)
            .filter(|n: &u32| filter.may_hold(&id_hash(1, &n.to_string())))
            .count();
        assert!(n_wrong < 600, "{n_wrong} of 100 000");
    }
}
