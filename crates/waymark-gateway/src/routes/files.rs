//! Files of a folder, as the storefront and the SDK serve them.

use std::io::ErrorKind;
use std::path::Path;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use tower_http::services::ServeDir;

use crate::error::ApiError;

/// The file that the request's path names in `dir`, compressed if the client takes that. `None`
/// when there is no such file, also because no file can have such a name.
///
/// # Errors
/// When the file is there but cannot be read.
pub(super) async fn file(dir: &Path, request: Request) -> Result<Option<Response>, ApiError> {
    let mut files = ServeDir::new(dir).precompressed_br().precompressed_gzip();
    match files.try_call(request).await {
        Ok(found) if found.status() == StatusCode::NOT_FOUND => Ok(None),
        Ok(found) => Ok(Some(found.into_response())),
        Err(error) if names_no_file(error.kind()) => Ok(None),
        Err(error) => {
            tracing::error!(%error, "a file cannot be read");
            Err(ApiError::Internal)
        }
    }
}

/// Whether the error means that there is no such file, or that no file can have such a name: one
/// that is too long, or has a NUL.
fn names_no_file(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::PermissionDenied
            | ErrorKind::InvalidFilename
            | ErrorKind::InvalidInput
    )
}
