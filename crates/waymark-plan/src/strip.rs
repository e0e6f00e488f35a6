//! Takes out of an event's properties what is not planned.

use crate::limits::STRIP_DEPTH_MAX;
use crate::members::{Members, elements};
use crate::schema::{Plan, Schema};

/// See [`Plan::strip`].
pub(crate) fn strip(plan: &Plan, event: &str, properties: &str) -> Option<String> {
    let text = properties.trim();
    match plan.events.get(event) {
        Some(schema) => stripped(schema, text, 0),
        None => (text != "{}" && text != "null").then(|| "{}".to_owned()),
    }
}

/// The value without what is not planned; `None` if it stays as it is.
fn stripped(schema: &Schema, text: &str, depth: usize) -> Option<String> {
    if depth > STRIP_DEPTH_MAX {
        return Some("null".to_owned());
    }
    match text.as_bytes().first()? {
        b'{' => stripped_object(schema, text, depth),
        b'[' => stripped_array(schema.items.as_deref()?, text, depth),
        _ => None,
    }
}

fn stripped_object(schema: &Schema, text: &str, depth: usize) -> Option<String> {
    if schema.properties.is_empty() && !schema.closed {
        return None;
    }
    let members = Members::of(text)?;
    // Only the last of several members with one name was judged.
    let mut changed = members.repeated;
    let mut kept = Vec::new();
    for (name, value) in members.iter() {
        let Some(one) = schema.properties.get(name.as_ref()) else {
            if schema.closed {
                changed = true;
            } else {
                kept.push((name, (*value).to_owned()));
            }
            continue;
        };
        let value = stripped(one, value, depth + 1).map_or_else(
            || (*value).to_owned(),
            |stripped| {
                changed = true;
                stripped
            },
        );
        kept.push((name, value));
    }
    changed.then(|| {
        let written = kept
            .iter()
            .map(|(name, value)| format!("{}:{value}", serde_json::Value::from(name.as_ref())));
        format!("{{{}}}", written.collect::<Vec<_>>().join(","))
    })
}

fn stripped_array(items: &Schema, text: &str, depth: usize) -> Option<String> {
    let elements = elements(text)?;
    let mut changed = false;
    let kept: Vec<String> = elements
        .into_iter()
        .map(|element| {
            stripped(items, element, depth + 1).map_or_else(
                || element.to_owned(),
                |stripped| {
                    changed = true;
                    stripped
                },
            )
        })
        .collect();
    changed.then(|| format!("[{}]", kept.join(",")))
}
