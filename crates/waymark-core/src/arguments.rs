//! Argument forms: the role of each argument of a call (contract, §a.5).

use crate::call::{Arg, Call, Method};
use crate::error::CallError;
use crate::json;

/// An empty bag.
const EMPTY: &str = "{}";

/// The arguments of a call by their roles, as raw JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fields<'a> {
    /// The name of a tracked event, of a page or a screen.
    pub name: Option<&'a str>,
    /// The category of a page or a screen.
    pub category: Option<&'a str>,
    /// The id given to `identify`, `group` or `alias`.
    pub id: Option<Id<'a>>,
    /// The second id of `alias`.
    pub previous_id: Option<Id<'a>>,
    /// Properties or traits, an object.
    pub bag: &'a str,
    /// Options, an object.
    pub options: &'a str,
}

/// An id as the caller gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Id<'a> {
    /// A raw JSON string.
    String(&'a str),
    /// The text of a number.
    Number(&'a str),
}

impl<'a> Id<'a> {
    fn of(arg: Arg<'a>) -> Option<Self> {
        match arg {
            Arg::String(raw) => Some(Self::String(raw)),
            Arg::Number(text) => Some(Self::Number(text)),
            _ => None,
        }
    }

    /// The id as the text that is stored and sent: numbers become strings.
    pub fn text(self) -> String {
        match self {
            Self::String(raw) => json::string_value(raw).unwrap_or_default(),
            Self::Number(text) => text.into(),
        }
    }
}

/// Resolves the arguments of `call`.
///
/// # Errors
/// [`CallError::EventMissing`] for a `track` whose name is empty or not a string.
pub fn resolve<'a>(call: &Call<'a>) -> Result<Fields<'a>, CallError> {
    match call.method {
        Method::Track => track(&call.args),
        Method::Page | Method::Screen => Ok(page(&call.args)),
        Method::Identify | Method::Group => Ok(identify(&call.args)),
        Method::Alias => Ok(alias(&call.args)),
    }
}

impl Default for Fields<'_> {
    fn default() -> Self {
        Self {
            name: None,
            category: None,
            id: None,
            previous_id: None,
            bag: EMPTY,
            options: EMPTY,
        }
    }
}

fn object(arg: Arg<'_>) -> Option<&str> {
    match arg {
        Arg::Object(raw) => Some(raw),
        _ => None,
    }
}

fn string(arg: Arg<'_>) -> Option<&str> {
    match arg {
        Arg::String(raw) => Some(raw),
        _ => None,
    }
}

fn track<'a>(args: &[Arg<'a>; 5]) -> Result<Fields<'a>, CallError> {
    let [first, second, third, ..] = *args;
    let (name, bag, options) = match first {
        Arg::Object(event) => (
            json::get(event, "event"),
            json::get(event, "properties").filter(|raw| raw.starts_with("{")),
            object(second),
        ),
        _ => (string(first), object(second), object(third)),
    };
    let name = name
        .filter(|raw| raw.starts_with("\"") && json::is_truthy(raw))
        .ok_or(CallError::EventMissing)?;
    Ok(Fields {
        name: Some(name),
        bag: bag.unwrap_or(EMPTY),
        options: options.unwrap_or(EMPTY),
        ..Fields::default()
    })
}

fn page<'a>(args: &[Arg<'a>; 5]) -> Fields<'a> {
    let mut fields = Fields::default();
    let mut strings = args.iter().filter_map(|arg| string(*arg));
    match (strings.next(), strings.next(), strings.next()) {
        (Some(name), None, _) => fields.name = Some(name),
        (Some(_), Some(_), None) => {
            fields.category = string(args[0]);
            fields.name = string(args[1]);
        }
        _ => {}
    }
    let mut objects = args.iter().filter_map(|arg| object(*arg));
    match (objects.next(), objects.next(), objects.next()) {
        (Some(only), None, _) => {
            if object(args[2]).is_none() && object(args[3]).is_some() {
                fields.options = only;
            } else {
                fields.bag = only;
            }
        }
        (Some(bag), Some(options), None) => {
            fields.bag = bag;
            fields.options = options;
        }
        _ => {}
    }
    fields
}

/// Id, traits and options each take the next argument if its type fits. An argument that does not
/// fit leaves its role empty, and the first function ends the list.
fn identify<'a>(args: &[Arg<'a>; 5]) -> Fields<'a> {
    let mut fields = Fields::default();
    let mut rest = args.iter().copied().peekable();
    fields.id = rest.peek().copied().and_then(Id::of);
    if fields.id.is_some() || rest.peek() == Some(&Arg::Absent) {
        rest.next();
    }
    for place in [&mut fields.bag, &mut fields.options] {
        match rest.next() {
            Some(Arg::Object(raw)) => *place = raw,
            Some(Arg::Function) => break,
            _ => {}
        }
    }
    fields
}

fn alias<'a>(args: &[Arg<'a>; 5]) -> Fields<'a> {
    let mut ids = args.iter().take(3).filter_map(|arg| Id::of(*arg));
    Fields {
        id: ids.next(),
        previous_id: ids.next(),
        options: args.iter().find_map(|arg| object(*arg)).unwrap_or(EMPTY),
        ..Fields::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Name, category, id, bag and options of a call, for a table of forms.
    fn seen(text: &str) -> Result<[String; 5], CallError> {
        let fields = resolve(&Call::parse(text)?)?;
        Ok([
            fields.name.unwrap_or("-").into(),
            fields.category.unwrap_or("-").into(),
            fields.id.map_or_else(|| "-".into(), Id::text),
            fields.bag.into(),
            fields.options.into(),
        ])
    }

    #[test]
    fn every_form_of_the_contract_is_read() {
        let cases = [
            ("track\n\"E\"", ["\"E\"", "-", "-", "{}", "{}"]),
            (
                "track\n\"E\"\n{\"p\":1}\n{\"o\":1}\nf",
                ["\"E\"", "-", "-", "{\"p\":1}", "{\"o\":1}"],
            ),
            (
                "track\n\"E\"\nx\n{\"o\":1}",
                ["\"E\"", "-", "-", "{}", "{\"o\":1}"],
            ),
            ("track\n\"E\"\nf", ["\"E\"", "-", "-", "{}", "{}"]),
            (
                "track\n{\"event\":\"E\",\"properties\":{\"p\":1}}\n{\"foo\":2}",
                ["\"E\"", "-", "-", "{\"p\":1}", "{\"foo\":2}"],
            ),
            ("page", ["-", "-", "-", "{}", "{}"]),
            ("page\n\"N\"", ["\"N\"", "-", "-", "{}", "{}"]),
            (
                "page\n\"C\"\n\"N\"\n{\"p\":1}\n{\"o\":1}\nf",
                ["\"N\"", "\"C\"", "-", "{\"p\":1}", "{\"o\":1}"],
            ),
            (
                "page\n{\"p\":1}\n{\"o\":1}",
                ["-", "-", "-", "{\"p\":1}", "{\"o\":1}"],
            ),
            (
                "page\n\"C\"\n\n{\"p\":1}",
                ["\"C\"", "-", "-", "{\"p\":1}", "{}"],
            ),
            (
                "page\n\"N\"\n\n\n{\"foo\":1}",
                ["\"N\"", "-", "-", "{}", "{\"foo\":1}"],
            ),
            (
                "page\nn1\nn2\n{\"p\":1}",
                ["-", "-", "-", "{\"p\":1}", "{}"],
            ),
            ("page\n\"\"\n\"\"", ["\"\"", "\"\"", "-", "{}", "{}"]),
            (
                "identify\n\"u\"\n{\"t\":1}\n{\"o\":1}",
                ["-", "-", "u", "{\"t\":1}", "{\"o\":1}"],
            ),
            (
                "identify\n{\"t\":1}\n{\"o\":1}",
                ["-", "-", "-", "{\"t\":1}", "{\"o\":1}"],
            ),
            (
                "identify\n\n{\"t\":1}\n{\"o\":1}",
                ["-", "-", "-", "{\"t\":1}", "{\"o\":1}"],
            ),
            ("identify\nn0", ["-", "-", "0", "{}", "{}"]),
            ("identify\n\"u\"\nf", ["-", "-", "u", "{}", "{}"]),
            (
                "identify\n\"u\"\n\n{\"o\":1}",
                ["-", "-", "u", "{}", "{\"o\":1}"],
            ),
            (
                "identify\n\"u\"\nx\n{\"o\":1}",
                ["-", "-", "u", "{}", "{\"o\":1}"],
            ),
            ("group\nn5\n{\"n\":1}", ["-", "-", "5", "{\"n\":1}", "{}"]),
            (
                "alias\nn1\nn2\n{\"o\":1}",
                ["-", "-", "1", "{}", "{\"o\":1}"],
            ),
            ("alias\n\nf\n\nn5", ["-", "-", "-", "{}", "{}"]),
            ("alias\n\n\"x\"", ["-", "-", "x", "{}", "{}"]),
        ];
        for (text, expected) in cases {
            assert_eq!(seen(text).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn a_track_without_a_name_is_refused() {
        for text in [
            "track",
            "track\n\"\"",
            "track\nn5",
            "track\nf",
            "track\n{\"properties\":{}}",
            "track\n{\"event\":5}",
        ] {
            assert_eq!(seen(text), Err(CallError::EventMissing), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_call_is_read_or_refused_with_a_reason(
            method in 0..6_usize,
            args in prop::collection::vec(
                prop::sample::select(vec!["\"s\"", "\"\"", "n1", "{\"k\":1}", "{}", "", "f", "x"]),
                0..7,
            ),
        ) {
            let name = ["track", "page", "screen", "identify", "group", "alias"][method];
            let mut text = String::from(name);
            for arg in &args {
                text.push('\n');
                text.push_str(arg);
            }
            match resolve(&Call::parse(&text).unwrap()) {
                Ok(fields) => {
                    let objects = [fields.bag, fields.options].map(|raw| raw.starts_with('{'));
                    prop_assert_eq!(objects, [true, true]);
                    prop_assert!(name != "track" || fields.name.is_some());
                }
                Err(error) => prop_assert!(name == "track" && error == CallError::EventMissing),
            }
        }
    }
}
