//! `POST /v1/identity`: sets the visitor's cookies again, by `Set-Cookie`. Safari keeps a cookie
//! that a script has set for seven days only, and one of the shop's own server for as long as
//! the server says.
//!
//! It serves only pages that the source lists by their exact origin and that share the gateway's
//! registrable domain, and sets only the ids that the request's own cookies hold. A visitor
//! without an anonymous id gets the page's; a user id is never taken from the body.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use waymark_core::cookie::{self, CookieAttributes};
use waymark_core::limits::COOKIE_MAX_AGE_S;
use waymark_core::stored::Key;

use super::intake::{admit_by_key, memory_for, parse_object};
use crate::config::{CookieScope, IdentityConfig};
use crate::error::ApiError;
use crate::ingest::read_body;
use crate::json_object::{JsonObject, unquote};
use crate::limits::{ID_MAX_CHARS, IDENTITY_BODY_MAX_BYTES};
use crate::site::{Site, host_of_origin, shared_site};
use crate::state::SharedState;

/// Answers 204, with a cookie for each id.
///
/// # Errors
/// `OriginNotAllowed` when the page is not the shop's own, and any error of a request.
pub(crate) async fn identity(
    State(state): State<SharedState>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let mut memory = memory_for(&state, &parts);
    let body = read_body(body, IDENTITY_BODY_MAX_BYTES, &mut memory).await?;
    let origin = parts.headers.get(header::ORIGIN).ok_or(NOT_ALLOWED)?;
    let origin = origin.to_str().map_err(|_| NOT_ALLOWED)?;
    let envelope = parse_object(&body)?;
    let holder = admit_by_key(&state, &parts, &envelope, || None)?;
    if !holder.source.allowed_origins.lists(origin) {
        return Err(NOT_ALLOWED);
    }
    let domain = cookie_domain(&parts, origin, holder.source.identity)?;
    let attributes = CookieAttributes {
        path: "/".to_owned(),
        max_age_s: COOKIE_MAX_AGE_S,
        same_site: "Lax".to_owned(),
        secure: true,
    };
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (key, id) in ids(&parts.headers, &envelope) {
        let mut text = cookie::assignment(key.name(), Some(&id), &domain, &attributes);
        if holder.source.identity.http_only {
            text.push_str("; HttpOnly");
        }
        // The codec escapes all that a header cannot hold.
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.append(header::SET_COOKIE, value);
        }
    }
    Ok(response)
}

const NOT_ALLOWED: ApiError = ApiError::OriginNotAllowed;

/// The domain of the cookies; empty for that of the host alone.
fn cookie_domain(parts: &Parts, origin: &str, config: IdentityConfig) -> Result<String, ApiError> {
    let host = parts.headers.get(header::HOST).ok_or(NOT_ALLOWED)?;
    let host = host.to_str().map_err(|_| NOT_ALLOWED)?;
    let page = host_of_origin(origin).ok_or(NOT_ALLOWED)?;
    match (shared_site(page, host), config.cookie_scope) {
        (None, _) => Err(NOT_ALLOWED),
        (Some(Site::Domain(domain)), CookieScope::Site) => Ok(domain),
        (Some(_), _) => Ok(String::new()),
    }
}

/// The ids to set: those of the request's cookies, and the page's anonymous id if they have none.
fn ids(headers: &HeaderMap, envelope: &JsonObject<'_>) -> Vec<(Key, String)> {
    let cookies = headers.get_all(header::COOKIE).iter();
    // Other cookies may be any bytes.
    let cookies: Vec<_> = cookies
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    let cookies = cookies.join("; ");
    let mut ids = Vec::new();
    for key in [Key::AnonymousId, Key::UserId, Key::GroupId] {
        let known = cookie::find(&cookies, key.name());
        let first = || envelope.get("anonymousId").and_then(unquote);
        let id = match key {
            Key::AnonymousId => known.or_else(|| first().map(Into::into)),
            _ => known,
        };
        let fits = |id: &String| !id.is_empty() && id.chars().count() <= ID_MAX_CHARS;
        ids.extend(id.filter(fits).map(|id| (key, id)));
    }
    ids
}
