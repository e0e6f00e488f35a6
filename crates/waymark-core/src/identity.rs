//! Who the visitor is: anonymous id, user and group, and what of it is stored (contract §b).

use crate::json;

/// One stored value of the identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The id of a visitor nobody knows yet.
    AnonymousId,
    /// The id given to `identify`.
    UserId,
    /// The traits given to `identify`, merged.
    UserTraits,
    /// The id given to `group`.
    GroupId,
    /// The traits given to `group`, merged.
    GroupTraits,
}

impl Key {
    /// All keys, in the order in which they are written.
    pub const ALL: [Self; 5] = [
        Self::UserId,
        Self::AnonymousId,
        Self::UserTraits,
        Self::GroupId,
        Self::GroupTraits,
    ];

    /// The name of the cookie and of the localStorage key.
    pub fn name(self) -> &'static str {
        match self {
            Self::AnonymousId => "ajs_anonymous_id",
            Self::UserId => "ajs_user_id",
            Self::UserTraits => "ajs_user_traits",
            Self::GroupId => "ajs_group_id",
            Self::GroupTraits => "ajs_group_properties",
        }
    }

    /// Whether the value is an id, which stands in a cookie too; traits never do.
    pub fn is_id(self) -> bool {
        !matches!(self, Self::UserTraits | Self::GroupTraits)
    }
}

/// What the stores hold for one key.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// The text in localStorage: JSON, or a plain string that something else wrote.
    pub local: Option<String>,
    /// The cookie's decoded value.
    pub cookie: Option<String>,
}

/// What the stores should hold for one key from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Which value.
    pub key: Key,
    /// The text for localStorage; nothing removes the key.
    pub local: Option<String>,
    /// The cookie's value, not yet encoded; nothing removes the cookie. Only for ids.
    pub cookie: Option<String>,
}

/// An id and its traits.
#[derive(Debug, Clone)]
struct Profile {
    id: Option<String>,
    traits: String,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            id: None,
            traits: "{}".into(),
        }
    }
}

impl Profile {
    /// Takes over id and traits: traits of the same or of a first id are merged into those
    /// there are, traits of another id replace them. Tells whether the id is another one.
    fn assume(&mut self, id: Option<&str>, traits: &str) -> bool {
        let id = id.filter(|id| !id.is_empty());
        let switched = matches!((self.id.as_deref(), id), (Some(old), Some(new)) if old != new);
        self.traits = if switched {
            traits.into()
        } else {
            json::merge(&self.traits, traits)
        };
        if let Some(id) = id {
            self.id = Some(id.into());
        }
        switched
    }
}

/// The visitor's identity, cached; `take_writes` tells what has to be stored.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    anonymous_id: Option<String>,
    user: Profile,
    group: Profile,
    changed: Vec<Key>,
    removed: bool,
}

impl Identity {
    /// Reads the identity from the stores. A cookie wins for the anonymous id (so that
    /// subdomains agree), localStorage for the rest; what one store lacks is written back
    /// with the first event.
    pub fn load(mut read: impl FnMut(Key) -> Stored) -> Self {
        let mut identity = Self::default();
        for key in Key::ALL {
            let stored = read(key);
            if !key.is_id() {
                let local = stored.local.filter(|text| text.starts_with('{'));
                identity.profile(key).traits = local.unwrap_or_else(|| "{}".into());
                continue;
            }
            let local = stored.local.as_deref().and_then(id_of_local);
            let agreed = local == stored.cookie;
            let id = match key {
                Key::AnonymousId => stored.cookie.or(local),
                _ => local.or(stored.cookie),
            };
            if id.is_some() && !agreed {
                identity.mark(key);
            }
            match key {
                Key::AnonymousId => identity.anonymous_id = id,
                _ => identity.profile(key).id = id,
            }
            if key == Key::UserId && stored.local.is_none() {
                identity.mark(key);
            }
        }
        identity
    }

    fn profile(&mut self, key: Key) -> &mut Profile {
        match key {
            Key::GroupId | Key::GroupTraits => &mut self.group,
            _ => &mut self.user,
        }
    }

    fn mark(&mut self, key: Key) {
        if !self.changed.contains(&key) {
            self.changed.push(key);
        }
    }

    /// The anonymous id, if there is one yet.
    pub fn anonymous_id(&self) -> Option<&str> {
        self.anonymous_id.as_deref()
    }

    /// The user's id, if the visitor is known.
    pub fn user_id(&self) -> Option<&str> {
        self.user.id.as_deref()
    }

    /// The user's traits, an object as JSON text.
    pub fn traits(&self) -> &str {
        &self.user.traits
    }

    /// The group's id, if there is one.
    pub fn group_id(&self) -> Option<&str> {
        self.group.id.as_deref()
    }

    /// The group's traits, an object as JSON text.
    pub fn group_traits(&self) -> &str {
        &self.group.traits
    }

    /// Sets the anonymous id; nothing clears it, and the next event gets a fresh one.
    pub fn set_anonymous_id(&mut self, id: Option<&str>) {
        let id = id.filter(|id| !id.is_empty());
        if self.anonymous_id.as_deref() != id {
            self.anonymous_id = id.map(Into::into);
            self.mark(Key::AnonymousId);
        }
    }

    /// The anonymous id, made by `fresh` where there is none.
    pub fn ensure_anonymous_id(&mut self, fresh: impl FnOnce() -> String) -> &str {
        if self.anonymous_id.is_none() {
            self.mark(Key::AnonymousId);
        }
        self.anonymous_id.get_or_insert_with(fresh)
    }

    /// `identify`: another user's id also gives a new anonymous id (contract §b.4).
    pub fn identify(&mut self, id: Option<&str>, traits: &str) {
        if self.user.assume(id, traits) {
            self.set_anonymous_id(None);
        }
        self.mark(Key::UserId);
        self.mark(Key::UserTraits);
    }

    /// `group`: the anonymous id stays, unlike in the peer (contract §d.9, M7).
    pub fn group(&mut self, id: Option<&str>, traits: &str) {
        self.group.assume(id, traits);
        self.mark(Key::GroupId);
        self.mark(Key::GroupTraits);
    }

    /// Forgets visitor and group, as on logout.
    pub fn reset(&mut self) {
        *self = Self {
            removed: true,
            ..Self::default()
        };
    }

    /// What has to be stored since the last time, if anything: the keys to remove first.
    pub fn take_writes(&mut self) -> Vec<Write> {
        let mut writes = Vec::new();
        if core::mem::take(&mut self.removed) {
            writes.extend(Key::ALL.map(|key| Write {
                key,
                local: None,
                cookie: None,
            }));
            self.mark(Key::UserId);
        }
        if self.anonymous_id.is_none() && self.changed == [Key::UserId] {
            return writes;
        }
        for key in core::mem::take(&mut self.changed) {
            writes.push(self.write(key));
        }
        writes
    }

    fn write(&self, key: Key) -> Write {
        let (local, cookie) = match key {
            Key::AnonymousId => local_and_cookie(self.anonymous_id.as_ref()),
            Key::UserId => local_and_cookie(self.user.id.as_ref()),
            Key::GroupId => local_and_cookie(self.group.id.as_ref()),
            Key::UserTraits => (self.user.traits.clone(), None),
            Key::GroupTraits => (self.group.traits.clone(), None),
        };
        Write {
            key,
            local: Some(local),
            cookie,
        }
    }
}

/// An id as localStorage and as a cookie hold it; the peer stores a missing one as `null`.
fn local_and_cookie(id: Option<&String>) -> (String, Option<String>) {
    let Some(id) = id else {
        return ("null".into(), None);
    };
    let mut local = String::with_capacity(id.len() + 2);
    json::write_string(&mut local, id);
    (local, Some(id.clone()))
}

/// An id from localStorage: a JSON string, a number, or text that is no JSON at all.
fn id_of_local(text: &str) -> Option<String> {
    let id = json::string_value(text).unwrap_or_else(|| text.into());
    Some(id).filter(|id| !id.is_empty() && text != "null")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loaded(entries: &[(Key, Option<&str>, Option<&str>)]) -> Identity {
        Identity::load(|key| {
            let found = entries.iter().find(|(of, ..)| *of == key);
            Stored {
                local: found.and_then(|entry| entry.1).map(Into::into),
                cookie: found.and_then(|entry| entry.2).map(Into::into),
            }
        })
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
    fn what_one_store_lacks_is_written_with_the_first_event() {
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
    fn ids_that_others_wrote_are_taken() {
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
        identity.reset();
        let writes = identity.take_writes();
        assert_eq!(writes.len(), 5);
        assert!(
            writes
                .iter()
                .all(|write| write.local.is_none() && write.cookie.is_none())
        );
        assert_eq!(identity.ensure_anonymous_id(|| "b".into()), "b");
        assert_eq!(identity.user_id(), None);
    }
}
