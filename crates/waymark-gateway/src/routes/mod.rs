//! The handlers, one file for each group of paths, and the steps they share (`intake`).

pub(crate) mod admin;
pub(crate) mod calls;
pub(crate) mod collect;
pub(crate) mod commercetools;
pub(crate) mod dead_letters;
mod files;
pub(crate) mod health;
pub(crate) mod identity;
pub(crate) mod imports;
mod intake;
pub(crate) mod people;
pub(crate) mod pixel;
pub(crate) mod plain;
pub(crate) mod replays;
pub(crate) mod sdk;
pub(crate) mod settings;
pub(crate) mod storefront;

use axum::extract::Request;
use http::Uri;
use serde::de::DeserializeOwned;

use crate::error::ApiError;
use crate::limits::OPERATOR_BODY_MAX_BYTES;

/// The small JSON body of an operator's request.
///
/// # Errors
/// When it is larger, or not what is asked for.
pub(crate) async fn operator_body<T: DeserializeOwned>(request: Request) -> Result<T, ApiError> {
    let body = axum::body::to_bytes(request.into_body(), OPERATOR_BODY_MAX_BYTES)
        .await
        .map_err(|_| ApiError::BodyTooLarge(OPERATOR_BODY_MAX_BYTES))?;
    serde_json::from_slice(&body).map_err(|error| ApiError::InvalidBody(error.to_string()))
}

/// The first value of a query parameter, percent-decoded.
pub(crate) fn query_value(uri: &Uri, name: &str) -> Option<String> {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs
        .0
        .into_iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value)
}
