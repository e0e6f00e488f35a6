//! Several requests to a destination are under way at once, one visitor's events stay in their
//! order, and whoever is erased meanwhile goes nowhere.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, mpsc};

use crate::destinations::entry;
use crate::erasing::USER;
use crate::program::{Gateway, SHOP};

/// A receiver of a webhook whose answers wait for permits.
struct Receiver {
    url: String,
    requests: mpsc::UnboundedReceiver<Vec<Value>>,
    permits: Arc<Semaphore>,
    misbehaves: Arc<Mutex<f64>>,
}

#[derive(Clone)]
struct Shared {
    requests: mpsc::UnboundedSender<Vec<Value>>,
    permits: Arc<Semaphore>,
    misbehaves: Arc<Mutex<f64>>,
}

impl Receiver {
    async fn start(n_permits: usize) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, requests) = mpsc::unbounded_channel();
        let shared = Shared {
            requests: sender,
            permits: Arc::new(Semaphore::new(n_permits)),
            misbehaves: Arc::default(),
        };
        let (permits, misbehaves) = (shared.permits.clone(), shared.misbehaves.clone());
        let router = Router::new().fallback(answer).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            url,
            requests,
            permits,
            misbehaves,
        }
    }

    fn config(&self, keys: &str) -> String {
        let url = &self.url;
        let keys = format!("secret = \"secret-text\"\nurl = \"{url}\"\n{keys}");
        [SHOP.to_owned(), entry("webhook", &keys)].concat()
    }

    fn so_far(&mut self) -> Vec<Vec<Value>> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }
}

async fn answer(State(shared): State<Shared>, body: Bytes) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap();
    let events = body["events"].as_array().unwrap().clone();
    let misbehaves = *shared.misbehaves.lock().unwrap();
    if misbehaves == 0.0 {
        shared.requests.send(events).ok();
        shared.permits.acquire().await.unwrap().forget();
        return StatusCode::OK.into_response();
    }
    // Answers overtake each other.
    let wait = rand::random_range(0..10);
    tokio::time::sleep(std::time::Duration::from_millis(wait)).await;
    let at_once = [("retry-after", "0")];
    if rand::random_bool(misbehaves) {
        let statuses = [429, 503, 500];
        let status = statuses[rand::random_range(0..statuses.len())];
        let status = StatusCode::from_u16(status).unwrap();
        return (status, at_once).into_response();
    }
    shared.requests.send(events).ok();
    if rand::random_bool(misbehaves) {
        // It has them, and says that it has not.
        return (StatusCode::SERVICE_UNAVAILABLE, at_once).into_response();
    }
    StatusCode::OK.into_response()
}

/// The `number`th event of a visitor: before the login, the login, and after it.
fn event(visitor: usize, number: usize) -> Value {
    let anonymous_id = format!("visitor-{visitor}");
    let user_id = format!("user-{visitor}");
    let message_id = format!("{visitor}/{number}");
    let mut event = json!({
        "type": "track", "event": "Product Viewed", "messageId": message_id,
        "properties": { "number": number },
    });
    match number % 3 {
        0 => event["anonymousId"] = json!(anonymous_id),
        1 => {
            event["type"] = json!("identify");
            event["anonymousId"] = json!(anonymous_id);
            event["userId"] = json!(user_id);
        }
        _ => event["userId"] = json!(user_id),
    }
    event
}

fn visitor_of(event: &Value) -> String {
    let id = event["messageId"].as_str().unwrap();
    id.split('/').next().unwrap().to_owned()
}

fn number_of(event: &Value) -> usize {
    let id = event["messageId"].as_str().unwrap();
    id.split('/').nth(1).unwrap().parse().unwrap()
}

/// Each visitor's first numbers, in the order of their arrival.
fn first_arrivals(requests: &[Vec<Value>]) -> HashMap<String, Vec<usize>> {
    let mut arrivals: HashMap<String, Vec<usize>> = HashMap::new();
    for event in requests.iter().flatten() {
        let numbers = arrivals.entry(visitor_of(event)).or_default();
        let number = number_of(event);
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    arrivals
}

#[tokio::test]
async fn requests_under_way_at_once_share_no_visitor() {
    let mut receiver = Receiver::start(0).await;
    let gateway = Gateway::start(&receiver.config("requests_at_once = 3")).await;
    let events: Vec<_> = (0..500).map(|n| event(n % 50, n / 50)).collect();
    gateway.batch(&events).await;
    let mut under_way = Vec::new();
    for _ in 0..3 {
        under_way.push(receiver.requests.recv().await.unwrap());
    }
    let visitors = |request: &Vec<Value>| -> HashSet<String> {
        let events = request.iter();
        events.map(visitor_of).collect()
    };
    let distinct: HashSet<_> = under_way.iter().flat_map(visitors).collect();
    let total: usize = under_way.iter().map(|one| visitors(one).len()).sum();
    assert_eq!(distinct.len(), total, "a visitor is in two of them");
    receiver.permits.add_permits(1_000);
    assert_eq!(gateway.flush().await.status, 200);
    under_way.extend(receiver.so_far());
    assert!(
        under_way.len() <= 8,
        "visitors are kept apart in few requests"
    );
    for (visitor, numbers) in first_arrivals(&under_way) {
        assert_eq!(numbers, (0..10).collect::<Vec<_>>(), "of visitor {visitor}");
    }
}

#[tokio::test]
async fn a_visitor_s_order_holds_over_failures_and_kills_and_nothing_is_lost() {
    const VISITORS: usize = 40;
    const EVENTS: usize = 1_200;
    let mut receiver = Receiver::start(0).await;
    *receiver.misbehaves.lock().unwrap() = 0.2;
    let config = receiver.config("requests_at_once = 4");
    let mut gateway = Gateway::start(&config).await;
    let events: Vec<_> = (0..EVENTS)
        .map(|n| event(n % VISITORS, n / VISITORS))
        .collect();
    let mut requests = Vec::new();
    for part in events.chunks(300) {
        gateway.batch(part).await;
        for _ in 0..3 {
            requests.push(receiver.requests.recv().await.unwrap());
        }
        gateway.kill().await;
        gateway = Gateway::start_in(gateway.folder(), &config).await;
    }
    *receiver.misbehaves.lock().unwrap() = 0.0;
    receiver.permits.add_permits(1_000);
    assert_eq!(gateway.flush().await.status, 200);
    requests.extend(receiver.so_far());
    let arrivals = first_arrivals(&requests);
    assert_eq!(arrivals.len(), VISITORS);
    for (visitor, numbers) in arrivals {
        let all: Vec<_> = (0..EVENTS / VISITORS).collect();
        assert_eq!(numbers, all, "of visitor {visitor}");
    }
}

#[tokio::test]
async fn who_is_erased_during_a_round_is_in_none_of_its_later_requests() {
    let mut receiver = Receiver::start(0).await;
    let gateway = Gateway::start(&receiver.config("requests_at_once = 1")).await;
    let events: Vec<_> = (0..450)
        .map(|n| {
            let mut event = event(n % 45, n / 45);
            if n % 5 == 0 {
                // Of the person, in all ways in which an event may be theirs.
                event["anonymousId"] = json!("visitor-of-ada");
                event["userId"] = if n % 10 == 0 {
                    json!(USER)
                } else {
                    Value::Null
                };
            }
            event
        })
        .collect();
    gateway.batch(&events).await;
    let is_theirs = |event: &Value| event.to_string().contains("ada");
    let first = receiver.requests.recv().await.unwrap();
    assert!(first.iter().any(is_theirs));
    let receipt = gateway.erase_user().await;
    assert_eq!(
        (&receipt["state"], &receipt["events"]),
        (&json!("done"), &json!(90))
    );
    receiver.permits.add_permits(1_000);
    assert_eq!(gateway.flush().await.status, 200);
    let rest: Vec<_> = receiver.so_far().into_iter().flatten().collect();
    assert!(!rest.iter().any(is_theirs), "it left after the erasure");
    let others = first.iter().chain(&rest).filter(|one| !is_theirs(one));
    let ids: HashSet<_> = others.map(|event| event["messageId"].to_string()).collect();
    assert_eq!(ids.len(), 360);
}
