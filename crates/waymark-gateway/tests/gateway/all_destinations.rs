//! All kinds of destinations on one stream, of which one never answers and one throttles.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use serde_json::{Value, json};
use waymark_destinations::Settings;

use crate::destinations::entry;
use crate::program::{Gateway, SHOP};
use crate::vendor::{Received, Vendor, fine};

const BLACK_HOLED: &str = "tiktok";
const THROTTLED: &str = "klaviyo";
const BATCHES: usize = 6;
const BATCH: usize = 40;
const VISITORS: usize = 15;

/// One destination of each kind, each at a path of its own.
fn config(url: &str) -> String {
    let entries = Settings::KINDS.iter().map(|kind| {
        let host = format!("host = \"{url}/{kind}\"");
        let keys = match *kind {
            "segment" => format!("write_key = \"k\"\nupstream = \"{url}/segment\""),
            "webhook" => format!("secret = \"k\"\nurl = \"{url}/webhook\""),
            "mixpanel" => format!("token = \"k\"\n{host}"),
            "ga4" => format!("measurement_id = \"G-1\"\napi_secret = \"k\"\n{host}"),
            "meta" => format!("pixel_id = \"1\"\naccess_token = \"k\"\n{host}"),
            "tiktok" => format!("pixel_code = \"C\"\naccess_token = \"k\"\n{host}"),
            "heap" => format!("app_id = \"k\"\n{host}"),
            _ => format!("api_key = \"k\"\n{host}"),
        };
        entry(kind, &keys)
    });
    let entries: Vec<_> = entries.collect();
    [SHOP.to_owned(), entries.concat()].concat()
}

fn event(number: usize) -> Value {
    let visitor = number % VISITORS;
    json!({
        "type": "track",
        "event": "Product Added",
        "messageId": format!("event-{number}"),
        "anonymousId": format!("visitor-{visitor}"),
        "userId": format!("customer-{visitor}"),
        "context": { "userAgent": "Firefox", "traits": { "email": "ann@shop.example" } },
        "properties": { "product_id": format!("product-{number}"), "price": 9.5, "currency": "EUR" },
    })
}

/// For each product that a destination was told of, the ids by which it knows a repeat.
fn ids_by_product(kind: &str, received: &[Received]) -> BTreeMap<String, HashSet<String>> {
    let own = received
        .iter()
        .filter(|one| one.path.starts_with(&format!("/{kind}")));
    let mut found: BTreeMap<String, HashSet<String>> = BTreeMap::new();
    for one in own {
        let list = ["batch", "events", "data"]
            .iter()
            .find_map(|name| one.body[name].as_array());
        let alone = std::slice::from_ref(&one.body);
        let list = list.or(one.body.as_array()).map_or(alone, Vec::as_slice);
        for payload in list {
            let id = match kind {
                "segment" | "webhook" => &payload["messageId"],
                "posthog" => &payload["uuid"],
                "mixpanel" => &payload["properties"]["$insert_id"],
                "amplitude" => &payload["insert_id"],
                "meta" | "tiktok" => &payload["event_id"],
                "klaviyo" => &payload["data"]["attributes"]["unique_id"],
                "heap" => &payload["idempotency_key"],
                // It has no id by which it knows a repeat of any event but an order.
                _ => &payload["name"],
            };
            let text = payload.to_string();
            let at = text.find("\"product-").unwrap();
            let product = text[at + 1..].split('"').next().unwrap().to_owned();
            found.entry(product).or_default().insert(id.to_string());
        }
    }
    found
}

/// Waits until the metric has the value.
async fn until(gateway: &Gateway, metric: &str, value: f64) {
    let reached = async {
        while gateway.metric(metric).await != value {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(30), reached).await;
    assert!(in_time.is_ok(), "{metric} is not {value}");
}

#[tokio::test]
async fn eight_of_ten_keep_up_while_one_is_silent_and_one_throttles_and_none_loses_an_event() {
    let mut vendor = Vendor::start(|path, _| {
        if path.starts_with(&format!("/{BLACK_HOLED}")) {
            None
        } else if path.starts_with(&format!("/{THROTTLED}")) {
            Some((429, String::new()))
        } else {
            fine()
        }
    })
    .await;
    let config = config(&vendor.url);
    let mut gateway = Gateway::start(&config).await;
    let lag =
        |kind: &str| format!(r#"waymark_forward_lag_events{{source="shop",destination="{kind}"}}"#);
    let late = [BLACK_HOLED, THROTTLED];
    let mut n_sent = 0;
    for batch in 0..BATCHES {
        let events: Vec<_> = (n_sent..n_sent + BATCH).map(event).collect();
        assert_eq!(gateway.batch(&events).await.status, 200);
        n_sent += BATCH;
        for kind in Settings::KINDS.iter().filter(|kind| !late.contains(kind)) {
            if batch != BATCHES / 2 {
                until(&gateway, &lag(kind), 0.0).await;
            }
        }
        for kind in late {
            assert_eq!(gateway.metric(&lag(kind)).await, n_sent as f64, "{kind}");
        }
        if batch == BATCHES / 2 {
            // In the middle of this batch.
            gateway.kill().await;
            gateway = Gateway::start_in(gateway.folder(), &config).await;
        }
    }
    gateway.kill().await;
    vendor.answer_by(|_, _| fine());
    let mut received = vendor.so_far();
    // What was not answered is no delivery.
    received.retain(|one| {
        !late
            .iter()
            .any(|kind| one.path.starts_with(&format!("/{kind}")))
    });
    let gateway = Gateway::start_in(gateway.folder(), &config).await;
    assert_eq!(gateway.flush().await.status, 200);
    received.extend(vendor.so_far());
    for kind in Settings::KINDS {
        let found = ids_by_product(kind, &received);
        assert_eq!(found.len(), n_sent, "{kind} has every event");
        let doubled: Vec<_> = found.iter().filter(|(_, ids)| ids.len() > 1).collect();
        assert!(
            doubled.is_empty(),
            "{kind} cannot know {doubled:?} as repeats"
        );
        assert_eq!(gateway.metric(&lag(kind)).await, 0.0, "{kind}");
        let letters = format!(r#"waymark_dead_letters{{source="shop",destination="{kind}"}}"#);
        assert_eq!(gateway.metric(&letters).await, 0.0, "{kind}");
    }
}
