//! The visitor's identity: anonymous id, user and group, and how the stores keep it
//! (contract, §b).

use crate::json;
use crate::profile::Profile;
use crate::stored::{Key, Legacy, Stored, Write};

/// The visitor's identity, cached. `take_writes` returns the changes to store.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    anonymous_id: Option<String>,
    user: Profile,
    group: Profile,
    changed: Vec<Key>,
    removed: Vec<Key>,
    /// Ids that localStorage lacks: analytics-next stores `null` when it reads one.
    unknown: Vec<Key>,
    user_disabled: bool,
    group_disabled: bool,
    /// Whether the anonymous id is an older version's, which is used but not stored.
    anonymous_id_borrowed: bool,
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
                let local = stored.local.flatten();
                let traits = local.as_deref().and_then(json::own);
                identity.profile(key).traits = traits.unwrap_or_else(|| "{}".into());
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

    /// Takes over the values of older versions of analytics.js, unless there are newer ones.
    fn adopt(&mut self, legacy: &Legacy) {
        if let Some(user) = legacy.user.as_deref() {
            if let Some(user) = json::own(user) {
                let member = |name| json::get(&user, name).filter(|raw| json::is_truthy(raw));
                if let Some(id) = member("id").and_then(id_of_local) {
                    self.set_id(Key::UserId, Some(&id));
                }
                if let Some(traits) = member("traits").filter(|raw| raw.starts_with("{")) {
                    self.set_traits(Key::UserTraits, traits);
                }
            } else if self.user.id.is_none() && !user.starts_with("{") {
                self.user.id = id_of_local(user);
            }
        }
        if self.anonymous_id.is_none() {
            let sio = legacy.sio.as_deref().unwrap_or("");
            let anonymous = before_dashes(sio);
            self.anonymous_id = Some(anonymous).filter(|id| !id.is_empty()).map(Into::into);
            if self.anonymous_id.is_some() {
                self.anonymous_id_borrowed = true;
                self.unknown.push(Key::AnonymousId);
            }
        }
    }

    /// Switches off the visitor's profile, or the group's (contract, §a.4, `disable`).
    pub fn disable(&mut self, user: bool, group: bool) {
        self.user_disabled = user;
        self.group_disabled = group;
        if user {
            self.forget(&[Key::UserId, Key::AnonymousId, Key::UserTraits]);
        }
        if group {
            self.forget(&[Key::GroupId, Key::GroupTraits]);
        }
        // Values that another page stored stay.
        self.removed.clear();
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

    /// Notes that an id was read: if localStorage lacks it, `null` is stored, as
    /// analytics-next does.
    pub fn note_read(&mut self, key: Key) {
        if self.is_disabled(key) {
            return;
        }
        if let Some(at) = self.unknown.iter().position(|unknown| *unknown == key) {
            self.unknown.swap_remove(at);
            self.mark(key);
        }
    }

    /// The anonymous id, if one was made.
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

    /// Sets the anonymous id. `None` clears it, and the next event gets a fresh one.
    pub fn set_anonymous_id(&mut self, id: Option<&str>) {
        let id = id.filter(|id| !id.is_empty());
        if self.anonymous_id.as_deref() != id && !self.user_disabled {
            self.anonymous_id = id.map(Into::into);
            self.anonymous_id_borrowed = false;
            self.mark(Key::AnonymousId);
        }
    }

    /// The anonymous id, made by `fresh` if it is missing; `None` if the user is disabled.
    pub fn ensure_anonymous_id(&mut self, fresh: impl FnOnce() -> String) -> Option<&str> {
        if self.user_disabled {
            return None;
        }
        if self.anonymous_id.is_none() {
            self.anonymous_id_borrowed = false;
            self.mark(Key::AnonymousId);
        }
        self.note_read(Key::AnonymousId);
        Some(self.anonymous_id.get_or_insert_with(fresh))
    }

    /// An id, or traits as JSON text. A missing anonymous id is made by `fresh`.
    pub fn read(&mut self, key: Key, fresh: impl FnOnce() -> String) -> Option<&str> {
        match key {
            Key::AnonymousId => return self.ensure_anonymous_id(fresh),
            Key::UserTraits => return Some(self.traits()),
            Key::GroupTraits => return Some(self.group_traits()),
            Key::UserId | Key::GroupId => {}
        }
        self.note_read(key);
        self.profile(key).id.as_deref()
    }

    /// Replaces an id, or traits (an object as JSON text); `None` clears it.
    pub fn set(&mut self, key: Key, value: Option<&str>) {
        match key {
            Key::AnonymousId => self.set_anonymous_id(value),
            Key::UserId | Key::GroupId => self.set_id(key, value),
            Key::UserTraits | Key::GroupTraits => self.set_traits(key, value.unwrap_or("{}")),
        }
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

    /// `identify`: another user's id also gives a new anonymous id (contract, §b.4).
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

    /// `group`: the anonymous id stays, unlike in analytics-next (contract, §d.9, M7).
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

    /// Takes the writes due since the last call. Removals come first.
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
            Key::AnonymousId if self.anonymous_id_borrowed => local_and_cookie(None),
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

/// An id as localStorage and as a cookie hold it; a missing one is stored as `null`.
fn local_and_cookie(id: Option<&String>) -> (String, Option<String>) {
    let Some(id) = id else {
        return ("null".into(), None);
    };
    let mut local = String::with_capacity(id.len() + 2);
    json::write_string(&mut local, id);
    (local, Some(id.clone()))
}

/// An id from localStorage: a JSON string, a number, or text that is not JSON.
fn id_of_local(text: &str) -> Option<String> {
    let id = json::string_value(text).unwrap_or_else(|| text.into());
    Some(id).filter(|id| !id.is_empty() && text != "null")
}

/// The part of the classic `_sio` cookie before `----`: its anonymous id. A search for a text
/// would bring the standard library's whole two-way search into the wasm.
fn before_dashes(sio: &str) -> &str {
    let at = sio.as_bytes().windows(4).position(|four| four == b"----");
    at.and_then(|at| sio.get(..at)).unwrap_or(sio)
}

#[cfg(test)]
mod tests;
