//! UUIDs from random bytes the core is given.

use uuid::Builder;

/// A version 4 UUID as text. The bytes must come from a cryptographic source: the anonymous id
/// and the message ids are made of them.
pub fn uuid_v4(random: [u8; 16]) -> String {
    let mut buffer = [0; 36];
    Builder::from_random_bytes(random)
        .into_uuid()
        .hyphenated()
        .encode_lower(&mut buffer)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_and_variant_are_set() {
        assert_eq!(uuid_v4([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
