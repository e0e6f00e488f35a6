//! Events reach every destination, each at its own pace and however the vendors answer.

use std::collections::HashSet;

use http::Method;
use serde_json::{Value, json};

use crate::program::{Gateway, SHOP, track};
use crate::vendor::{Received, Vendor, fine};

/// An entry of `[[sources.destinations]]`.
pub(crate) fn entry(kind: &str, keys: &str) -> String {
    format!("[[sources.destinations]]\nkind = \"{kind}\"\n{keys}\n")
}

pub(crate) fn mixpanel(url: &str) -> String {
    entry(
        "mixpanel",
        &format!("token = \"secret-token\"\nhost = \"{url}\""),
    )
}

fn webhook(url: &str) -> String {
    entry(
        "webhook",
        &format!("secret = \"secret-text\"\nurl = \"{url}/hook\""),
    )
}

fn order() -> Value {
    json!({
        "type": "track",
        "event": "Order Completed",
        "messageId": "order-1",
        "userId": "customer-1",
        "anonymousId": "visitor",
        "context": { "userAgent": "Firefox", "traits": { "email": "Ann@Shop.Example" } },
        "properties": {
            "order_id": "o-1", "total": 37.48, "revenue": 30.99, "currency": "eur",
            "products": [{ "product_id": "p-1", "price": 30.99, "quantity": 1 }],
        },
    })
}

fn ids(received: &Received) -> Vec<String> {
    let events = received.body["events"].as_array().unwrap();
    let id = |event: &Value| event["messageId"].as_str().unwrap().to_owned();
    events.iter().map(id).collect()
}

/// The names and `$insert_id`s of events that Mixpanel received.
pub(crate) fn imported(received: &[Received]) -> Vec<(String, String)> {
    let imports = received
        .iter()
        .filter(|one| one.path.starts_with("/import"));
    let events = imports.flat_map(|one| one.body.as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    events
        .map(|event| {
            (
                text(&event["event"]),
                text(&event["properties"]["$insert_id"]),
            )
        })
        .collect()
}

#[tokio::test]
async fn an_order_arrives_once_at_each_of_ten_with_the_right_amount() {
    let mut vendor = Vendor::start(|_, _| fine()).await;
    let url = &vendor.url;
    let host = format!("host = \"{url}\"");
    let config = [
        SHOP.to_owned(),
        entry(
            "segment",
            &format!("write_key = \"k\"\nupstream = \"{url}/v1\""),
        ),
        webhook(url),
        entry("posthog", &format!("api_key = \"k\"\n{host}")),
        mixpanel(url),
        entry("amplitude", &format!("api_key = \"k\"\n{host}")),
        entry(
            "ga4",
            &format!("measurement_id = \"G-1\"\napi_secret = \"k\"\n{host}"),
        ),
        entry(
            "meta",
            &format!("pixel_id = \"123\"\naccess_token = \"k\"\n{host}"),
        ),
        entry("klaviyo", &format!("api_key = \"k\"\n{host}")),
        entry(
            "tiktok",
            &format!("pixel_code = \"C\"\naccess_token = \"k\"\n{host}"),
        ),
        entry("heap", &format!("app_id = \"k\"\n{host}")),
    ];
    let gateway = Gateway::start(&config.concat()).await;
    gateway.batch(&[order()]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let received = vendor.so_far();
    let one = |path: &str| {
        let mut found = received.iter().filter(|one| one.path.starts_with(path));
        let first = found.next().unwrap_or_else(|| panic!("nothing at {path}"));
        assert!(found.next().is_none(), "more than one request at {path}");
        &first.body
    };
    let total = json!(37.48);
    assert_eq!(one("/v1/batch")["batch"][0]["properties"]["total"], total);
    assert_eq!(one("/hook")["events"][0]["properties"]["total"], total);
    assert_eq!(one("/batch/")["batch"][0]["properties"]["total"], total);
    assert_eq!(one("/import")[0]["properties"]["total"], total);
    assert_eq!(one("/2/httpapi")["events"][0]["revenue"], 30.99);
    let purchase = &one("/mp/collect")["events"][0];
    assert_eq!(purchase["params"]["transaction_id"], "o-1");
    assert_eq!(purchase["params"]["value"], total);
    let custom = &one("/123/events")["data"][0]["custom_data"];
    assert_eq!(
        (&custom["value"], &custom["currency"]),
        (&total, &json!("EUR"))
    );
    assert_eq!(
        one("/open_api/v1.3/event/track/")["data"][0]["properties"]["value"],
        total
    );
    assert_eq!(
        one("/api/integrations/track")["events"][0]["custom_properties"]["total"],
        total
    );
    let klaviyo = received.iter().filter(|one| one.path == "/api/events");
    let placed: Vec<_> = klaviyo
        .map(|one| &one.body["data"]["attributes"])
        .filter(|event| event["metric"]["data"]["attributes"]["name"] == "Placed Order")
        .collect();
    assert_eq!(placed.len(), 1);
    assert_eq!(placed[0]["value"], total);
    for kind in waymark_destinations::Settings::KINDS {
        let taken =
            format!(r#"waymark_events_forwarded_total{{source="shop",destination="{kind}"}}"#);
        assert_eq!(gateway.metric(&taken).await, 1.0, "{kind}");
    }
}

#[tokio::test]
async fn one_that_is_black_holed_holds_up_no_other_and_goes_on_after_a_crash() {
    let mut dead = Vendor::start(|_, _| None).await;
    let mut alive = Vendor::start(|_, _| fine()).await;
    let config = [SHOP.to_owned(), webhook(&dead.url), mixpanel(&alive.url)].concat();
    let mut gateway = Gateway::start(&config).await;
    gateway.batch(&[track("0")]).await;
    // It has taken the request, and never answers.
    dead.next().await;
    for id in ["1", "2", "3"] {
        gateway.batch(&[track(id)]).await;
        alive.next().await;
    }
    let lag =
        |name: &str| format!(r#"waymark_forward_lag_events{{source="shop",destination="{name}"}}"#);
    assert_eq!(gateway.metric(&lag("webhook")).await, 4.0);
    gateway.kill().await;
    alive.so_far();
    dead.answer_by(|_, _| fine());
    let gateway = Gateway::start_in(gateway.folder(), &config).await;
    assert_eq!(gateway.flush().await.status, 200);
    let delivered: Vec<_> = dead.so_far().iter().flat_map(ids).collect();
    assert_eq!(delivered, ["0", "1", "2", "3"]);
    assert_eq!(gateway.metric(&lag("webhook")).await, 0.0);
    // What was under way at the crash may come again, with the same id.
    let again = imported(&alive.so_far());
    let unique: HashSet<_> = again.iter().collect();
    assert_eq!(unique.len(), again.len(), "{again:?}");
    // The cursor of all but the newest requests was saved.
    assert!(again.len() <= 2, "{again:?}");
}

#[tokio::test]
async fn filters_and_consent_keep_events_from_a_destination_and_are_counted() {
    let mut vendor = Vendor::start(|_, _| fine()).await;
    let rules = "exclude_types = [\"page\"]\nevents = [\"Order *\"]\nconsent = [\"advertising\"]\n\
                 rename = { \"Order Completed\" = \"order_placed\" }";
    let config = [SHOP.to_owned(), webhook(&vendor.url), rules.to_owned()].concat();
    let gateway = Gateway::start(&config).await;
    let consent = |agreed: bool| json!({ "categoryPreferences": { "advertising": agreed } });
    let mut yes = order();
    yes["context"]["consent"] = consent(true);
    let mut no = order();
    no["messageId"] = json!("no");
    no["context"]["consent"] = consent(false);
    let mut page = json!({ "type": "page", "messageId": "p", "anonymousId": "visitor" });
    page["context"] = json!({ "consent": consent(true) });
    let mut left_out = order();
    left_out["messageId"] = json!("left-out");
    left_out["integrations"] = json!({ "All": false });
    gateway.batch(&[page, track("t"), no, left_out, yes]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let received = vendor.so_far();
    assert_eq!(
        received.iter().flat_map(ids).collect::<Vec<_>>(),
        ["order-1"]
    );
    assert_eq!(received[0].body["events"][0]["event"], "order_placed");
    for (reason, n) in [
        ("filtered", 2.0),
        ("no_consent", 1.0),
        ("integrations", 1.0),
    ] {
        let name = format!(
            r#"waymark_events_skipped_total{{source="shop",destination="webhook",reason="{reason}"}}"#
        );
        assert_eq!(gateway.metric(&name).await, n, "{reason}");
    }
}

#[tokio::test]
async fn a_new_destination_begins_where_it_says_and_a_replay_goes_to_it_alone() {
    let mut first = Vendor::start(|_, _| fine()).await;
    let config = [SHOP.to_owned(), webhook(&first.url)].concat();
    let mut gateway = Gateway::start(&config).await;
    gateway.batch(&[track("a"), track("b")]).await;
    assert_eq!(gateway.flush().await.status, 200);
    gateway.kill().await;
    first.so_far();
    let mut second = Vendor::start(|_, _| fine()).await;
    let added = webhook(&second.url);
    let config = [
        config,
        added,
        "name = \"second\"\nstart = \"beginning\"\n".to_owned(),
    ]
    .concat();
    let gateway = Gateway::start_in(gateway.folder(), &config).await;
    gateway.batch(&[track("c")]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let delivered =
        |vendor: &mut Vendor| -> Vec<String> { vendor.so_far().iter().flat_map(ids).collect() };
    assert_eq!(delivered(&mut second), ["a", "b", "c"]);
    assert_eq!(delivered(&mut first), ["c"]);
    let url = format!("{}/replays", gateway.admin_url);
    let asked = json!({
        "source": "shop", "destination": "second", "from": "2001-01-01", "to": "2101-01-01",
    });
    let done = gateway
        .request(Method::POST, &url, &[], asked.to_string())
        .await;
    assert_eq!(done.json()["taken"], 3, "{done:?}");
    assert_eq!(delivered(&mut second), ["a", "b", "c"]);
    assert!(delivered(&mut first).is_empty());
}

#[tokio::test]
async fn a_webhook_is_signed_over_its_body() {
    let mut vendor = Vendor::start(|_, _| fine()).await;
    let gateway = Gateway::start(&[SHOP.to_owned(), webhook(&vendor.url)].concat()).await;
    gateway.batch(&[track("a")]).await;
    let received = vendor.next().await;
    let header = |name: &str| received.headers[name].to_str().unwrap();
    let signed = format!(
        "{}.{}.{}",
        header("webhook-id"),
        header("webhook-timestamp"),
        received.text
    );
    let key = ring_hmac(b"secret-text", signed.as_bytes());
    assert_eq!(header("webhook-signature"), format!("v1,{key}"));
}

/// HMAC-SHA256 by another library than the gateway's, in base64.
fn ring_hmac(key: &[u8], text: &[u8]) -> String {
    use base64::Engine as _;

    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key);
    base64::engine::general_purpose::STANDARD.encode(ring::hmac::sign(&key, text))
}

#[tokio::test]
async fn try_prints_requests_and_sends_nothing() {
    let mut vendor = Vendor::start(|_, _| fine()).await;
    let config = [
        SHOP.to_owned(),
        mixpanel(&vendor.url),
        entry(
            "ga4",
            &format!(
                "measurement_id = \"G-1\"\napi_secret = \"secret-k\"\nhost = \"{}\"",
                vendor.url
            ),
        ),
        webhook(&vendor.url),
    ];
    let gateway = Gateway::start(&config.concat()).await;
    let folder = gateway.folder();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let exported = json!({ "source": "shop", "type": "track", "event": order() });
    let alias = json!({ "type": "alias", "messageId": "al", "userId": "u", "previousId": "v" });
    let batch = json!({ "batch": [order(), alias] });
    std::fs::write(path("events"), format!("{exported}\n{batch}\n")).unwrap();
    for name in ["mixpanel", "ga4", "webhook"] {
        let args = [
            "try",
            "--destination",
            name,
            "--config",
            &path("gateway.toml"),
            &path("events"),
        ];
        let (ok, said, errors) = gateway.command(&args).await;
        assert!(ok, "{errors}");
        assert!(
            said.contains("37.48") && said.contains("(hidden)"),
            "{said}"
        );
        assert!(!said.contains("secret-"), "{said}");
        if name == "mixpanel" {
            assert!(
                said.contains("alias al: Simplified ID Merge has no aliases"),
                "{said}"
            );
            assert_eq!(said.matches("\"Product Purchased\"").count(), 2, "{said}");
        }
    }
    let args = [
        "try",
        "--destination",
        "nowhere",
        "--config",
        &path("gateway.toml"),
    ];
    let (ok, _, errors) = gateway.command(&args).await;
    assert!(
        !ok && errors.contains("shop/mixpanel, shop/ga4"),
        "{errors}"
    );
    assert!(vendor.so_far().is_empty());
}
