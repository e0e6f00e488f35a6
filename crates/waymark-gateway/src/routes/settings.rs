//! `GET /v1/projects/{key}/settings`: analytics-next does not start without it.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use serde_json::json;

use crate::error::ApiError;
use crate::limits::SETTINGS_MAX_AGE_SECONDS;
use crate::state::SharedState;

/// The smallest settings that analytics-next starts with. They point to this gateway.
///
/// # Errors
/// When the key is unknown or expired.
pub(crate) async fn settings(
    State(state): State<SharedState>,
    Path(write_key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    state.settings().sources.by_key(&write_key)?;
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let forwarded = headers
        .get("x-forwarded-proto")
        .and_then(|scheme| scheme.to_str().ok());
    let scheme = match forwarded {
        Some("https") => "https",
        _ => "http",
    };
    let enabled = json!({ "__default": { "enabled": true } });
    let body = json!({
        "integrations": {
            "Segment.io": {
                "apiKey": write_key,
                "apiHost": format!("{}/v1", host.unwrap_or("localhost")),
                "protocol": scheme,
                "versionSettings": { "version": "4.4.7", "componentTypes": ["browser"] },
            },
        },
        "plan": { "track": enabled, "identify": enabled, "group": enabled },
    });
    let cache = format!("private, max-age={SETTINGS_MAX_AGE_SECONDS}");
    Ok(([(header::CACHE_CONTROL, cache)], Json(body)).into_response())
}
