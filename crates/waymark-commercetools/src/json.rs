//! Reads members of JSON objects leniently: what is not of the kind that is asked for is absent.

use serde_json::{Map, Value};

/// A JSON object.
pub type Object = Map<String, Value>;

/// A member that is an object.
pub(crate) fn object<'a>(of: &'a Object, name: &str) -> Option<&'a Object> {
    of.get(name)?.as_object()
}

/// A member that is a list; an empty one where it is not.
pub(crate) fn list<'a>(of: &'a Object, name: &str) -> &'a [Value] {
    of.get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A member that is a text, without the white space around it, if something is left.
pub(crate) fn text<'a>(of: &'a Object, name: &str) -> Option<&'a str> {
    let text = of.get(name)?.as_str()?.trim();
    (!text.is_empty()).then_some(text)
}

/// Adds a member where there is a value.
pub(crate) fn put(to: &mut Object, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        to.insert(name.to_owned(), value.into());
    }
}

/// An object, unless it is empty.
pub(crate) fn filled(object: Object) -> Option<Value> {
    (!object.is_empty()).then_some(Value::Object(object))
}

/// An object of a JSON text.
pub(crate) fn parse(text: &str) -> Option<Object> {
    // A byte order mark is no JSON.
    serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()
}
