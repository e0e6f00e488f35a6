//! What commercetools sends: messages of subscriptions by way of SNS, Pub/Sub or a function, and
//! the inputs of API extensions.

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use waymark_commercetools::{Envelope, EnvelopeKind, Mapped, Object, SnsKind, SnsMessage, open};

use super::intake::{ReadRequest, admit, read_request, receipt_of, room_for, store};
use super::query_value;
use crate::config::{CommercetoolsConfig, KeyKind};
use crate::error::ApiError;
use crate::ingest::{
    AuthorizationKey, RejectedEvent, Rejection, authorization_key, bearer_key, read_batch,
};
use crate::json_object::JsonObject;
use crate::limits::{COMMERCETOOLS_GROWTH_FACTOR, EXTENSION_STORE_TIMEOUT, EXTENSION_TIMEOUT};
use crate::middleware::client_address::client_address;
use crate::sources::Keyholder;
use crate::state::AppState;
use crate::state::SharedState;

/// The answer that lets a change pass.
pub(crate) fn no_actions() -> Response {
    Json(json!({ "actions": [] })).into_response()
}

/// What became of a body.
#[derive(Debug, Default)]
struct Taken {
    n_accepted: usize,
    n_duplicates: usize,
    n_rejected: usize,
    ignored: Vec<&'static str>,
    is_extension: bool,
}

/// `POST /v1/commercetools` and `/v1/commercetools/KEY`: stores what the messages become.
pub(crate) async fn messages(
    State(state): State<SharedState>,
    key: Option<Path<String>>,
    request: Request,
) -> Response {
    match take(&state, key.map(|Path(key)| key), request).await {
        Ok(taken) if taken.is_extension => no_actions(),
        Ok(taken) => taken.into_response(),
        Err(error) => refused(&error),
    }
}

/// `POST /v1/commercetools-extension` and `/v1/commercetools-extension/KEY`: an API extension. The
/// change in commercetools waits for the answer and fails without one, so it is the same whatever
/// happens here.
pub(crate) async fn extension(
    State(state): State<SharedState>,
    key: Option<Path<String>>,
    request: Request,
) -> Response {
    if is_limited(&state, &request) {
        state.metrics.commercetools.note_failure("rate_limited");
        return no_actions();
    }
    let taking = take(&state, key.map(|Path(key)| key), request);
    let code = match tokio::time::timeout(EXTENSION_TIMEOUT, taking).await {
        Ok(Ok(_)) => return no_actions(),
        Ok(Err(error)) => error.code(),
        Err(_) => "timeout",
    };
    note_failed_extension(&state, code);
    no_actions()
}

/// Whether an address asks more often than it may.
fn is_limited(state: &AppState, request: &Request) -> bool {
    let settings = state.settings();
    let address = client_address(
        request.extensions(),
        request.headers(),
        &settings.trusted_proxies,
    );
    settings.rate_limits.check_address(address).is_err()
}

fn note_failed_extension(state: &AppState, code: &'static str) {
    state.metrics.commercetools.note_failure(code);
    tracing::warn!(
        code,
        "an API extension was answered, and nothing was stored"
    );
}

async fn take(
    state: &SharedState,
    key: Option<String>,
    request: Request,
) -> Result<Taken, ApiError> {
    let request = read_request(state, request).await?;
    let (holder, config) = admitted(state, &request.parts, key)?;
    let n_bytes = request
        .body
        .len()
        .saturating_mul(COMMERCETOOLS_GROWTH_FACTOR);
    let room = room_for(state, n_bytes).await?;
    let opened = open(request.text()?).map_err(ApiError::Message);
    let envelope = opened.inspect_err(|error| note_refused(state, error))?;
    let kind = envelope.kind();
    if !config.envelopes.is_empty() && !config.envelopes.contains(&kind) {
        return Err(ApiError::EnvelopeNotAllowed);
    }
    let from = From {
        state,
        request: &request,
        holder: &holder,
        config: &config,
    };
    match envelope {
        Envelope::Sns(post) => {
            // SNS may be slow, and other requests need the room. The post itself is as large as
            // its body, which is bounded elsewhere.
            drop(room);
            if !from.is_for_a_message(&post).await? {
                return Ok(Taken::default());
            }
            let _room = room_for(state, n_bytes).await?;
            let message = post.content().map_err(ApiError::Message)?;
            from.store(kind, &[message]).await
        }
        Envelope::Messages(_, messages) => from.store(kind, &messages).await,
        Envelope::Extension(input) => {
            let storing = from.store(kind, std::slice::from_ref(&input));
            let stored = match tokio::time::timeout(EXTENSION_STORE_TIMEOUT, storing).await {
                Ok(stored) => stored,
                Err(_) => Err(ApiError::Overloaded),
            };
            // Once it is known to be one, it is answered as one on any path.
            let stored = stored.or_else(|error| {
                note_failed_extension(state, error.code());
                Ok::<_, ApiError>(Taken::default())
            })?;
            Ok(Taken {
                is_extension: true,
                ..stored
            })
        }
    }
}

/// Finds the source by the key in path, query or `Authorization`, in this order: what else pushes,
/// Pub/Sub for one, has a header of its own.
fn admitted(
    state: &AppState,
    parts: &Parts,
    key: Option<String>,
) -> Result<(Keyholder, CommercetoolsConfig), ApiError> {
    let key = key
        .or_else(|| query_value(&parts.uri, "writeKey"))
        .filter(|key| !key.is_empty());
    let key = match (key, authorization_key(&parts.headers)) {
        (Some(key), _) | (None, AuthorizationKey::Key(key)) => key,
        (None, AuthorizationKey::Unreadable) => return Err(ApiError::UnknownWriteKey),
        (None, AuthorizationKey::Absent) => {
            bearer_key(&parts.headers).ok_or(ApiError::MissingWriteKey)?
        }
    };
    let settings = state.settings();
    let holder = settings.sources.by_key(&key)?;
    let config = holder.source.commercetools.as_deref();
    // A key of a page is public: whoever reads it there must not tell of customers.
    let config = config.filter(|_| holder.kind == KeyKind::Server);
    let config = config.ok_or(ApiError::NotCommercetools)?.clone();
    admit(state, parts, holder)?;
    Ok((holder.clone(), config))
}

/// A request, and where it belongs.
struct From<'a> {
    state: &'a SharedState,
    request: &'a ReadRequest,
    holder: &'a Keyholder,
    config: &'a CommercetoolsConfig,
}

impl From<'_> {
    /// Whether a post of SNS, which has to be signed, is for a message.
    async fn is_for_a_message(&self, post: &SnsMessage) -> Result<bool, ApiError> {
        if !self.config.topic_arns.contains(&post.topic_arn) {
            return Err(ApiError::TopicNotAllowed);
        }
        let endpoint = self.config.sns_endpoint.as_ref();
        let sns = &self.state.sns;
        sns.verify(post, endpoint).await.map_err(ApiError::Sns)?;
        let (source, topic) = (&self.holder.source.name, &post.topic_arn);
        match post.kind {
            SnsKind::Notification => Ok(true),
            SnsKind::SubscriptionConfirmation => {
                sns.confirm(post, endpoint).await.map_err(ApiError::Sns)?;
                tracing::info!(source, topic, "a subscription of SNS was confirmed");
                Ok(false)
            }
            SnsKind::UnsubscribeConfirmation => {
                tracing::warn!(source, topic, "a subscription of SNS has ended");
                Ok(false)
            }
        }
    }

    /// Stores what messages become. One that is wrong is kept among the rejected; the sender is
    /// told, unless it would send it again and again for days (Pub/Sub).
    async fn store(&self, kind: EnvelopeKind, messages: &[Object]) -> Result<Taken, ApiError> {
        let receipt = receipt_of(self.state, &self.request.parts, self.holder, false);
        let mut events = Vec::new();
        let mut taken = Taken::default();
        let mut refusals = Vec::new();
        for message in messages {
            match waymark_commercetools::events_of(message, &self.config.options) {
                Ok(Mapped::Events(all)) => events.extend(all.into_iter().map(Value::Object)),
                Ok(Mapped::Ignored(why)) => {
                    self.state.metrics.commercetools.note_ignored(why.name());
                    taken.ignored.push(why.name());
                }
                Err(refusal) => refusals.push((message, refusal)),
            }
        }
        let body = Bytes::from(json!({ "batch": events }).to_string());
        let text = std::str::from_utf8(&body).map_err(|_| ApiError::Internal)?;
        let batch = JsonObject::parse(text).map_err(|_| ApiError::Internal)?;
        let mut read = read_batch(&body, &batch, &receipt)?;
        let mut first = None;
        for (number, (message, refusal)) in refusals.into_iter().enumerate() {
            let kept = RejectedEvent {
                source_id: receipt.source_id,
                received_ms: receipt.received_ms,
                code: refusal.code,
                message: refusal.message.clone(),
                raw: origin_of(message),
            };
            let rejection = Rejection::new(refusal.code, refusal.message.clone());
            read.rejected.push((events.len() + number, rejection, kept));
            first.get_or_insert(refusal);
        }
        let intake = store(self.state, read).await?;
        taken.n_accepted = intake.n_accepted;
        taken.n_duplicates = intake.n_duplicates;
        taken.n_rejected = intake.rejected.len();
        match first.filter(|_| kind != EnvelopeKind::Pubsub) {
            Some(refusal) => Err(ApiError::Message(refusal)),
            None => Ok(taken),
        }
    }
}

/// Where a message that is turned away came from: nothing else of it is kept, as it may have what
/// no event may.
fn origin_of(message: &Object) -> String {
    let names = [
        "notificationType",
        "type",
        "eventType",
        "id",
        "projectKey",
        "resourceVersion",
    ];
    let known = names.into_iter().filter_map(|name| {
        let value = message.get(name)?;
        let plain = value.is_number() || value.as_str().is_some_and(|text| text.len() < 100);
        plain.then(|| (name.to_owned(), value.clone()))
    });
    Value::Object(known.collect()).to_string()
}

fn note_refused(state: &AppState, error: &ApiError) {
    state.metrics.note_rejected(error.code());
}

impl IntoResponse for Taken {
    fn into_response(self) -> Response {
        let mut body = json!({
            "success": true,
            "accepted": self.n_accepted,
            "duplicates": self.n_duplicates,
            "rejected": self.n_rejected,
        });
        if !self.ignored.is_empty() {
            body["ignored"] = json!(self.ignored);
        }
        Json(body).into_response()
    }
}

/// `{"error":"…"}` with 400 to what is wrong, and 500 to what would work another time: the queues
/// in between send that again.
fn refused(error: &ApiError) -> Response {
    let status = error.status();
    let is_ours = status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT;
    let said = if is_ours {
        "Internal server error".to_owned()
    } else {
        error.to_string()
    };
    let body = json!({ "error": said, "code": error.code(), "message": error.to_string() });
    let mut response = error.respond_with(body);
    if is_ours {
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    }
    if status == StatusCode::UNAUTHORIZED {
        // SNS sends the user name of its address only to who asks for it.
        let realm = HeaderValue::from_static("Basic realm=\"waymark\"");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, realm);
    }
    response
}
