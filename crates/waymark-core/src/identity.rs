//! Who the visitor is: anonymous id, user and group, and what of it is stored (contract §b).

use crate::json;
use crate::stored::{Key, Legacy, Stored, Write};

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
        let same = id.is_none() || self.id.is_none() || self.id.as_deref() == id;
        self.traits = if same {
            json::merge(&self.traits, traits)
        } else {
            traits.into()
        };
        if self.traits.contains(":undefined") {
            self.traits = without_undefined(&self.traits);
        }
        match id.filter(|id| !id.is_empty()) {
            Some(id) => {
                self.id = Some(id.into());
                !same
            }
            None => false,
        }
    }
}

/// The visitor's identity, cached; `take_writes` tells what has to be stored.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    anonymous_id: Option<String>,
    user: Profile,
    group: Profile,
    changed: Vec<Key>,
    removed: Vec<Key>,
    /// Ids that localStorage knows nothing of: the peer stores `null` when it looks at them.
    unknown: Vec<Key>,
    user_disabled: bool,
    group_disabled: bool,
}

impl Identity {
    /// Reads the identity from the stores. A cookie wins for the anonymous id (so that
    /// subdomains agree), the first store for the rest; what one store lacks is written back
    /// with the first event.
    pub fn load(mut read: impl FnMut(Key) -> Stored, legacy: &Legacy) -> Self {
        let mut identity = Self::default();
        for key in Key::ALL {
            let stored = read(key);
            if key.is_id() {
                identity.load_id(key, stored);
            } else {
                let local = stored.local.flatten().filter(|text| text.starts_with('{'));
                identity.profile(key).traits = local.unwrap_or_else(|| "{}".into());
            }
        }
        identity.adopt(legacy);
        identity
    }

    fn load_id(&mut self, key: Key, stored: Stored) {
        let Stored {
            local,
            cookie,
            cookie_first,
        } = stored;
        if matches!(local, Some(None)) && key != Key::AnonymousId {
            self.unknown.push(key);
        }
        let used_both = local.is_some() && cookie.is_some();
        let local = local.flatten().as_deref().and_then(id_of_local);
        let cookie = cookie.flatten().filter(|id| !id.is_empty());
        let agreed = local == cookie || !used_both;
        let id = if cookie_first || key == Key::AnonymousId {
            cookie.or(local)
        } else {
            local.or(cookie)
        };
        if id.is_some() && !agreed {
            self.mark(key);
        }
        match key {
            Key::AnonymousId => self.anonymous_id = id,
            _ => self.profile(key).id = id,
        }
    }

    /// Takes over what older versions left, where nothing newer stands against it.
    fn adopt(&mut self, legacy: &Legacy) {
        if let Some(user) = legacy.user.as_deref() {
            if user.starts_with('{') {
                let member = |name| json::get(user, name).filter(|raw| json::is_truthy(raw));
                if let Some(id) = member("id").and_then(id_of_local) {
                    self.set_id(Key::UserId, Some(&id));
                }
                if let Some(traits) = member("traits").filter(|raw| raw.starts_with('{')) {
                    self.set_traits(Key::UserTraits, traits);
                }
            } else if self.user.id.is_none() {
                self.user.id = id_of_local(user);
            }
        }
        if self.anonymous_id.is_none() {
            let sio = legacy.sio.as_deref().unwrap_or("");
            let anonymous = sio.split("----").next().unwrap_or("");
            self.anonymous_id = Some(anonymous).filter(|id| !id.is_empty()).map(Into::into);
        }
    }

    /// Switches off what is known of the visitor, or of the group (contract §a.4, `disable`).
    pub fn disable(&mut self, user: bool, group: bool) {
        self.user_disabled = user;
        self.group_disabled = group;
        if user {
            self.forget(&[Key::UserId, Key::AnonymousId, Key::UserTraits]);
        }
        if group {
            self.forget(&[Key::GroupId, Key::GroupTraits]);
        }
    }

    fn is_disabled(&self, key: Key) -> bool {
        match key {
            Key::GroupId | Key::GroupTraits => self.group_disabled,
            _ => self.user_disabled,
        }
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

    /// Somebody looked at an id: where localStorage does not know it, it holds `null` from now
    /// on, as with the peer.
    pub fn note_read(&mut self, key: Key) {
        if let Some(at) = self.unknown.iter().position(|unknown| *unknown == key) {
            self.unknown.swap_remove(at);
            self.mark(key);
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
        if self.anonymous_id.as_deref() != id && !self.user_disabled {
            self.anonymous_id = id.map(Into::into);
            self.mark(Key::AnonymousId);
        }
    }

    /// The anonymous id, made by `fresh` where there is none; none where the user is disabled.
    pub fn ensure_anonymous_id(&mut self, fresh: impl FnOnce() -> String) -> Option<&str> {
        if self.user_disabled {
            return None;
        }
        if self.anonymous_id.is_none() {
            self.mark(Key::AnonymousId);
        }
        Some(self.anonymous_id.get_or_insert_with(fresh))
    }

    /// Sets a user's or a group's id alone; another user's also gives a new anonymous id.
    pub fn set_id(&mut self, key: Key, id: Option<&str>) {
        if self.is_disabled(key) {
            return;
        }
        let known = &mut self.profile(key).id;
        let switched = known.is_some() && id.is_some() && known.as_deref() != id;
        *known = id.map(Into::into);
        if switched && key == Key::UserId {
            self.set_anonymous_id(None);
        }
        self.mark(key);
    }

    /// Replaces a user's or a group's traits by an object as JSON text.
    pub fn set_traits(&mut self, key: Key, traits: &str) {
        if !self.is_disabled(key) {
            self.profile(key).traits = traits.into();
            self.mark(key);
        }
    }

    /// `identify`: another user's id also gives a new anonymous id (contract §b.4).
    pub fn identify(&mut self, id: Option<&str>, traits: &str) {
        if self.user_disabled {
            return;
        }
        if self.user.assume(id, traits) {
            self.set_anonymous_id(None);
        }
        self.mark(Key::UserId);
        self.mark(Key::UserTraits);
    }

    /// `group`: the anonymous id stays, unlike in the peer (contract §d.9, M7).
    pub fn group(&mut self, id: Option<&str>, traits: &str) {
        if self.group_disabled {
            return;
        }
        self.group.assume(id, traits);
        self.mark(Key::GroupId);
        self.mark(Key::GroupTraits);
    }

    /// Forgets the visitor, as on logout.
    pub fn reset_user(&mut self) {
        self.forget(&[Key::UserId, Key::AnonymousId, Key::UserTraits]);
    }

    /// Forgets the group, as on logout.
    pub fn reset_group(&mut self) {
        self.forget(&[Key::GroupId, Key::GroupTraits]);
    }

    fn forget(&mut self, keys: &[Key]) {
        for key in keys {
            self.changed.retain(|changed| changed != key);
            match key {
                Key::AnonymousId => self.anonymous_id = None,
                _ => *self.profile(*key) = Profile::default(),
            }
            if key.is_id() && *key != Key::AnonymousId && !self.unknown.contains(key) {
                self.unknown.push(*key);
            }
        }
        self.removed.extend_from_slice(keys);
    }

    /// What has to be stored since the last time, if anything: the keys to remove first.
    pub fn take_writes(&mut self) -> Vec<Write> {
        let removed = core::mem::take(&mut self.removed);
        let mut writes: Vec<Write> = removed
            .into_iter()
            .map(|key| Write {
                key,
                local: None,
                cookie: None,
            })
            .collect();
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

/// The object without the members that the caller set to `undefined`: they take away what was
/// there before (see `crate::call`).
fn without_undefined(object: &str) -> String {
    let mut out = String::with_capacity(object.len());
    let mut left = json::ObjectWriter::new(&mut out);
    for (key, value) in json::members(object) {
        if value != "undefined" {
            left.raw(json::bare(key), value);
        }
    }
    left.end();
    out
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
    fn a_trait_set_to_undefined_is_taken_away() {
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
}
