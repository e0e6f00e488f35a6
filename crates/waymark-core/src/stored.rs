//! The identity in the stores: what they hold, and what they should hold (contract, §b.1, §b.3).

/// One stored value of the identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The id of an unidentified visitor.
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

    /// Whether the value is an id. Ids are in a cookie too; traits never are.
    pub fn is_id(self) -> bool {
        !matches!(self, Self::UserTraits | Self::GroupTraits)
    }
}

/// The values that the stores hold for one key. The outer `None` means that the store is not
/// used; the inner one, that it lacks the value.
#[derive(Debug, Clone, Default)]
pub struct Stored {
    /// The text in localStorage: JSON, or a plain string that something else wrote.
    pub local: Option<Option<String>>,
    /// The cookie's decoded value.
    pub cookie: Option<Option<String>>,
    /// Whether the cookie wins if both have a value.
    pub cookie_first: bool,
}

/// The cookies of older versions of analytics.js, which are only read (contract, §b.3).
#[derive(Debug, Clone, Default)]
pub struct Legacy {
    /// The text of the cookie `ajs_user`: an object with `id` and `traits`, or an id.
    pub user: Option<String>,
    /// The text of the cookie `_sio`: the anonymous id, `----`, and the user's id.
    pub sio: Option<String>,
}

/// The values that the stores should hold for one key from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// Which value.
    pub key: Key,
    /// The text for localStorage; `None` removes the key.
    pub local: Option<String>,
    /// The cookie's value, not yet encoded; `None` removes the cookie. Only for ids.
    pub cookie: Option<String>,
}
