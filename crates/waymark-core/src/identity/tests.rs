//! The visitor's identity, call by call.

use super::*;

fn loaded(entries: &[(Key, Option<&str>, Option<&str>)]) -> Identity {
    Identity::load(
        |key| {
            let found = entries.iter().find(|(of, ..)| *of == key);
            Stored {
                local: Some(found.and_then(|entry| entry.1).map(Into::into)),
                cookie: Some(found.and_then(|entry| entry.2).map(Into::into)),
                cookie_first: false,
            }
        },
        &Legacy::default(),
    )
}

#[test]
fn the_cookie_wins_for_the_anonymous_id_and_local_storage_for_the_user() {
    let identity = loaded(&[
        (Key::AnonymousId, Some("\"local\""), Some("cookie")),
        (Key::UserId, Some("\"u-local\""), Some("u-cookie")),
    ]);
    assert_eq!(identity.anonymous_id(), Some("cookie"));
    assert_eq!(identity.user_id(), Some("u-local"));
}

#[test]
fn an_id_missing_from_one_store_is_written_with_the_first_event() {
    let mut identity = loaded(&[
        (Key::AnonymousId, None, Some("a")),
        (Key::UserId, Some("null"), None),
    ]);
    identity.ensure_anonymous_id(|| "fresh".into());
    assert_eq!(
        identity.take_writes(),
        [Write {
            key: Key::AnonymousId,
            local: Some("\"a\"".into()),
            cookie: Some("a".into())
        }]
    );
    assert!(identity.take_writes().is_empty());
}

#[test]
fn nothing_is_written_before_the_first_event() {
    assert!(loaded(&[]).take_writes().is_empty());
}

#[test]
fn ids_written_by_other_libraries_are_used() {
    assert_eq!(
        loaded(&[(Key::UserId, Some("123"), None)]).user_id(),
        Some("123")
    );
    assert_eq!(
        loaded(&[(Key::UserId, Some("plain"), None)]).user_id(),
        Some("plain")
    );
    assert_eq!(loaded(&[(Key::UserId, Some("null"), None)]).user_id(), None);
}

#[test]
fn traits_of_the_same_user_merge_and_of_another_replace() {
    let mut identity = loaded(&[]);
    identity.ensure_anonymous_id(|| "anon".into());
    identity.identify(None, r#"{"a":1}"#);
    identity.identify(Some("u1"), r#"{"b":1}"#);
    assert_eq!(
        (identity.traits(), identity.anonymous_id()),
        (r#"{"a":1,"b":1}"#, Some("anon"))
    );
    identity.identify(Some("u2"), r#"{"c":1}"#);
    assert_eq!(
        (identity.traits(), identity.anonymous_id()),
        (r#"{"c":1}"#, None)
    );
}

#[test]
fn a_trait_set_to_undefined_is_removed() {
    let mut identity = loaded(&[]);
    identity.identify(None, r#"{"a":1,"k":"b:undefined","new":undefined}"#);
    assert_eq!(identity.traits(), r#"{"a":1,"k":"b:undefined"}"#);
    identity.identify(None, r#"{"a":undefined,"c":1}"#);
    assert_eq!(identity.traits(), r#"{"k":"b:undefined","c":1}"#);
}

#[test]
fn an_empty_id_is_not_stored() {
    let mut identity = loaded(&[]);
    identity.identify(Some(""), "{}");
    assert_eq!(identity.user_id(), None);
}

#[test]
fn another_group_keeps_the_anonymous_id() {
    let mut identity = loaded(&[(Key::AnonymousId, None, Some("a"))]);
    identity.group(Some("g1"), "{}");
    identity.group(Some("g2"), r#"{"n":1}"#);
    assert_eq!(identity.anonymous_id(), Some("a"));
    assert_eq!(
        (identity.group_id(), identity.group_traits()),
        (Some("g2"), r#"{"n":1}"#)
    );
}

#[test]
fn a_reset_removes_every_key_and_the_next_event_is_a_new_visitor() {
    let mut identity = loaded(&[(Key::AnonymousId, Some("\"a\""), Some("a"))]);
    identity.identify(Some("u"), "{}");
    identity.reset_user();
    identity.reset_group();
    let writes = identity.take_writes();
    assert_eq!(writes.len(), 5);
    assert!(
        writes
            .iter()
            .all(|write| write.local.is_none() && write.cookie.is_none())
    );
    assert_eq!(identity.ensure_anonymous_id(|| "b".into()), Some("b"));
    assert_eq!(identity.user_id(), None);
}
