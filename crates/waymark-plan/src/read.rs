//! Reads a tracking plan, and refuses what it does not understand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::limits::{DEPTH_MAX, SCHEMAS_MAX};
use crate::members::{Members, content, elements};
use crate::scalar::{Scalar, Values};
use crate::schema::{Plan, Schema, TypeName};

/// Why a plan is invalid, in one line with the place of the mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("tracking plan: {path}: {why}")]
pub struct PlanError {
    /// The place, such as `events["Product Added"].properties.price.minimum`.
    pub path: String,
    /// The mistake.
    pub why: String,
}

fn wrong(path: &str, why: impl Into<String>) -> PlanError {
    PlanError {
        path: path.to_owned(),
        why: why.into(),
    }
}

/// Whether a keyword says nothing about values.
fn is_note(keyword: &str) -> bool {
    matches!(
        keyword,
        "$schema"
            | "$id"
            | "$comment"
            | "title"
            | "description"
            | "examples"
            | "default"
            | "deprecated"
    )
}

fn object<'a>(text: &'a str, path: &str) -> Result<Members<'a>, PlanError> {
    Members::of(text).ok_or_else(|| wrong(path, "not an object"))
}

/// See [`Plan::parse`].
pub(crate) fn read(text: &str) -> Result<Plan, PlanError> {
    let whole: &RawValue = serde_json::from_str(text)
        .map_err(|error| wrong("the file", format!("not JSON: {error}")))?;
    let given = object(whole.get(), "the file")?;
    for (key, _) in given.iter() {
        if key != "events" && key != "$defs" && !is_note(key) {
            return Err(wrong(key, "a keyword that plans do not have"));
        }
    }
    let definitions = given.get("$defs").filter(|text| *text != "null");
    let mut reader = Reader {
        definitions: Members::of(definitions.unwrap_or("{}")),
        known: BTreeMap::new(),
        open: BTreeSet::new(),
        n_schemas: 0,
    };
    let mut events = BTreeMap::new();
    for (name, one) in object(given.get("events").unwrap_or("null"), "events")?.iter() {
        let path = format!("events[{}]", serde_json::Value::from(name.as_ref()));
        let mut schema = reader.schema(one, &path, 0)?;
        match &schema.types {
            Some(types) if !types.contains(&TypeName::Object) => {
                let path = format!("{path}.type");
                return Err(wrong(&path, "properties are an object"));
            }
            Some(_) => {}
            None => Arc::make_mut(&mut schema).types = Some(vec![TypeName::Object]),
        }
        events.insert(name.as_ref().to_owned(), schema);
    }
    Ok(Plan { events })
}

/// Reads the schemas of one plan.
struct Reader<'a> {
    /// `None` if they are no object.
    definitions: Option<Members<'a>>,
    known: BTreeMap<String, Arc<Schema>>,
    /// The definitions that are being read: one that comes up again refers to itself.
    open: BTreeSet<String>,
    n_schemas: usize,
}

impl Reader<'_> {
    fn schema(&mut self, text: &str, path: &str, depth: usize) -> Result<Arc<Schema>, PlanError> {
        let given = object(text, path)?;
        if depth > DEPTH_MAX {
            return Err(wrong(path, format!("deeper than {DEPTH_MAX} levels")));
        }
        self.n_schemas += 1;
        if self.n_schemas > SCHEMAS_MAX {
            return Err(wrong(path, format!("more than {SCHEMAS_MAX} schemas")));
        }
        if let Some(reference) = given.get("$ref") {
            return self.referred(reference, path, depth);
        }
        let mut schema = Schema::default();
        for (keyword, said) in given.iter() {
            self.keyword(
                &mut schema,
                keyword,
                said,
                &format!("{path}.{keyword}"),
                depth,
            )?;
        }
        Ok(Arc::new(schema))
    }

    fn keyword(
        &mut self,
        schema: &mut Schema,
        keyword: &str,
        said: &str,
        path: &str,
        depth: usize,
    ) -> Result<(), PlanError> {
        if let Some(bound) = schema.bounds.named(keyword) {
            match Scalar::of(said) {
                Some(Scalar::Number(number)) => *bound = Some(number),
                _ => return Err(wrong(path, "not a number")),
            }
            return Ok(());
        }
        match keyword {
            "type" => schema.types = Some(types(said, path)?),
            "properties" => {
                for (name, one) in object(said, path)?.iter() {
                    let read = self.schema(one, &format!("{path}.{name}"), depth + 1)?;
                    schema.properties.insert(name.as_ref().to_owned(), read);
                }
            }
            "required" => schema.required = names(said, path)?,
            "additionalProperties" => match said {
                "true" => schema.closed = false,
                "false" => schema.closed = true,
                _ => return Err(wrong(path, "neither true nor false")),
            },
            "items" => schema.items = Some(self.schema(said, path, depth + 1)?),
            "enum" | "const" => {
                let list = match keyword {
                    "enum" => elements(said),
                    _ => Some(vec![said]),
                };
                let list: Option<Vec<_>> =
                    list.and_then(|list| list.into_iter().map(Scalar::of).collect());
                let why = "not made of texts, numbers, booleans and null";
                let list = list.ok_or_else(|| wrong(path, why))?;
                schema.values = Some(Values::of(&list));
            }
            note if is_note(note) => {}
            _ => return Err(wrong(path, "a keyword that plans do not have")),
        }
        Ok(())
    }

    fn referred(
        &mut self,
        reference: &str,
        path: &str,
        depth: usize,
    ) -> Result<Arc<Schema>, PlanError> {
        let Some(definitions) = &self.definitions else {
            return Err(wrong("$defs", "not an object"));
        };
        let target = content(reference);
        let name = target.as_deref().and_then(definition_name);
        let found = name.and_then(|name| Some((name, definitions.get(name)?)));
        let Some((name, text)) = found else {
            let why = format!("$ref is {reference}, which is not there");
            return Err(wrong(path, why));
        };
        if let Some(known) = self.known.get(name) {
            return Ok(Arc::clone(known));
        }
        let own_path = format!("$defs.{name}");
        if !self.open.insert(name.to_owned()) {
            return Err(wrong(path, format!("{own_path} refers to itself")));
        }
        let schema = self.schema(text, &own_path, depth + 1)?;
        self.open.remove(name);
        self.known.insert(name.to_owned(), Arc::clone(&schema));
        Ok(schema)
    }
}

/// The name in a reference to a definition.
fn definition_name(reference: &str) -> Option<&str> {
    let name = reference.strip_prefix("#/$defs/")?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (!name.is_empty() && name.bytes().all(is_plain)).then_some(name)
}

fn types(said: &str, path: &str) -> Result<Vec<TypeName>, PlanError> {
    let list = elements(said).unwrap_or_else(|| vec![said]);
    let named = |text: &str| TypeName::named(&content(text)?);
    let types: Option<Vec<_>> = list.into_iter().map(named).collect();
    types
        .filter(|types| !types.is_empty())
        .ok_or_else(|| wrong(path, "not a type of JSON Schema"))
}

fn names(said: &str, path: &str) -> Result<Vec<String>, PlanError> {
    let list = elements(said).and_then(|list| list.into_iter().map(content).collect());
    let list: Vec<_> = list.ok_or_else(|| wrong(path, "not a list of names"))?;
    let mut seen = BTreeSet::new();
    let names = list.into_iter().map(|name| name.into_owned());
    Ok(names.filter(|name| seen.insert(name.clone())).collect())
}
