//! Helpers that copy what an event has into a vendor's object.

use serde_json::{Map, Value};

use crate::event::{Event, Object};

/// Sets a member, if there is a value.
pub(crate) fn put(object: &mut Object, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), value.into());
    }
}

/// Copies values of the context, each under the vendor's name.
pub(crate) fn put_context(object: &mut Object, event: &Event<'_>, names: &[(&str, &[&str])]) {
    for (name, path) in names {
        put(object, name, event.of_context(path).cloned());
    }
}

/// The campaign as `utm_…` parameters.
pub(crate) fn put_campaign(object: &mut Object, event: &Event<'_>) {
    for (name, member) in [
        ("utm_source", "source"),
        ("utm_medium", "medium"),
        ("utm_campaign", "name"),
        ("utm_term", "term"),
        ("utm_content", "content"),
    ] {
        put(object, name, event.context_text(&["campaign", member]));
    }
}

/// The host of an address.
pub(crate) fn host(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#']).next()?;
    (!host.is_empty()).then_some(host)
}

/// Members as one level: `a.b.0.c`. Values are kept but for objects and lists.
pub(crate) fn flat(object: &Object) -> Object {
    let mut flat = Map::new();
    for (name, value) in object {
        flatten(name, value, &mut flat);
    }
    flat
}

fn flatten(name: &str, value: &Value, into: &mut Object) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                flatten(&format!("{name}.{member}"), value, into);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                flatten(&format!("{name}.{index}"), value, into);
            }
        }
        Value::Null => {}
        other => {
            into.insert(name.to_owned(), other.clone());
        }
    }
}

/// The first characters of a text.
pub(crate) fn shortened(text: &str, n_chars: usize) -> &str {
    match text.char_indices().nth(n_chars) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
