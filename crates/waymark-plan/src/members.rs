//! The members of a JSON object as JavaScript sees them.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A member: its name, and its value's text.
pub(crate) type Member<'a> = (Cow<'a, str>, &'a str);

/// An object's members in the order of JavaScript: names that are indexes first and by size, then
/// the others as they were first written. Of several with one name the last one's value counts.
#[derive(Debug)]
pub(crate) struct Members<'a> {
    list: Vec<Member<'a>>,
    /// Places in the list by name.
    by_name: Vec<usize>,
    /// Whether several members have one name.
    pub(crate) repeated: bool,
}

impl<'a> Members<'a> {
    /// Those of a text, or `None` if it is not an object.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let Written(written) = serde_json::from_str(text).ok()?;
        let mut by_name: Vec<usize> = (0..written.len()).collect();
        by_name.sort_by(|a, b| written[*a].0.cmp(&written[*b].0).then(a.cmp(b)));
        // The text that counts for each name stands at the name's first place.
        let mut last = vec![None; written.len()];
        let mut first = 0;
        for (nth, at) in by_name.iter().enumerate() {
            if nth == 0 || written[by_name[nth - 1]].0 != written[*at].0 {
                first = *at;
            }
            last[first] = Some(written[*at].1);
        }
        let n_written = written.len();
        let mut list: Vec<Member<'a>> = written
            .into_iter()
            .zip(last)
            .filter_map(|((name, _), text)| Some((name, text?)))
            .collect();
        list.sort_by_key(|(name, _)| index_of(name).map_or((true, 0), |index| (false, index)));
        let mut by_name: Vec<usize> = (0..list.len()).collect();
        by_name.sort_by(|a, b| list[*a].0.cmp(&list[*b].0));
        let repeated = list.len() < n_written;
        Some(Self {
            list,
            by_name,
            repeated,
        })
    }

    /// All members.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Member<'a>> {
        self.list.iter()
    }

    /// The text of a member.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        let found = self
            .by_name
            .binary_search_by(|at| self.list[*at].0.as_ref().cmp(name));
        found.ok().map(|at| self.list[self.by_name[at]].1)
    }
}

/// The number that a name is, if JavaScript takes it for the index of an element.
fn index_of(name: &str) -> Option<u32> {
    let index: u32 = name.parse().ok()?;
    let canonical = name == "0" || !name.starts_with(['0', '+']);
    (canonical && index != u32::MAX).then_some(index)
}

/// The texts of an array's elements, or `None` if it is not an array.
pub(crate) fn elements(text: &str) -> Option<Vec<&str>> {
    let elements: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    Some(elements.into_iter().map(RawValue::get).collect())
}

/// The members as they are written.
struct Written<'a>(Vec<Member<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Written<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct All;

        impl<'de> Visitor<'de> for All {
            type Value = Vec<Member<'de>>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    let value: &'de RawValue = map.next_value()?;
                    members.push((name, value.get()));
                }
                Ok(members)
            }
        }

        from.deserialize_map(All).map(Written)
    }
}

/// A name, borrowed unless it has escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The content of a JSON string, or `None` for any other value.
pub(crate) fn content(text: &str) -> Option<Cow<'_, str>> {
    let Name(content) = text
        .starts_with('"')
        .then(|| serde_json::from_str(text).ok())??;
    Some(content)
}

#[cfg(test)]
mod tests {
    use super::Members;

    #[test]
    fn members_come_in_the_order_of_javascript() {
        let text = r#"{"b":1,"10":2,"a":3,"2":4,"b":5,"02":6,"4294967295":7}"#;
        let members = Members::of(text).unwrap();
        let seen: Vec<_> = members
            .iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect();
        // As `Object.entries(JSON.parse(text))` has them.
        assert_eq!(seen, ["2=4", "10=2", "b=5", "a=3", "02=6", "4294967295=7"]);
        assert_eq!(members.get("b"), Some("5"));
        assert_eq!(members.get("c"), None);
    }
}
