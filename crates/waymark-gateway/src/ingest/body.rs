//! Reads, decompresses and decodes a request's body, within limits.

use std::io::Read;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use http::{HeaderMap, header};
use http_body::Frame;
use http_body_util::BodyExt;

use super::body_room::BodyMemory;
use crate::error::ApiError;
use crate::limits::{BODY_MAX_BYTES, BODY_READ_TIMEOUT, BODY_STALL_TIMEOUT, DISCARD_MAX_BYTES};

/// Reads a body of at most `max_bytes`, still compressed, into memory that it takes from `memory`.
/// A body over the limit is read to its end if that is near, so that the client gets to read the
/// answer.
///
/// # Errors
/// `BodyTooLarge`, `BodyTimeout`, `BodyBroken` or `Overloaded`.
pub(crate) async fn read_body(
    body: Body,
    max_bytes: usize,
    memory: &mut BodyMemory,
) -> Result<Bytes, ApiError> {
    let mut read = BytesMut::new();
    let mut lacking = None;
    let size_bytes = read_parts(body, |part, size_bytes| {
        if size_bytes > max_bytes || lacking.is_some() {
            return;
        }
        match memory.take(part.len()) {
            Ok(()) => read.extend_from_slice(&part),
            Err(error) => {
                read = BytesMut::new();
                lacking = Some(error);
            }
        }
    })
    .await?;
    if size_bytes > max_bytes {
        return Err(ApiError::BodyTooLarge(max_bytes));
    }
    lacking.map_or_else(|| Ok(read.freeze()), Err)
}

/// Reads a body and throws it away, so that the client gets to read the answer and can use the
/// connection again.
pub(crate) async fn discard_body(body: Body) {
    let _ = read_parts(body, |_, _| {}).await;
}

/// Hands each part of a body, with the body's size up to it, to `each`, and gives the size. Stops
/// where a body that nobody keeps becomes too large to be thrown away.
async fn read_parts(mut body: Body, mut each: impl FnMut(Bytes, usize)) -> Result<usize, ApiError> {
    let reading = async {
        let mut size_bytes = 0_usize;
        while let Some(frame) = next_frame(&mut body).await? {
            let Ok(data) = frame.into_data() else {
                continue;
            };
            size_bytes += data.len();
            each(data, size_bytes);
            if size_bytes > DISCARD_MAX_BYTES {
                break;
            }
        }
        Ok(size_bytes)
    };
    tokio::time::timeout(BODY_READ_TIMEOUT, reading)
        .await
        .map_err(|_| ApiError::BodyTimeout)?
}

async fn next_frame(body: &mut Body) -> Result<Option<Frame<Bytes>>, ApiError> {
    tokio::time::timeout(BODY_STALL_TIMEOUT, body.frame())
        .await
        .map_err(|_| ApiError::BodyTimeout)?
        .transpose()
        .map_err(|_| ApiError::BodyBroken)
}

/// Decompresses the body by its `Content-Encoding` and makes it UTF-8: invalid bytes become
/// U+FFFD, so that they spoil only their own event.
///
/// # Errors
/// `InvalidEncoding`, `BodyTooLarge` as soon as the decompressed part passes the limit, or
/// `Overloaded`.
pub(crate) fn decode_body(
    headers: &HeaderMap,
    body: Bytes,
    memory: &mut BodyMemory,
) -> Result<Bytes, ApiError> {
    let encoding = headers
        .get(header::CONTENT_ENCODING)
        .map_or("identity", |value| value.to_str().unwrap_or("unknown"))
        .trim();
    let decoded =
        if encoding.eq_ignore_ascii_case("gzip") || encoding.eq_ignore_ascii_case("x-gzip") {
            // Its size is not known before it is decompressed.
            memory.take(BODY_MAX_BYTES)?;
            let decoded = decompress(&body)?;
            memory.give_back(BODY_MAX_BYTES - decoded.len());
            decoded
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
