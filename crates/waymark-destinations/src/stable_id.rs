//! Ids that are the same each time an event is sent.

use uuid::Uuid;

/// The namespace of all ids derived here.
const NAMESPACE: Uuid = Uuid::from_u128(0x6a5f_7c1e_52d0_4c4b_9c33_0b8f_9d2a_7e41);

/// A UUID (version 5, RFC 9562 section 5.5) of an event. `part` tells the parts of one event
/// apart.
pub(crate) fn uuid(message_id: &str, part: &str) -> String {
    let name = if part.is_empty() {
        message_id.to_owned()
    } else {
        format!("{message_id}\n{part}")
    };
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_same_each_time_and_another_for_each_part() {
        assert_eq!(uuid("m", ""), uuid("m", ""));
        assert_ne!(uuid("m", ""), uuid("m", "1"));
        assert_ne!(uuid("m", "1"), uuid("m", "2"));
    }
}
