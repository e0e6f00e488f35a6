//! Serves the SDK's files to pages of any origin: `<script type="module">` without a build.

use std::path::Path;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Uri, header};

use super::files::file;
use super::storefront::{ASK_AGAIN, FOREVER, with_cache};
use crate::error::ApiError;
use crate::state::SharedState;

/// The file name endings that are served; types and source maps beside them are not.
const ENDINGS: [&str; 3] = ["js", "mjs", "wasm"];

/// Characters of the hash that the package's build puts into a file's name.
const HASH_CHARS: usize = 8;

/// Serves a file of `sdk_dir` under `sdk_path`.
pub(crate) async fn sdk(State(state): State<SharedState>, request: Request) -> Response {
    let Some(dir) = &state.sdk_dir else {
        return ApiError::NotFound.into_response();
    };
    let path = request.uri().path().to_owned();
    let name = path.strip_prefix(&state.sdk_path).unwrap_or_default();
    let ending = Path::new(name).extension().and_then(|one| one.to_str());
    let inside = format!("/{name}").parse::<Uri>();
    let (true, Ok(uri)) = (ending.is_some_and(|one| ENDINGS.contains(&one)), inside) else {
        return ApiError::NotFound.into_response();
    };
    let (mut parts, _) = request.into_parts();
    parts.uri = uri;
    let asked = Request::from_parts(parts, axum::body::Body::empty());
    let found = match file(dir, asked).await {
        Ok(Some(found)) => found,
        Ok(None) => return ApiError::NotFound.into_response(),
        Err(error) => return error.into_response(),
    };
    let cache = if is_hashed(name) { FOREVER } else { ASK_AGAIN };
    let mut response = with_cache(found, cache);
    let headers = response.headers_mut();
    // The answer does not depend on cookies, so every page and every cache may have it.
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    headers.insert(
        "cross-origin-resource-policy",
        HeaderValue::from_static("cross-origin"),
    );
    response
}

/// Whether the name holds a hash of the content, as in `chunk-3HW5UAHQ.js`: such a file never
/// changes.
fn is_hashed(name: &str) -> bool {
    let stem = Path::new(name).file_stem().and_then(|stem| stem.to_str());
    let hash = stem.and_then(|stem| stem.rsplit_once('-')).map(|two| two.1);
    hash.is_some_and(|hash| {
        hash.len() == HASH_CHARS
            && hash
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::is_hashed;

    #[test]
    fn a_name_with_a_hash_is_told_from_one_without() {
        assert!(is_hashed("chunk-3HW5UAHQ.js"));
        assert!(is_hashed("react/core-GAFNJSKB.js"));
        for name in ["index.js", "waymark_bg.wasm", "auto-tracking.js", "a-B.js"] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
