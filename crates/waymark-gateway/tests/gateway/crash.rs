//! Killed at any moment, the gateway has stored every event it acknowledged, once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use serde_json::json;

use crate::program::{Gateway, SHOP, client, new_folder, track};

/// How often the gateway is killed.
const ROUNDS: usize = 10;
/// Clients that send at the same time.
const CLIENTS: usize = 4;
/// The gateway is killed after a random number of batches up to this one.
const BATCHES_MAX: usize = 120;

/// The state that the clients share.
#[derive(Debug, Default)]
struct Known {
    acknowledged: HashSet<String>,
    n_sent: usize,
}

/// Sends batches until the connection breaks, and returns the one that was not answered. The
/// next call repeats it, as an SDK does.
async fn send_until_killed(
    url: String,
    known: Arc<Mutex<Known>>,
    unanswered: Option<Vec<String>>,
    tick: tokio::sync::mpsc::UnboundedSender<()>,
) -> Vec<String> {
    let client = client();
    let mut next = unanswered;
    loop {
        let ids = next.take().unwrap_or_else(|| {
            let mut known = known.lock().unwrap();
            known.n_sent += 10;
            (known.n_sent - 10..known.n_sent)
                .map(|id| id.to_string())
                .collect()
        });
        let events: Vec<_> = ids.iter().map(|id| track(id)).collect();
        let body = json!({ "writeKey": "browser-key", "batch": events }).to_string();
        match client.post(format!("{url}/v1/b")).body(body).send().await {
            Ok(answer) if answer.status() == 200 => {
                known.lock().unwrap().acknowledged.extend(ids);
                // Fails when the test has stopped counting.
                let _ = tick.send(());
            }
            _ => return ids,
        }
    }
}

#[tokio::test]
async fn acknowledged_events_are_stored_once_however_often_it_is_killed() {
    let folder = new_folder();
    let known = Arc::new(Mutex::new(Known::default()));
    let mut unanswered: Vec<Option<Vec<String>>> = vec![None; CLIENTS];
    for round in 0..ROUNDS {
        let mut gateway = Gateway::start_in(Arc::clone(&folder), SHOP).await;
        let (tick, mut ticks) = tokio::sync::mpsc::unbounded_channel();
        let clients: Vec<_> = unanswered
            .drain(..)
            .map(|unanswered| {
                let url = gateway.url.clone();
                tokio::spawn(send_until_killed(
                    url,
                    Arc::clone(&known),
                    unanswered,
                    tick.clone(),
                ))
            })
            .collect();
        let n_batches = rand::random_range(1..BATCHES_MAX);
        for _ in 0..n_batches {
            ticks.recv().await.unwrap();
        }
        gateway.kill().await;
        for client in clients {
            unanswered.push(Some(client.await.unwrap()));
        }
        let stored = gateway.stored_ids().await;
        let distinct: HashSet<_> = stored.iter().cloned().collect();
        assert_eq!(distinct.len(), stored.len(), "round {round}: stored twice");
        let known = known.lock().unwrap();
        let lost: Vec<_> = known.acknowledged.difference(&distinct).collect();
        assert!(lost.is_empty(), "round {round}: lost {lost:?}");
    }
    assert!(known.lock().unwrap().acknowledged.len() >= ROUNDS * 10);
}
