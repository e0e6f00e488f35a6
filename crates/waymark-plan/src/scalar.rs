//! Values that are no object and no array.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::limits::{SHOWN_CHARS, SHOWN_VALUES};
use crate::members::content;
use crate::number::number_text;
use crate::schema::TypeName;

/// A value that is no object and no array.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    /// Infinite where the text has more than a number of JavaScript can hold.
    Number(f64),
    Text(Cow<'a, str>),
}

impl<'a> Scalar<'a> {
    /// Reads a value's text.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        match text.as_bytes().first()? {
            b'{' | b'[' => None,
            b'"' => content(text).map(Self::Text),
            b't' => Some(Self::Bool(true)),
            b'f' => Some(Self::Bool(false)),
            b'n' => Some(Self::Null),
            _ => text.parse().ok().map(Self::Number),
        }
    }

    /// Its type; a number that JSON does not have is null there.
    pub(crate) fn type_name(&self) -> TypeName {
        match self {
            Self::Null => TypeName::Null,
            Self::Bool(_) => TypeName::Boolean,
            Self::Number(number) if !number.is_finite() => TypeName::Null,
            Self::Number(number) if number.fract() == 0.0 => TypeName::Integer,
            Self::Number(_) => TypeName::Number,
            Self::Text(_) => TypeName::String,
        }
    }

    /// How a message shows it.
    pub(crate) fn shown(&self) -> String {
        let text = match self {
            Self::Null => return "null".to_owned(),
            Self::Bool(yes) => return yes.to_string(),
            Self::Number(number) => number_text(*number),
            Self::Text(text) => serde_json::Value::from(text.as_ref()).to_string(),
        };
        // JavaScript counts a text in units of UTF-16.
        if text.encode_utf16().count() <= SHOWN_CHARS {
            return text;
        }
        let mut n_units = 0;
        let start: String = text
            .chars()
            .take_while(|one| {
                n_units += one.len_utf16();
                n_units <= SHOWN_CHARS - 3
            })
            .collect();
        format!("{start}…")
    }
}

/// The values that `enum` and `const` allow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    texts: BTreeSet<String>,
    /// Sorted.
    numbers: Vec<f64>,
    bools: [bool; 2],
    null: bool,
    /// The first ones, as a message shows them.
    pub(crate) shown: String,
}

impl Values {
    /// Those of a list.
    pub(crate) fn of(list: &[Scalar<'_>]) -> Self {
        let mut values = Self::default();
        let mut first: Vec<&Scalar<'_>> = Vec::new();
        for one in list {
            if first.len() < SHOWN_VALUES && !first.contains(&one) {
                first.push(one);
            }
            match one {
                Scalar::Null => values.null = true,
                Scalar::Bool(yes) => values.bools[usize::from(*yes)] = true,
                Scalar::Number(number) => values.numbers.push(number + 0.0),
                Scalar::Text(text) => {
                    values.texts.insert(text.as_ref().to_owned());
                }
            }
        }
        values.numbers.sort_by(f64::total_cmp);
        let shown: Vec<_> = first.into_iter().map(Scalar::shown).collect();
        values.shown = shown.join(", ");
        values
    }

    /// Whether the value is one of them.
    pub(crate) fn has(&self, value: &Scalar<'_>) -> bool {
        match value {
            Scalar::Null => self.null,
            Scalar::Bool(yes) => self.bools[usize::from(*yes)],
            Scalar::Number(number) => {
                // Adding zero makes -0 the same as 0.
                let wanted = number + 0.0;
                let found = self
                    .numbers
                    .binary_search_by(|known| known.total_cmp(&wanted));
                found.is_ok()
            }
            Scalar::Text(text) => self.texts.contains(text.as_ref()),
        }
    }
}
