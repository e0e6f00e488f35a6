//! What a customer becomes: the traits of an `identify`.

use serde_json::Value;

use crate::json::{Object, filled, list, object, put, text};
use crate::options::{Options, UserId};

/// The traits of a customer: those of Segment's spec (Identify, Traits), and `commercetools` with
/// what only commercetools knows. What is absent or empty is left out, and a password is never
/// looked at. `pkg/src/commercetools/transformer.ts` has the same rules;
/// `tests/vectors/commercetools.json` holds both to them.
#[must_use]
pub fn traits_of(customer: &Object, options: &Options) -> Object {
    let mut traits = Object::new();
    let (first, last) = (text(customer, "firstName"), text(customer, "lastName"));
    let email = text(customer, "email").map(|email| options.email(email));
    put(&mut traits, "email", email);
    put(&mut traits, "name", name_of(customer, first, last));
    put(&mut traits, "firstName", first);
    put(&mut traits, "lastName", last);
    put(&mut traits, "title", text(customer, "title"));
    put(&mut traits, "birthday", text(customer, "dateOfBirth"));
    put(&mut traits, "createdAt", text(customer, "createdAt"));
    put(&mut traits, "company", company_of(customer));
    if let Some(address) = main_address(customer) {
        put(&mut traits, "phone", phone_of(address));
        put(&mut traits, "address", filled(address_of(address)));
    }
    let mut known = Object::new();
    for name in ["id", "customerNumber", "externalId"] {
        put(&mut known, name, text(customer, name));
    }
    put(&mut known, "version", version_of(customer));
    let group = object(customer, "customerGroup");
    put(&mut known, "groupId", group.and_then(|one| text(one, "id")));
    put(&mut traits, "commercetools", filled(known));
    traits
}

/// The user id of a customer, if it has what is chosen for it.
pub(crate) fn user_id_of(customer: &Object, options: &Options) -> Option<String> {
    match options.user_id {
        UserId::Email => text(customer, "email").map(|email| options.email(email)),
        UserId::ExternalId => text(customer, "externalId").map(str::to_owned),
        UserId::CustomerNumber => text(customer, "customerNumber").map(str::to_owned),
        UserId::Id => text(customer, "id").map(str::to_owned),
    }
}

fn name_of(customer: &Object, first: Option<&str>, last: Option<&str>) -> Option<String> {
    if let Some(full) = text(customer, "fullName") {
        return Some(full.to_owned());
    }
    let parts: Vec<_> = first.into_iter().chain(last).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// `{ "name": … }` of a company.
pub(crate) fn company_of(customer: &Object) -> Option<Value> {
    let mut company = Object::new();
    put(&mut company, "name", text(customer, "companyName"));
    filled(company)
}

fn version_of(customer: &Object) -> Option<Value> {
    customer.get("version").filter(|one| one.is_u64()).cloned()
}

/// The default address of shipping, else of billing, else the first.
fn main_address(customer: &Object) -> Option<&Object> {
    let addresses = list(customer, "addresses");
    let with_id = |name: &str| {
        let wanted = text(customer, name)?;
        let all = addresses.iter().filter_map(Value::as_object);
        all.into_iter().find(|one| text(one, "id") == Some(wanted))
    };
    with_id("defaultShippingAddressId")
        .or_else(|| with_id("defaultBillingAddressId"))
        .or_else(|| addresses.first()?.as_object())
}

/// The phone of an address.
pub(crate) fn phone_of(address: &Object) -> Option<&str> {
    text(address, "phone").or_else(|| text(address, "mobile"))
}

/// An address as Segment's spec has it.
pub(crate) fn address_of(address: &Object) -> Object {
    let mut known = Object::new();
    let street: Vec<_> = ["streetName", "streetNumber"]
        .into_iter()
        .filter_map(|name| text(address, name))
        .collect();
    put(
        &mut known,
        "street",
        (!street.is_empty()).then(|| street.join(" ")),
    );
    put(&mut known, "city", text(address, "city"));
    let state = text(address, "state").or_else(|| text(address, "region"));
    put(&mut known, "state", state);
    put(&mut known, "postalCode", text(address, "postalCode"));
    put(&mut known, "country", text(address, "country"));
    known
}
