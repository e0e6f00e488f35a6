//! The errors of a request, and the one place that maps them to HTTP statuses.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;
use waymark_commercetools::Refusal;

use crate::ingest::Rejection;
use crate::limits::{OVERLOAD_RETRY_AFTER_SECONDS, STORE_RETRY_AFTER_SECONDS};
use crate::sns::SnsError;

/// Why a request failed. The client is told `code` and `message`.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No write key in `Authorization`, body or query.
    #[error(
        "no write key: send it as the Basic user name, as writeKey in the body, or as ?writeKey="
    )]
    MissingWriteKey,
    /// The write key belongs to no source.
    #[error("the write key belongs to no source of this gateway")]
    UnknownWriteKey,
    /// The write key's `not_after` has passed.
    #[error("the write key has expired: use the source's new one")]
    ExpiredWriteKey,
    /// The page's origin is not on the source's list.
    #[error("this origin is not among the source's allowed_origins")]
    OriginNotAllowed,
    /// The page's origin is on no list that a request without a key could be checked against.
    #[error("this origin is not among the allowed_origins of this gateway's sources")]
    OriginUnlisted,
    /// A server key came where everybody can read it.
    #[error("a server key is secret and must not be in an image's address: use a browser key")]
    ServerKeyShown,
    /// The source takes no events by images.
    #[error("the source takes no events by images; `pixel = true` in its configuration allows it")]
    PixelNotAllowed,
    /// The body is not the JSON that the route takes.
    #[error("the body is not valid: {0}")]
    InvalidBody(String),
    /// The query is not one that the route takes.
    #[error("the query is not valid: {0}")]
    InvalidQuery(String),
    /// The body could not be decompressed, or its encoding is unknown.
    #[error("the body could not be decoded: {0}")]
    InvalidEncoding(String),
    /// The body is over the limit once decompressed.
    #[error("the body is larger than {0} bytes; send it in smaller batches")]
    BodyTooLarge(usize),
    /// The batch holds too many events.
    #[error("the batch holds more than {0} events; send it in smaller batches")]
    TooManyEvents(usize),
    /// The request's only event is invalid; it is kept among the rejected.
    #[error("{}", .0.message)]
    Rejected(Rejection),
    /// A message of commercetools, or its envelope, is wrong.
    #[error("{}", .0.message)]
    Message(Refusal),
    /// The key's source takes no messages of commercetools, or the key is not a server's.
    #[error("the key is no server key of a source with kind = \"commercetools\"")]
    NotCommercetools,
    /// The source takes messages in other envelopes alone.
    #[error("the source's `envelopes` do not list this one")]
    EnvelopeNotAllowed,
    /// The topic is not on the source's list.
    #[error("the source's `topic_arns` do not list this topic")]
    TopicNotAllowed,
    /// A post of SNS is not taken.
    #[error("{0}")]
    Sns(SnsError),
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    BodyTimeout,
    /// The client went away or the connection broke.
    #[error("the body could not be read")]
    BodyBroken,
    /// Too many requests came with this key or from this address.
    #[error("too many requests; try again in {retry_after_seconds} s")]
    RateLimited {
        /// Seconds until the next request is admitted.
        retry_after_seconds: u64,
    },
    /// More requests wait than the gateway has room for.
    #[error("the gateway is overloaded; try again later")]
    Overloaded,
    /// The store cannot take events now, for want of disk space perhaps. Nothing was stored.
    #[error("the store cannot take events now; try again later")]
    StoreUnavailable,
    /// The admin token is missing or wrong.
    #[error("the admin token is missing or wrong")]
    AdminTokenRequired,
    /// The admin listener was asked under a name other than this machine's own.
    #[error("without an admin_token the admin listener answers only to localhost")]
    AdminHostRefused,
    /// The configuration that was to be reloaded is wrong.
    #[error("the configuration before stays in force: {0}")]
    InvalidConfiguration(String),
    /// Forwarding did not catch up in time.
    #[error("forwarding did not catch up in time; the events are stored and will follow")]
    FlushIncomplete,
    /// No route has this path.
    #[error("there is no such path")]
    NotFound,
    /// The path does not take this method.
    #[error("this path does not take this method")]
    MethodNotAllowed,
    /// A defect of the gateway; the log has it.
    #[error("the gateway failed; the reason is in its log")]
    Internal,
}

/// The error that an answer tells, for whoever counts answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RefusedFor {
    /// Its code.
    pub(crate) code: &'static str,
    /// Whether the page's origin is why. Only who has a key of the source gets this answer.
    pub(crate) for_origin: bool,
}

impl ApiError {
    /// The stable word a client may branch on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingWriteKey => "missing_write_key",
            Self::UnknownWriteKey => "unknown_write_key",
            Self::ExpiredWriteKey => "expired_write_key",
            Self::OriginNotAllowed | Self::OriginUnlisted => "origin_not_allowed",
            Self::ServerKeyShown => "server_key_shown",
            Self::PixelNotAllowed => "pixel_not_allowed",
            Self::InvalidBody(_) => "invalid_body",
            Self::InvalidQuery(_) => "invalid_query",
            Self::InvalidEncoding(_) => "invalid_encoding",
            Self::BodyTooLarge(_) => "body_too_large",
            Self::TooManyEvents(_) => "too_many_events",
            Self::Rejected(rejection) => rejection.code,
            Self::Message(refusal) => refusal.code,
            Self::NotCommercetools => "not_commercetools",
            Self::EnvelopeNotAllowed => "envelope_not_allowed",
            Self::TopicNotAllowed => "topic_not_allowed",
            Self::Sns(error) => error.code(),
            Self::BodyTimeout => "body_timeout",
            Self::BodyBroken => "body_broken",
            Self::RateLimited { .. } => "rate_limited",
            Self::Overloaded => "overloaded",
            Self::StoreUnavailable => "store_unavailable",
            Self::AdminTokenRequired => "admin_token_required",
            Self::AdminHostRefused => "admin_host_refused",
            Self::InvalidConfiguration(_) => "invalid_configuration",
            Self::FlushIncomplete => "flush_incomplete",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status. Clients drop on 4xx (but 408 and 429) and retry on 5xx.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::MissingWriteKey
            | Self::UnknownWriteKey
            | Self::ExpiredWriteKey
            | Self::AdminTokenRequired => StatusCode::UNAUTHORIZED,
            Self::OriginNotAllowed
            | Self::OriginUnlisted
            | Self::ServerKeyShown
            | Self::PixelNotAllowed
            | Self::AdminHostRefused
            | Self::NotCommercetools
            | Self::EnvelopeNotAllowed
            | Self::TopicNotAllowed
            | Self::Sns(SnsError::Address | SnsError::Signature) => StatusCode::FORBIDDEN,
            Self::InvalidBody(_)
            | Self::InvalidQuery(_)
            | Self::TooManyEvents(_)
            | Self::Rejected(_)
            | Self::Message(_)
            | Self::BodyBroken => StatusCode::BAD_REQUEST,
            Self::InvalidEncoding(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Overloaded | Self::StoreUnavailable | Self::Sns(SnsError::Unreachable) => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::InvalidConfiguration(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::FlushIncomplete => StatusCode::GATEWAY_TIMEOUT,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds after which a retry makes sense, if it does.
    #[must_use]
    pub const fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::RateLimited {
                retry_after_seconds,
            } => Some(*retry_after_seconds),
            Self::Overloaded => Some(OVERLOAD_RETRY_AFTER_SECONDS),
            Self::StoreUnavailable => Some(STORE_RETRY_AFTER_SECONDS),
            _ => None,
        }
    }

    /// The answer with a body of the route's own.
    pub(crate) fn respond_with(&self, body: serde_json::Value) -> Response {
        let mut response = (self.status(), Json(body)).into_response();
        if let Some(seconds) = self.retry_after_seconds() {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(RefusedFor {
            code: self.code(),
            for_origin: matches!(self, Self::OriginNotAllowed),
        });
        response
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({ "code": self.code(), "message": self.to_string() });
        self.respond_with(body)
    }
}
