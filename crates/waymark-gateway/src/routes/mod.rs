//! The handlers, one file for each group of paths, and the steps they share (`intake`).

pub(crate) mod admin;
pub(crate) mod collect;
mod files;
pub(crate) mod health;
pub(crate) mod identity;
mod intake;
pub(crate) mod people;
pub(crate) mod plain;
pub(crate) mod sdk;
pub(crate) mod settings;
pub(crate) mod storefront;

use http::Uri;

/// The first value of a query parameter, percent-decoded.
pub(crate) fn query_value(uri: &Uri, name: &str) -> Option<String> {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs
        .0
        .into_iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}
