//! Segment's pixel: an event in an image's address, for e-mails and pages that run no script. The
//! answer is always an image; its status tells whether the event is stored.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};

use super::intake::{admit_by_key, memory_for, parse_object, receipt_of, room_for, store};
use super::query_value;
use crate::config::KeyKind;
use crate::error::ApiError;
use crate::event_type::EventType;
use crate::ingest::{mend_surrogates, read_single};
use crate::state::SharedState;

/// The path that all pixels begin with.
pub(crate) const PIXELS: &str = "/v1/pixel/";

/// One transparent point.
const IMAGE: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\
    \x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\
    \x02\x02\x44\x01\x00\x3b";

/// Base64 as mail programs leave it: with or without what fills up its end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// `GET /v1/pixel/track?data=…` and its like: `data` is the event as base64, with its `writeKey`.
pub(crate) async fn pixel(
    State(state): State<SharedState>,
    request: Request,
    event_type: EventType,
) -> Response {
    let mut response = match take(&state, request, event_type).await {
        Ok(()) => IMAGE.into_response(),
        Err(error) => {
            let mut refused = error.into_response();
            refused.headers_mut().remove(header::CONTENT_LENGTH);
            *refused.body_mut() = IMAGE.into();
            refused
        }
    };
    mark_as_image(response.headers_mut());
    response
}

/// `HEAD` of the same: who only asks what is there has not shown it, so it is no event.
pub(crate) async fn only_asked() -> Response {
    let mut response = IMAGE.into_response();
    mark_as_image(response.headers_mut());
    response
}

fn mark_as_image(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    // Each time that it is shown is an event.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

async fn take(
    state: &SharedState,
    request: Request,
    event_type: EventType,
) -> Result<(), ApiError> {
    let (parts, _) = request.into_parts();
    let data = query_value(&parts.uri, "data")
        .ok_or_else(|| ApiError::InvalidQuery("there is no `data`".to_owned()))?;
    let mut memory = memory_for(state, &parts);
    memory.take(data.len())?;
    let _room = room_for(state, data.len()).await?;
    let body = decoded(&data)?;
    let mut event = parse_object(&body)?;
    let holder = admit_by_key(state, &parts, &event, || None)?;
    if holder.kind == KeyKind::Server {
        return Err(ApiError::ServerKeyShown);
    }
    if !holder.source.pixel {
        return Err(ApiError::PixelNotAllowed);
    }
    // Whichever key admits the request, what else is in this place may be a secret.
    event.remove("writeKey");
    let body = Bytes::from(event.to_text());
    let receipt = receipt_of(state, &parts, &holder, true);
    let text = std::str::from_utf8(&body).map_err(|_| ApiError::Internal)?;
    let read = read_single(&body, text, event_type, &receipt);
    store(state, read).await?.of_one_event().map(drop)
}

/// The text in `data`, in either alphabet of base64.
fn decoded(data: &str) -> Result<Bytes, ApiError> {
    let standard = data.trim().replace('-', "+").replace('_', "/");
    // A plus that was not percent-encoded reads as a space.
    let standard = standard.replace(' ', "+");
    let bytes = BASE64
        .decode(standard)
        .map_err(|error| ApiError::InvalidQuery(format!("`data` is not base64: {error}")))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| ApiError::InvalidQuery("`data` is not UTF-8".to_owned()))?;
    Ok(Bytes::from(mend_surrogates(&text).into_owned()))
}
