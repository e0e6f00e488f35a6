//! What a message becomes.

use serde_json::{Value, json};

use crate::customer::{address_of, company_of, phone_of, traits_of, user_id_of};
use crate::envelope::inner;
use crate::ids;
use crate::json::{Object, filled, object, put, text};
use crate::options::{Options, UserId};
use crate::order;
use crate::refusal::{Ignored, Refusal};

/// What a message becomes.
#[derive(Debug, Clone, PartialEq)]
pub enum Mapped {
    /// Events, as Segment's API takes them.
    Events(Vec<Object>),
    /// Nothing.
    Ignored(Ignored),
}

/// The events of a message, or of an extension's input.
///
/// # Errors
/// When the message is wrong, of another project, or lacks what the user id is.
pub fn events_of(message: &Object, options: &Options) -> Result<Mapped, Refusal> {
    let opened = message
        .contains_key("specversion")
        .then(|| inner(message.clone()));
    let message = opened.as_ref().unwrap_or(message);
    if let Some(kind) = text(message, "notificationType") {
        check_project(message, options)?;
        return match kind {
            "Message" => of_message(message, options),
            "ResourceCreated" | "ResourceUpdated" | "ResourceDeleted" => {
                Ok(Mapped::Ignored(Ignored::NoBody))
            }
            _ => Ok(Mapped::Ignored(Ignored::Type)),
        };
    }
    if message.contains_key("action") && message.contains_key("resource") {
        return of_extension(message, options);
    }
    of_own_body(message, options)
}

fn check_project(message: &Object, options: &Options) -> Result<(), Refusal> {
    let project = text(message, "projectKey");
    match (&options.project_key, project) {
        (Some(wanted), Some(project)) if wanted != project => Err(Refusal::new(
            "wrong_project",
            format!("the message is of the project {project}, which this source does not take"),
        )),
        _ => Ok(()),
    }
}

/// A message of a subscription.
fn of_message(message: &Object, options: &Options) -> Result<Mapped, Refusal> {
    if message.contains_key("payloadNotIncluded") {
        return Ok(Mapped::Ignored(Ignored::PayloadNotIncluded));
    }
    let kind = text(message, "type").unwrap_or_default();
    match kind {
        "CustomerCreated" | "CustomerUpdated" => {
            let customer = object(message, "customer").ok_or_else(|| no_customer(kind))?;
            let event = identify(customer, options, message_id(message))?;
            Ok(Mapped::Events(vec![completed(event, message)]))
        }
        "OrderCreated" | "OrderImported" => {
            let order = object(message, "order");
            let event = order.and_then(|order| order::completed(order, options));
            let event = event.ok_or_else(|| {
                Refusal::new("invalid_message", format!("{kind} carries no order"))
            })?;
            Ok(Mapped::Events(vec![completed(event, message)]))
        }
        "CustomerAddressAdded"
        | "CustomerAddressChanged"
        | "CustomerAddressRemoved"
        | "CustomerDefaultBillingAddressSet"
        | "CustomerShippingAddressAdded"
        | "CustomerShippingAddressRemoved"
        | "CustomerBillingAddressAdded"
        | "CustomerBillingAddressRemoved" => Ok(Mapped::Ignored(Ignored::OneAddress)),
        _ => match changed_traits(kind, message, options) {
            Some(traits) => Ok(Mapped::Events(changed(traits, message, options)?)),
            None => Ok(Mapped::Ignored(Ignored::Type)),
        },
    }
}

fn no_customer(kind: &str) -> Refusal {
    Refusal::new("invalid_message", format!("{kind} carries no customer"))
}

/// The traits that a message about a part of a customer changes. What was taken away is null.
fn changed_traits(kind: &str, message: &Object, options: &Options) -> Option<Object> {
    let value = |name: &str| json!(text(message, name));
    let traits = match kind {
        "CustomerEmailChanged" => {
            json!({ "email": text(message, "email").map(|email| options.email(email)) })
        }
        "CustomerFirstNameSet" => json!({ "firstName": value("firstName") }),
        "CustomerLastNameSet" => json!({ "lastName": value("lastName") }),
        "CustomerTitleSet" => json!({ "title": value("title") }),
        "CustomerDateOfBirthSet" => json!({ "birthday": value("dateOfBirth") }),
        "CustomerCompanyNameSet" => json!({ "company": company_of(message) }),
        "CustomerEmailVerified" => json!({ "emailVerified": true }),
        "CustomerExternalIdSet" => {
            json!({ "commercetools": { "externalId": value("externalId") } })
        }
        "CustomerGroupSet" => {
            let group = object(message, "customerGroup").and_then(|one| text(one, "id"));
            json!({ "commercetools": { "groupId": group } })
        }
        "CustomerDefaultShippingAddressSet" => {
            let address = object(message, "address");
            json!({
                "phone": address.and_then(phone_of),
                "address": address.and_then(|one| filled(address_of(one))),
            })
        }
        _ => return None,
    };
    traits.as_object().cloned()
}

/// The events of a change: an `identify`, and an `alias` where the user id is another from now on.
fn changed(
    mut traits: Object,
    message: &Object,
    options: &Options,
) -> Result<Vec<Object>, Refusal> {
    let resource = object(message, "resource").and_then(|one| text(one, "id"));
    let given = object(message, "resourceUserProvidedIdentifiers");
    let mut known = Object::new();
    put(&mut known, "id", resource);
    for name in ["customerNumber", "externalId"] {
        put(&mut known, name, given.and_then(|given| text(given, name)));
    }
    put(
        &mut known,
        "version",
        message
            .get("resourceVersion")
            .filter(|one| one.is_u64())
            .cloned(),
    );
    if let Some(Value::Object(own)) = traits.remove("commercetools") {
        known.extend(own);
    }
    put(&mut traits, "commercetools", filled(known.clone()));
    let user = match options.user_id {
        UserId::Email => text(&traits, "email"),
        UserId::ExternalId => text(&known, "externalId"),
        UserId::CustomerNumber => text(&known, "customerNumber"),
        UserId::Id => text(&known, "id"),
    };
    let user = user.map(str::to_owned);
    let id = message_id(message).unwrap_or_else(|| {
        let content = format!("{}", Value::Object(message.clone()));
        ids::of_content(resource.unwrap_or_default(), &content)
    });
    let mut events = Vec::with_capacity(2);
    if text(message, "type") == Some("CustomerEmailChanged") {
        let old = text(message, "oldEmail").map(|email| options.email(email));
        if let (UserId::Email, Some(user), Some(old)) = (options.user_id, &user, old)
            && *user != old
        {
            let mut alias = Object::new();
            alias.insert("type".to_owned(), json!("alias"));
            alias.insert("messageId".to_owned(), ids::part(&id, "alias").into());
            alias.insert("userId".to_owned(), json!(user));
            alias.insert("previousId".to_owned(), old.into());
            events.push(completed(alias, message));
        }
    }
    let event = identify_as(user, resource, traits, id, options).ok_or_else(missing_id)?;
    events.push(completed(event, message));
    Ok(events)
}

/// The input of an API extension: the customer as it will be.
fn of_extension(input: &Object, options: &Options) -> Result<Mapped, Refusal> {
    let resource = object(input, "resource");
    let kind = resource.and_then(|one| text(one, "typeId"));
    match (kind, resource.and_then(|one| object(one, "obj"))) {
        (Some("customer"), Some(customer)) => {
            Ok(Mapped::Events(vec![identify(customer, options, None)?]))
        }
        (Some("customer"), None) => Err(no_customer("the extension's input")),
        (Some("order"), _) => Ok(Mapped::Ignored(Ignored::NotPlaced)),
        _ => Ok(Mapped::Ignored(Ignored::Type)),
    }
}

/// A body of one's own: `{"type":"customer.created","customer":{…}}`, or `customer.updated`; the
/// type may be called `eventType`, and the customer be in `data`.
fn of_own_body(body: &Object, options: &Options) -> Result<Mapped, Refusal> {
    let kind = text(body, "eventType").or_else(|| text(body, "type"));
    let kind = kind.ok_or_else(|| {
        Refusal::new("invalid_message", "the body is no message of commercetools")
    })?;
    let known = [
        "customer.created",
        "customer.updated",
        "CustomerCreated",
        "CustomerUpdated",
    ];
    if !known.contains(&kind) {
        return Err(Refusal::new(
            "unsupported_event_type",
            "Unsupported event type",
        ));
    }
    check_project(body, options)?;
    let data = object(body, "data");
    let customer = object(body, "customer")
        .or_else(|| object(data?, "customer"))
        .or(data)
        .ok_or_else(|| no_customer(kind))?;
    Ok(Mapped::Events(vec![identify(customer, options, None)?]))
}

/// The `identify` of a whole customer. Without an id its content tells whether it is a repeat.
fn identify(customer: &Object, options: &Options, id: Option<String>) -> Result<Object, Refusal> {
    let traits = traits_of(customer, options);
    let user = user_id_of(customer, options);
    if user.is_none() && options.user_id == UserId::Email {
        return Err(Refusal::new("missing_email", "the customer has no email"));
    }
    let resource = text(customer, "id");
    let changed = text(customer, "lastModifiedAt");
    let id = id.unwrap_or_else(|| {
        let content = json!([user, traits, changed]).to_string();
        ids::of_content(resource.unwrap_or_default(), &content)
    });
    let mut event = identify_as(user, resource, traits, id, options).ok_or_else(missing_id)?;
    put(&mut event, "timestamp", changed);
    Ok(event)
}

fn missing_id() -> Refusal {
    Refusal::new("missing_user", "the message names no customer")
}

/// An `identify`. The customer's id is its anonymous id, so that a message about a part of the
/// customer, which does not have the user id, is of the same person.
fn identify_as(
    user: Option<String>,
    resource: Option<&str>,
    traits: Object,
    id: String,
    options: &Options,
) -> Option<Object> {
    let anonymous = resource.filter(|_| options.user_id != UserId::Id);
    if user.is_none() && anonymous.is_none() {
        return None;
    }
    let mut event = Object::new();
    event.insert("type".to_owned(), json!("identify"));
    event.insert("messageId".to_owned(), id.into());
    put(&mut event, "userId", user);
    put(&mut event, "anonymousId", anonymous);
    event.insert("traits".to_owned(), traits.into());
    Some(event)
}

fn message_id(message: &Object) -> Option<String> {
    let project = text(message, "projectKey").unwrap_or_default();
    text(message, "id").map(|id| ids::of_message(project, id))
}

/// An event with the time and the origin of its message.
fn completed(mut event: Object, message: &Object) -> Object {
    if !event.contains_key("timestamp") || event.get("type") != Some(&json!("track")) {
        put(&mut event, "timestamp", text(message, "createdAt"));
    }
    let mut origin = Object::new();
    put(&mut origin, "projectKey", text(message, "projectKey"));
    put(&mut origin, "type", text(message, "type"));
    for name in ["sequenceNumber", "resourceVersion"] {
        let number = message.get(name).filter(|one| one.is_u64());
        put(&mut origin, name, number.cloned());
    }
    event.insert("context".to_owned(), json!({ "commercetools": origin }));
    event
}
