//! A JSON object whose members stay text. Members can be read and replaced; all others, their
//! numbers and their order stay as they came.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// An object's members in their order, values as their text.
#[derive(Debug, Clone, Default)]
pub struct JsonObject<'a> {
    members: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> JsonObject<'a> {
    /// Reads an object.
    ///
    /// # Errors
    /// When the text is not a JSON object.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The text of a member. Of several with the same name the last counts, as in JavaScript;
    /// `null` counts as absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.members
            .iter()
            .rev()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_ref())
            .filter(|value| *value != "null")
    }

    /// Whether it has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Sets a member to a JSON text, in its old place or at the end.
    pub fn set(&mut self, name: &'a str, json: impl Into<Cow<'a, str>>) {
        let json = json.into();
        match self.members.iter().rposition(|(key, _)| key == name) {
            Some(at) => self.members[at].1 = json,
            None => self.members.push((Cow::Borrowed(name), json)),
        }
    }

    /// Sets a member to a JSON string with this content.
    pub fn set_string(&mut self, name: &'a str, content: &str) {
        self.set(name, quote(content));
    }

    /// Removes a member.
    pub fn remove(&mut self, name: &str) {
        self.members.retain(|(key, _)| key != name);
    }

    /// Removes all members of this name but the last, which is the one that counts.
    pub fn keep_last(&mut self, name: &str) {
        let last = self.members.iter().rposition(|(key, _)| key == name);
        let mut at = 0..;
        self.members
            .retain(|(key, _)| at.next() == last || key != name);
    }

    /// Whether several members have this name.
    #[must_use]
    pub fn is_repeated(&self, name: &str) -> bool {
        self.members.iter().filter(|(key, _)| key == name).count() > 1
    }

    /// The members of `base` that this object lacks. Takes time in proportion to both.
    #[must_use]
    pub fn lacking_of<'b>(&self, base: &JsonObject<'b>) -> JsonObject<'b> {
        let own: HashSet<&str> = self.members.iter().map(|(key, _)| key.as_ref()).collect();
        let lacking = base
            .members
            .iter()
            .filter(|(key, _)| !own.contains(key.as_ref()));
        JsonObject {
            members: lacking.cloned().collect(),
        }
    }

    /// Puts the members of `other` in front of its own.
    pub fn prepend(&mut self, other: JsonObject<'a>) {
        self.members.splice(0..0, other.members);
    }

    /// About the bytes of its text: exact unless a name has escapes.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        let members = self.members.iter();
        let n_bytes: usize = members
            .map(|(key, value)| key.len() + value.len() + 4)
            .sum();
        n_bytes + 2 - usize::from(!self.members.is_empty())
    }

    /// The object's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.text_bytes());
        text.push('{');
        for (at, (key, value)) in self.members.iter().enumerate() {
            if at > 0 {
                text.push(',');
            }
            text.push_str(&quote(key));
            text.push(':');
            text.push_str(value);
        }
        text.push('}');
        text
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for JsonObject<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Vec<(Cow<'de, str>, Cow<'de, str>)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(16);
                while let Some(KeyText(key)) = map.next_key()? {
                    let value: &'de RawValue = map.next_value()?;
                    members.push((key, Cow::Borrowed(value.get())));
                }
                Ok(members)
            }
        }

        deserializer
            .deserialize_map(Members)
            .map(|members| Self { members })
    }
}

/// A key, borrowed unless it has escapes.
#[derive(Deserialize)]
struct KeyText<'a>(#[serde(borrow)] Cow<'a, str>);

/// `content` as a JSON string.
#[must_use]
pub fn quote(content: &str) -> String {
    serde_json::Value::from(content).to_string()
}

/// The content of a JSON string, or `None` for any other value.
#[must_use]
pub fn unquote(json: &str) -> Option<Cow<'_, str>> {
    if !json.starts_with('"') {
        return None;
    }
    serde_json::from_str::<KeyText<'_>>(json)
        .ok()
        .map(|KeyText(content)| content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_object_keeps_its_other_members() {
        let mut object = JsonObject::parse(r#"{"a":1.50,"b":{"z":1e400},"a":2,"c\n":"\u00e9"}"#)
            .expect("an object");
        assert_eq!(object.get("a"), Some("2"));
        object.set_string("b", "x\"y");
        assert_eq!(
            object.to_text(),
            r#"{"a":1.50,"b":"x\"y","a":2,"c\n":"\u00e9"}"#
        );
    }

    #[test]
    fn of_a_repeated_member_the_one_that_counts_is_kept() {
        let text = r#"{"a":1,"b":2,"\u0061":3,"a":4,"c":5}"#;
        let mut object = JsonObject::parse(text).expect("an object");
        for (name, is_repeated) in [("a", true), ("b", false), ("d", false)] {
            assert_eq!(object.is_repeated(name), is_repeated);
            object.keep_last(name);
        }
        assert_eq!(object.to_text(), r#"{"b":2,"a":4,"c":5}"#);
    }

    #[test]
    fn a_base_fills_only_what_is_missing() {
        let mut event = JsonObject::parse(r#"{"ip":"1","app":null}"#).expect("an object");
        let base = JsonObject::parse(r#"{"app":1,"os":2}"#).expect("an object");
        event.prepend(event.lacking_of(&base));
        assert_eq!(event.to_text(), r#"{"os":2,"ip":"1","app":null}"#);
    }

    #[test]
    fn the_length_of_the_text_is_known_before_it_is_written() {
        for text in ["{}", r#"{"a":1}"#, r#"{"ü":"x","b":[1,2]}"#] {
            let object = JsonObject::parse(text).expect("an object");
            assert_eq!(object.text_bytes(), object.to_text().len(), "{text}");
        }
    }

    #[test]
    fn objects_of_a_million_members_are_merged_in_linear_time() {
        // With a search for each member this would take hours.
        let members = |from: u32| -> String {
            let members: Vec<_> = (from..from + 1_000_000)
                .map(|n| format!("\"{n}\":1"))
                .collect();
            format!("{{{}}}", members.join(","))
        };
        let (own, base) = (members(0), members(500_000));
        let own = JsonObject::parse(&own).expect("an object");
        let lacking = own.lacking_of(&JsonObject::parse(&base).expect("an object"));
        assert_eq!(lacking.members.len(), 500_000);
    }
}
