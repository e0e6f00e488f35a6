//! The requests that the gateway makes itself: to destinations, their vendors' checks and Amazon SNS.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use waymark_destinations::Request;

/// A client that follows no redirect: what a request carries is for the address that was configured.
pub(crate) fn client(timeout: Duration) -> reqwest::Result<Client> {
    // Fails when it was done before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .redirect(Policy::none())
        .timeout(timeout)
        .user_agent(concat!("waymark-gateway/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Sends a request to a destination's vendor. An error does not tell the address, which may hold a
/// secret.
pub(crate) async fn post(client: &Client, request: Request) -> reqwest::Result<Response> {
    let mut sending = client.post(&request.url).body(request.body);
    for (name, value) in &request.headers {
        sending = sending.header(*name, value);
    }
    sending.send().await.map_err(reqwest::Error::without_url)
}

/// The first bytes of an answer's text, as many as `max_bytes`.
pub(crate) async fn beginning(mut response: Response, max_bytes: usize) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < max_bytes {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(max_bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
