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

/// Whether a text has the form of a UUID, in hexadecimal digits of either case.
pub fn is_uuid(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_and_variant_are_set() {
        assert_eq!(uuid_v4([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn only_the_form_of_a_uuid_is_one() {
        let uuid = uuid_v4([0xa5; 16]);
        assert!(is_uuid(&uuid) && is_uuid(&uuid.to_uppercase()));
        for cut in 0..uuid.len() {
            assert!(!is_uuid(&uuid[..cut]));
            assert!(!is_uuid(&[&uuid[..cut], "g", &uuid[cut + 1..]].concat()));
        }
        assert!(!is_uuid(&"undefined".repeat(4)) && !is_uuid(&"0".repeat(36)));
    }
}
