//! Events as they are stored, and what vendors read of them.

use std::cell::OnceCell;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::ecommerce::EcommerceEvent;
use crate::event_type::EventType;
use crate::rules::Rules;
use crate::skip::Skip;

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

static EMPTY: LazyLock<Object> = LazyLock::new(Object::new);

/// A stored event. `Debug` of its data belongs into no log.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// The kind of call it was.
    pub event_type: EventType,
    /// The id by which a repeat is recognised.
    pub message_id: &'a str,
    /// When it happened, by the gateway's clock, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The client address that the gateway saw, if it replaces the event's own.
    pub ip: Option<&'a str>,
    /// Its JSON text.
    pub text: &'a str,
    /// The ids of user and visitor, if they are known without its text.
    known_ids: Option<[Option<&'a str>; 2]>,
    /// Read when it is asked for: many destinations pass the text on as it is.
    body: OnceCell<Option<Object>>,
    name: Option<String>,
}

impl<'a> Event<'a> {
    /// An event with this text.
    #[must_use]
    pub fn new(
        event_type: EventType,
        message_id: &'a str,
        timestamp_ms: i64,
        ip: Option<&'a str>,
        text: &'a str,
    ) -> Self {
        Self {
            event_type,
            message_id,
            timestamp_ms,
            ip,
            text,
            known_ids: None,
            body: OnceCell::new(),
            name: None,
        }
    }

    /// The same with the ids of its user and its visitor, so that its text need not be read for
    /// them.
    #[must_use]
    pub const fn with_ids(
        mut self,
        user_id: Option<&'a str>,
        anonymous_id: Option<&'a str>,
    ) -> Self {
        self.known_ids = Some([user_id, anonymous_id]);
        self
    }

    /// All ids that tell who it was.
    pub(crate) fn ids(&self) -> Vec<String> {
        let mut ids: Vec<String> = match self.known_ids {
            Some(known) => known.into_iter().flatten().map(str::to_owned).collect(),
            None => [self.user_id(), self.anonymous_id()]
                .into_iter()
                .flatten()
                .collect(),
        };
        if self.event_type == EventType::Alias {
            ids.extend(self.previous_id());
        }
        ids
    }

    /// Gives it the name that the rules have for it.
    pub(crate) fn rename(&mut self, rules: &Rules) {
        if !rules.rename.is_empty() {
            let own = self.name();
            self.name = own.and_then(|name| rules.rename.get(&name).cloned());
        }
    }

    /// The name that it was given in place of its own.
    pub(crate) fn new_name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Its members.
    ///
    /// # Errors
    /// When its text cannot be read.
    pub(crate) fn body(&self) -> Result<&Object, Skip> {
        let body = self
            .body
            .get_or_init(|| serde_json::from_str(self.text).ok());
        body.as_ref().ok_or(Skip::Unreadable)
    }

    /// The member, or an empty object.
    fn object(&self, name: &str) -> &Object {
        let member = self.body().ok().and_then(|body| body.get(name));
        member.and_then(Value::as_object).unwrap_or(&EMPTY)
    }

    /// `properties`.
    pub(crate) fn properties(&self) -> &Object {
        self.object("properties")
    }

    /// `traits` of `identify` and `group`.
    pub(crate) fn traits(&self) -> &Object {
        self.object("traits")
    }

    /// `context`.
    pub(crate) fn context(&self) -> &Object {
        self.object("context")
    }

    /// `integrations`.
    pub(crate) fn integrations(&self) -> &Object {
        self.object("integrations")
    }

    /// What is known of the person: the traits of `identify`, otherwise those of the context.
    pub(crate) fn person(&self) -> &Object {
        if self.event_type == EventType::Identify {
            return self.traits();
        }
        let traits = self.context().get("traits").and_then(Value::as_object);
        traits.unwrap_or(&EMPTY)
    }

    /// A value of the context, such as `page`, `url`.
    pub(crate) fn of_context(&self, path: &[&str]) -> Option<&Value> {
        at(self.context(), path)
    }

    /// A text of the context. Empty ones count as absent.
    pub(crate) fn context_text(&self, path: &[&str]) -> Option<String> {
        self.of_context(path).and_then(text)
    }

    /// A text of the properties.
    pub(crate) fn property(&self, name: &str) -> Option<String> {
        self.properties().get(name).and_then(text)
    }

    fn id(&self, name: &str) -> Option<String> {
        self.body().ok()?.get(name).and_then(text)
    }

    /// `userId`.
    pub(crate) fn user_id(&self) -> Option<String> {
        self.id("userId")
    }

    /// `anonymousId`.
    pub(crate) fn anonymous_id(&self) -> Option<String> {
        self.id("anonymousId")
    }

    /// `previousId` of `alias`.
    pub(crate) fn previous_id(&self) -> Option<String> {
        self.id("previousId")
    }

    /// `groupId` of `group`, otherwise that of the context.
    pub(crate) fn group_id(&self) -> Option<String> {
        self.id("groupId")
            .or_else(|| self.context_text(&["groupId"]))
    }

    /// The event's, page's or screen's name.
    pub(crate) fn name(&self) -> Option<String> {
        if let Some(name) = &self.name {
            return Some(name.clone());
        }
        match self.event_type {
            EventType::Track => self.id("event"),
            EventType::Page | EventType::Screen => {
                self.id("name").or_else(|| self.property("name"))
            }
            EventType::Identify | EventType::Group | EventType::Alias => None,
        }
    }

    /// Which event of Segment's ecommerce spec it is.
    pub(crate) fn ecommerce(&self) -> Option<EcommerceEvent> {
        if self.event_type != EventType::Track {
            return None;
        }
        self.name()
            .and_then(|name| EcommerceEvent::from_name(&name))
    }

    /// The id that an advertiser's link carried, as the SDK's attribution has it.
    pub(crate) fn click_id(&self, name: &str) -> Option<String> {
        let touches: [&[&str]; 4] = [
            &["clickIds"],
            &["attribution", "last", "clickIds"],
            &["attribution", "first", "clickIds"],
            &[],
        ];
        touches
            .iter()
            .find_map(|path| self.context_text(&[*path, &[name]].concat()))
    }

    /// The client address: what the gateway saw, otherwise what the event says.
    pub(crate) fn ip(&self) -> Option<String> {
        match self.ip {
            Some(ip) => Some(ip.to_owned()),
            None => self.context_text(&["ip"]),
        }
    }

    /// The address of the page.
    pub(crate) fn page_url(&self) -> Option<String> {
        self.property_of_page("url")
    }

    /// What `page` tells of the page, otherwise what the context does.
    pub(crate) fn property_of_page(&self, name: &str) -> Option<String> {
        let own = (self.event_type == EventType::Page).then(|| self.property(name));
        own.flatten().or_else(|| self.context_text(&["page", name]))
    }
}

/// A value deep in an object.
pub(crate) fn at<'v>(object: &'v Object, path: &[&str]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    let mut value = object.get(*first)?;
    for name in rest {
        value = value.get(name)?;
    }
    (!value.is_null()).then_some(value)
}

/// A text, or a number as text: ids may be either. Blank ones count as absent.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
