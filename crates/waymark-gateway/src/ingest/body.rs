//! Reads, decompresses and decodes a request's body, within limits.

use std::io::Read;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};
use http_body_util::BodyExt;

use crate::error::ApiError;
use crate::limits::{BODY_MAX_BYTES, BODY_READ_TIMEOUT, DISCARD_MAX_BYTES};

/// Reads the body, still compressed. A body over the limit is read to its end if that is near,
/// so that the client gets to read the answer.
///
/// # Errors
/// `BodyTooLarge`, `BodyTimeout` or `BodyBroken`.
pub(crate) async fn read_body(body: Body) -> Result<Bytes, ApiError> {
    read_body_within(body, BODY_MAX_BYTES).await
}

/// [`read_body`] with another limit.
///
/// # Errors
/// As [`read_body`].
pub(crate) async fn read_body_within(body: Body, max_bytes: usize) -> Result<Bytes, ApiError> {
    tokio::time::timeout(BODY_READ_TIMEOUT, read_limited(body, max_bytes))
        .await
        .map_err(|_| ApiError::BodyTimeout)?
}

async fn read_limited(mut body: Body, max_bytes: usize) -> Result<Bytes, ApiError> {
    let mut read = BytesMut::new();
    let mut size_bytes = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| ApiError::BodyBroken)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        size_bytes += data.len();
        if size_bytes <= max_bytes {
            read.extend_from_slice(&data);
        } else if size_bytes > DISCARD_MAX_BYTES {
            break;
        }
    }
    if size_bytes > max_bytes {
        return Err(ApiError::BodyTooLarge(max_bytes));
    }
    Ok(read.freeze())
}

/// Decompresses the body by its `Content-Encoding` and makes it UTF-8: invalid bytes become
/// U+FFFD, so that they spoil only their own event.
///
/// # Errors
/// `InvalidEncoding`, or `BodyTooLarge` as soon as the decompressed part passes the limit.
pub(crate) fn decode_body(headers: &HeaderMap, body: Bytes) -> Result<Bytes, ApiError> {
    let encoding = headers
        .get(header::CONTENT_ENCODING)
        .map_or("identity", |value| value.to_str().unwrap_or("unknown"))
        .trim();
    let decoded =
        if encoding.eq_ignore_ascii_case("gzip") || encoding.eq_ignore_ascii_case("x-gzip") {
            decompress(&body)?
        } else if encoding.is_empty() || encoding.eq_ignore_ascii_case("identity") {
            body
        } else {
            let reason = "gzip is the only Content-Encoding supported".to_owned();
            return Err(ApiError::InvalidEncoding(reason));
        };
    match String::from_utf8_lossy(&decoded) {
        std::borrow::Cow::Borrowed(_) => Ok(decoded),
        std::borrow::Cow::Owned(text) => Ok(Bytes::from(text)),
    }
}

fn decompress(body: &[u8]) -> Result<Bytes, ApiError> {
    let mut decoded = Vec::with_capacity(body.len().saturating_mul(4).min(BODY_MAX_BYTES));
    let limit = BODY_MAX_BYTES as u64 + 1;
    MultiGzDecoder::new(body)
        .take(limit)
        .read_to_end(&mut decoded)
        .map_err(|error| ApiError::InvalidEncoding(error.to_string()))?;
    if decoded.len() > BODY_MAX_BYTES {
        return Err(ApiError::BodyTooLarge(BODY_MAX_BYTES));
    }
    Ok(Bytes::from(decoded))
}
