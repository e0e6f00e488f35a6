//! An id and its traits: the user's, or the group's (contract, §b.4).

use crate::json;

/// The value of a member that the caller set to `undefined` (see `crate::call`).
const UNDEFINED: &str = "undefined";

/// An id and its traits.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    /// The id, if there is one.
    pub(crate) id: Option<String>,
    /// The traits, an object as JSON text.
    pub(crate) traits: String,
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
    /// Applies an id and traits. Traits of the same id, or of the first one, are merged into the
    /// known traits; traits of another id replace them. Returns whether the id has changed.
    pub(crate) fn assume(&mut self, id: Option<&str>, traits: &str) -> bool {
        let same = id.is_none() || self.id.is_none() || self.id.as_deref() == id;
        self.traits = if same {
            json::merge(&self.traits, traits)
        } else {
            traits.into()
        };
        if json::members(&self.traits).any(|(_, value)| value == UNDEFINED) {
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

/// The object without the members that the caller set to `undefined`, which remove the earlier
/// value (see `crate::call`).
fn without_undefined(object: &str) -> String {
    let mut out = String::with_capacity(object.len());
    let mut left = json::ObjectWriter::new(&mut out);
    for (key, value) in json::members(object) {
        if value != UNDEFINED {
            left.raw(json::bare(key), value);
        }
    }
    left.end();
    out
}
