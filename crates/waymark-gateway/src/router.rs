//! All routes on one screen.

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use tower_http::catch_panic::CatchPanicLayer;

use crate::error::ApiError;
use crate::event_type::EventType;
use crate::live;
use crate::middleware::{admin_access, cors, observe, rate};
use crate::routes::{
    admin, calls, collect, commercetools, dead_letters, health, identity, imports, people, pixel,
    plain, replays, sdk, settings, storefront,
};
use crate::state::SharedState;

/// The public listener, for pages and servers.
pub(crate) fn public(state: SharedState) -> Router {
    let mut router = Router::new();
    for (event_type, letter) in [
        (EventType::Track, 't'),
        (EventType::Identify, 'i'),
        (EventType::Page, 'p'),
        (EventType::Screen, 's'),
        (EventType::Group, 'g'),
        (EventType::Alias, 'a'),
    ] {
        router = with_slash(router, &format!("/v1/{event_type}"), single(event_type));
        router = with_slash(router, &format!("/v1/{letter}"), single(event_type));
        router = with_slash(router, &format!("/{letter}"), single(event_type));
        let path = format!("{}{event_type}", pixel::PIXELS);
        router = with_slash(router, &path, pixel_route(event_type));
    }
    for path in [
        "/v1/batch",
        "/v1/b",
        "/v1/import",
        "/batch",
        "/b",
        "/import",
    ] {
        router = with_slash(router, path, post(collect::batch));
    }
    router = with_slash(router, "/v1/calls", post(calls::calls));
    for path in ["/v1/commercetools", "/v1/commercetools/{key}"] {
        router = with_slash(router, path, post(commercetools::messages));
    }
    for path in ["/v1/m", "/m"] {
        router = with_slash(router, path, post(collect::client_metrics));
    }
    for path in cors::FOR_LISTED_ORIGINS {
        router = with_slash(router, path, post(identity::identity));
    }
    for path in ["/v1/projects/{key}/settings", "/projects/{key}/settings"] {
        router = router.route(path, get(settings::settings));
    }
    for event_type in EventType::ALL {
        router = with_slash(router, &format!("/{event_type}"), plain_route(event_type));
    }
    router
        .route("/health", get(health::health))
        .route("/ready", get(health::ready))
        .fallback(storefront::storefront)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(CatchPanicLayer::custom(internal_error))
        .layer(from_fn_with_state(state.clone(), rate::per_address))
        .layer(from_fn_with_state(state.clone(), cors::cors))
        .merge(extensions())
        // Outside the API's CORS rules: pages of any origin may load these files.
        .route(&format!("{}{{*file}}", state.sdk_path), get(sdk::sdk))
        .layer(from_fn_with_state(state.clone(), observe::observe))
        .with_state(state)
}

/// Outside all that could answer in their place: a change in commercetools fails without the
/// answer.
fn extensions() -> Router<SharedState> {
    let mut router = Router::new();
    for path in [
        "/v1/commercetools-extension",
        "/v1/commercetools-extension/{key}",
    ] {
        router = with_slash(router, path, post(commercetools::extension));
    }
    router.layer(CatchPanicLayer::custom(
        |_: Box<dyn std::any::Any + Send>| commercetools::no_actions(),
    ))
}

/// The admin listener, for the operator alone.
pub(crate) fn admin(state: SharedState) -> Router {
    let guarded = Router::new()
        .route("/live/events", get(live::stream))
        .route("/metrics", get(admin::metrics))
        .route("/flush", post(admin::flush))
        .route("/reload", post(admin::reload))
        .route("/dead-letters", get(dead_letters::list))
        .route("/dead-letters/retry", post(dead_letters::retry))
        .route("/dead-letters/drop", post(dead_letters::drop_all))
        .route("/dead-letters/{id}", get(dead_letters::show))
        .route("/replays", post(replays::begin))
        .route("/replays/{number}", get(replays::progress))
        .route("/replays/{number}/stop", post(replays::stop))
        .route("/erase", post(people::erase))
        .route("/erasures", get(people::receipts))
        .route("/erasures/{number}", get(people::receipt))
        .route("/export", post(people::export))
        .route("/import", post(imports::import))
        .layer(from_fn_with_state(state.clone(), admin_access::token));
    Router::new()
        .route("/", get(live::page))
        .route("/live.js", get(live::script))
        .route("/live.css", get(live::style))
        .route("/live/{file}", get(live::module))
        .route("/openapi.json", get(admin::openapi))
        .route("/health", get(health::health))
        .route("/ready", get(health::ready_with_destinations))
        .merge(guarded)
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(CatchPanicLayer::custom(internal_error))
        .layer(from_fn_with_state(state.clone(), admin_access::own_host))
        .with_state(state)
}

/// Adds a route with and without a trailing slash: Segment's API takes both.
fn with_slash(
    router: Router<SharedState>,
    path: &str,
    route: MethodRouter<SharedState>,
) -> Router<SharedState> {
    router
        .route(path, route.clone())
        .route(&format!("{path}/"), route)
}

fn single(event_type: EventType) -> MethodRouter<SharedState> {
    post(async move |state, request| collect::single(state, request, event_type).await)
}

fn pixel_route(event_type: EventType) -> MethodRouter<SharedState> {
    get(async move |state, request| pixel::pixel(state, request, event_type).await)
        .head(pixel::only_asked)
}

fn plain_route(event_type: EventType) -> MethodRouter<SharedState> {
    post(async move |state, request| plain::plain(state, request, event_type).await)
}

fn internal_error(_panic: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    // The panic hook has logged the cause.
    axum::response::IntoResponse::into_response(ApiError::Internal)
}
