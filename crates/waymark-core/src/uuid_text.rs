//! The form of a UUID.

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
    use uuid::Uuid;

    #[test]
    fn only_the_form_of_a_uuid_is_one() {
        let uuid = Uuid::from_bytes([0xa5; 16]).to_string();
        assert!(is_uuid(&uuid) && is_uuid(&uuid.to_uppercase()));
        for cut in 0..uuid.len() {
            assert!(!is_uuid(&uuid[..cut]));
            assert!(!is_uuid(&[&uuid[..cut], "g", &uuid[cut + 1..]].concat()));
        }
        assert!(!is_uuid(&"undefined".repeat(4)) && !is_uuid(&"0".repeat(36)));
    }
}
