//! A call of the page as text: the one form in which calls cross into the core and wait in the
//! facade's buffer and journal.
//!
//! The first line holds up to three parts, separated by spaces: the method; the UUID of the
//! event's message id, so that two pages that replay the call make the same event; and an
//! object with members for the event's context, which give way to the call's own.
//!
//! Each further line is one argument: a string or a plain object as `JSON.stringify` writes it
//! (without line breaks), a number as `n` and its text, a function as `f`, `null` or `undefined`
//! as an empty line, anything else as `x`. In traits, a member that is `undefined` is kept as
//! that word.

use crate::error::CallError;
use crate::text::{cut, pieces};

/// The method that was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Something the visitor did.
    Track,
    /// A page view.
    Page,
    /// A screen view of an app.
    Screen,
    /// Who the visitor is.
    Identify,
    /// Which group the visitor belongs to.
    Group,
    /// Two ids of one visitor.
    Alias,
}

impl Method {
    /// The method's name in the API, which is also the event's `type` on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Track => "track",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Identify => "identify",
            Self::Group => "group",
            Self::Alias => "alias",
        }
    }

    /// The method with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Track,
            Self::Page,
            Self::Screen,
            Self::Identify,
            Self::Group,
            Self::Alias,
        ]
        .into_iter()
        .find(|method| method.name() == name)
    }
}

/// One argument, by the kinds that the argument forms distinguish (contract, §a.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arg<'a> {
    /// A string, as raw JSON with its quotes.
    String(&'a str),
    /// A number, as its text.
    Number(&'a str),
    /// A plain object, as raw JSON.
    Object(&'a str),
    /// `null` or `undefined`, or not given.
    Absent,
    /// A callback.
    Function,
    /// An array, a boolean, a date and so on.
    Other,
}

impl<'a> Arg<'a> {
    fn parse(line: &'a str) -> Self {
        match line.as_bytes().first() {
            None => Self::Absent,
            Some(b'"') => Self::String(line),
            Some(b'{') => Self::Object(line),
            Some(b'n') => Self::Number(line.get(1..).unwrap_or("")),
            Some(b'f') => Self::Function,
            Some(_) => Self::Other,
        }
    }
}

/// The most arguments any form has (`page(category, name, properties, options, callback)`).
const ARGS_MAX: usize = 5;

/// A call, split into its parts; [`crate::arguments`] resolves the arguments.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// The method.
    pub method: Method,
    /// The UUID of its event's message id; drawn if it is missing.
    pub uuid: Option<&'a str>,
    /// Members for the event's context that give way to the call's own, an object as raw JSON.
    pub stamps: &'a str,
    /// Its arguments; those not given are absent.
    pub args: [Arg<'a>; ARGS_MAX],
}

impl<'a> Call<'a> {
    /// Reads the text of a call.
    ///
    /// # Errors
    /// [`CallError::UnknownMethod`] if the first line names no method.
    pub fn parse(text: &'a str) -> Result<Self, CallError> {
        let mut lines = pieces(text, b'\n');
        let first = lines.next().unwrap_or_default();
        let (name, rest) = match cut(first, b' ') {
            Some((name, rest)) => (name, Some(rest)),
            None => (first, None),
        };
        let (uuid, stamps) = match rest.and_then(|rest| cut(rest, b' ')) {
            Some((uuid, stamps)) => (Some(uuid), stamps),
            None => (rest, "{}"),
        };
        let method = Method::from_name(name).ok_or(CallError::UnknownMethod)?;
        let mut args = [Arg::Absent; ARGS_MAX];
        for (arg, line) in args.iter_mut().zip(lines) {
            *arg = Arg::parse(line);
        }
        Ok(Self {
            method,
            uuid,
            stamps,
            args,
        })
    }
}
