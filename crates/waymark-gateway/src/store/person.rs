//! People by their ids, and which events are theirs.
//!
//! An event belongs to the person whose user id it has; without one, to the visitor whose
//! anonymous id it has. Who is named by a user id also has the anonymous ids that were seen with
//! it, but an event that names another user stays that user's: a device may be shared. Who is
//! named by an anonymous id has every event with it.

use std::collections::HashMap;

use crate::ingest::id_of;
use crate::json_object::quote;
use crate::limits::ID_MAX_CHARS;

/// A person, as an operator names one.
#[derive(Clone, PartialEq, Eq)]
pub enum PersonId {
    /// By a user id.
    User(String),
    /// By an anonymous id.
    Anonymous(String),
}

impl std::fmt::Debug for PersonId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct(self.kind().name()).finish_non_exhaustive()
    }
}

impl PersonId {
    /// The kind of the id.
    #[must_use]
    pub const fn kind(&self) -> IdKind {
        match self {
            Self::User(_) => IdKind::User,
            Self::Anonymous(_) => IdKind::Anonymous,
        }
    }

    /// The same, if it can be the id of an event.
    ///
    /// # Errors
    /// When it is empty or too long, in words.
    pub fn checked(self) -> Result<Self, String> {
        let n_chars = self.id().chars().count();
        if n_chars == 0 {
            return Err("the id must not be empty".to_owned());
        }
        if n_chars > ID_MAX_CHARS {
            return Err(format!("the id is longer than {ID_MAX_CHARS} characters"));
        }
        Ok(self)
    }

    /// The id itself.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::User(id) | Self::Anonymous(id) => id,
        }
    }
}

/// What an id of a person is. The numbers are those in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdKind {
    /// A user id.
    User = 0,
    /// An anonymous id that was named.
    Anonymous = 1,
    /// An anonymous id that was seen with a user id that was named.
    Seen = 2,
}

impl IdKind {
    pub(super) fn from_stored(number: i64) -> rusqlite::Result<Self> {
        [Self::User, Self::Anonymous, Self::Seen]
            .into_iter()
            .find(|kind| *kind as i64 == number)
            .ok_or(rusqlite::Error::IntegralValueOutOfRange(0, number))
    }

    /// The name in receipts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Anonymous | Self::Seen => "anonymous",
        }
    }
}

/// The ids in an event that tell whose it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventIds<'a> {
    /// Its user id.
    pub(crate) user_id: Option<&'a str>,
    /// Its anonymous id.
    pub(crate) anonymous_id: Option<&'a str>,
    /// Of an `alias`, the id that its user had before.
    pub(crate) previous_id: Option<&'a str>,
}

impl<'a> EventIds<'a> {
    /// The ids by which it may belong to somebody.
    pub(super) fn claims(self) -> impl Iterator<Item = (IdKind, &'a str)> {
        let named = [
            (IdKind::User, self.user_id),
            (IdKind::Anonymous, self.anonymous_id),
            (IdKind::User, self.previous_id),
            (IdKind::Anonymous, self.previous_id),
            (
                IdKind::Seen,
                self.anonymous_id.filter(|_| self.user_id.is_none()),
            ),
        ];
        named.into_iter().filter_map(|(kind, id)| Some((kind, id?)))
    }

    /// The ids that its user is known by as a visitor.
    pub(crate) fn seen_with_user(self) -> impl Iterator<Item = &'a str> {
        let ids = [self.anonymous_id, self.previous_id];
        ids.into_iter().flatten()
    }
}

/// The id that an `alias` says its user had before.
pub(crate) fn previous_id(event_text: &str) -> Option<String> {
    id_of(event_text, "previousId")
}

/// Several people, each with the number of what was asked about them.
#[derive(Debug, Default)]
pub(crate) struct People {
    /// By the number of the kind.
    numbers: [HashMap<String, i64>; 3],
}

impl People {
    /// Adds an id. Who had it before keeps it. Returns whether nobody had.
    pub(crate) fn add(&mut self, kind: IdKind, id: &str, number: i64) -> bool {
        let ids = &mut self.numbers[kind as usize];
        let is_new = !ids.contains_key(id);
        if is_new {
            ids.insert(id.to_owned(), number);
        }
        is_new
    }

    /// Whether nobody is named.
    pub(crate) fn is_empty(&self) -> bool {
        self.numbers.iter().all(HashMap::is_empty)
    }

    /// Whether anybody is named by a user id.
    pub(crate) fn has_users(&self) -> bool {
        !self.numbers[IdKind::User as usize].is_empty()
    }

    /// The number of the person with this user id.
    pub(crate) fn user(&self, id: &str) -> Option<i64> {
        self.number(IdKind::User, id)
    }

    /// The number of the person to whom an event belongs.
    pub(crate) fn owner(&self, ids: EventIds<'_>) -> Option<i64> {
        ids.claims().find_map(|(kind, id)| self.number(kind, id))
    }

    /// The number of a person whose id is in a text, which may be the beginning of an event only.
    pub(crate) fn named_in(&self, text: &str) -> Option<i64> {
        let named = |(id, number): (&String, &i64)| {
            let quoted = quote(id);
            let escaped = &quoted[1..quoted.len() - 1];
            (has_word(text, id) || has_word(text, escaped)).then_some(*number)
        };
        self.numbers.iter().flatten().find_map(named)
    }

    fn number(&self, kind: IdKind, id: &str) -> Option<i64> {
        self.numbers[kind as usize].get(id).copied()
    }
}

/// Whether the word stands in the text, not as a part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let is_edge = |char: Option<char>| !char.is_some_and(char::is_alphanumeric);
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            is_edge(text[..at].chars().next_back())
                && is_edge(text[at + word.len()..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_belongs_to_its_user_or_else_to_its_visitor() {
        let mut people = People::default();
        people.add(IdKind::User, "u", 1);
        people.add(IdKind::Seen, "seen", 1);
        people.add(IdKind::Anonymous, "named", 2);
        for (user_id, anonymous_id, previous_id, owner) in [
            (Some("u"), None, None, Some(1)),
            (Some("u"), Some("named"), None, Some(1)),
            (None, Some("seen"), None, Some(1)),
            (Some("other"), Some("seen"), None, None),
            (Some("other"), Some("named"), None, Some(2)),
            (None, Some("other"), None, None),
            (None, Some("u"), None, None),
            (Some("other"), None, Some("u"), Some(1)),
            (Some("other"), None, Some("named"), Some(2)),
            (Some("other"), None, Some("seen"), None),
        ] {
            let ids = EventIds {
                user_id,
                anonymous_id,
                previous_id,
            };
            assert_eq!(people.owner(ids), owner, "{ids:?}");
        }
    }

    #[test]
    fn an_id_is_found_in_a_text_as_a_word() {
        let mut people = People::default();
        people.add(IdKind::User, "1", 1);
        people.add(IdKind::User, "a\"b", 2);
        for (text, number) in [
            (r#"{"userId":1,"x":"#, Some(1)),
            (r#"{"userId":"1"#, Some(1)),
            (r#"{"userId":"11"}"#, None),
            (r#"{"userId":"a\"b"}"#, Some(2)),
            ("", None),
        ] {
            assert_eq!(people.named_in(text), number, "{text}");
        }
    }
}
