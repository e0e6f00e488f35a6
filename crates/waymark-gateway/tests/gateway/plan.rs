//! A source's tracking plan at ingest: counted, logged, blocked or stripped, and reloaded.

use http::Method;
use serde_json::{Value, json};

use crate::live::View;
use crate::program::{Gateway, SHOP, new_folder};

const PLAN: &str = include_str!("../../../../tests/plan/plan.json");

/// The shop with the plan in this mode.
fn planned(folder: &std::path::Path, mode: &str) -> String {
    let file = folder.join("plan.json");
    if !file.exists() {
        std::fs::write(&file, PLAN).unwrap();
    }
    let file = file.display();
    format!("{SHOP}[sources.plan]\nfile = \"{file}\"\nmode = \"{mode}\"\n")
}

async fn start(mode: &str) -> Gateway {
    let folder = new_folder();
    let toml = planned(folder.path(), mode);
    Gateway::start_in(folder, &toml).await
}

fn track(id: &str, event: &str, properties: &Value) -> Value {
    json!({
        "type": "track", "messageId": id, "userId": "u", "event": event, "properties": properties,
    })
}

/// One event that follows the plan, three that do not, and one that no plan judges.
fn mixed() -> [Value; 5] {
    let product = json!({ "product_id": "p", "price": -1, "of-visitor-7": 1 });
    let cart = json!({ "cart_id": "c", "products": [product, product], "own words": "x" });
    [
        track("good", "Signed Out", &json!({})),
        track("cart", "Cart Viewed", &cart),
        track("made-up", "Made Up 7", &json!({ "a": 1 })),
        track("closed", "Signed Out", &json!({ "b": 1 })),
        json!({ "type": "identify", "messageId": "person", "userId": "u", "traits": { "a": 1 } }),
    ]
}

/// All that the gateway has written to its database.
fn file_of(gateway: &Gateway) -> String {
    let file = std::fs::read(gateway.database()).unwrap();
    let wal = std::fs::read(gateway.database().with_extension("sqlite-wal")).unwrap_or_default();
    String::from_utf8_lossy(&[file, wal].concat()).into_owned()
}

const VIOLATED: &str = "waymark_plan_events_total{source=\"shop\",verdict=\"violates\"}";
const VIOLATION: &str = "waymark_plan_violations_total";

#[tokio::test]
async fn violations_are_counted_by_the_places_of_the_plan_and_the_events_stay() {
    let gateway = start("warn").await;
    let mut view = View::open(&gateway).await;
    let answer = gateway.batch(&mixed()).await.json();
    assert_eq!(answer["accepted"], 5);
    let url = "/metrics";
    let metrics = gateway.admin(Method::GET, url, &Value::Null).await.text;
    let lines = |name: &str| {
        let mut lines: Vec<_> = metrics
            .lines()
            .filter_map(|line| line.strip_prefix(name))
            .collect();
        lines.sort_unstable();
        lines.join("\n")
    };
    assert_eq!(
        lines(VIOLATION),
        r#"{source="shop",event="(not in the plan)",path=""} 1
{source="shop",event="Cart Viewed",path="*"} 1
{source="shop",event="Cart Viewed",path="products[].*"} 1
{source="shop",event="Cart Viewed",path="products[].price"} 1
{source="shop",event="Signed Out",path="*"} 1"#
    );
    assert_eq!(
        lines("waymark_plan_events_total"),
        "{source=\"shop\",verdict=\"follows\"} 1\n{source=\"shop\",verdict=\"violates\"} 3"
    );
    let mut shown = Vec::new();
    for _ in 0..5 {
        shown.push(view.next_of("stored").await["planProblems"].clone());
    }
    let said = "own words is not in the plan; products[0].of-visitor-7 is not in the plan; \
                products[0].price is -1, less than 0; ";
    assert!(shown[1].as_str().unwrap().starts_with(said), "{shown:?}");
    assert_eq!(
        (&shown[0], &shown[2], &shown[3], &shown[4]),
        (
            &Value::Null,
            &json!("is not in the plan"),
            &json!("b is not in the plan"),
            &Value::Null
        )
    );
    // A view that is opened later sees the same.
    let mut later = View::open(&gateway).await;
    for said in shown {
        assert_eq!(later.next_of("stored").await["planProblems"], said);
    }
}

#[tokio::test]
async fn a_blocked_event_is_rejected_with_its_reason_and_the_others_are_stored() {
    let gateway = start("block").await;
    let answer = gateway.batch(&mixed()).await.json();
    assert_eq!(answer["accepted"], 2);
    let rejected = answer["rejected"].as_array().unwrap();
    let told: Vec<_> = rejected
        .iter()
        .map(|one| (&one["index"], &one["messageId"], &one["code"]))
        .collect();
    let code = json!("plan_violation");
    assert_eq!(
        told,
        [
            (&json!(1), &json!("cart"), &code),
            (&json!(2), &json!("made-up"), &code),
            (&json!(3), &json!("closed"), &code),
        ]
    );
    assert_eq!(
        rejected[2]["message"],
        "the event violates the tracking plan: b is not in the plan"
    );
    let mut view = View::open(&gateway).await;
    assert_eq!(view.next_of("rejected").await["code"], code);
    let one = track("alone", "Made Up 7", &json!({}));
    let headers = [("authorization", "Basic c2VydmVyLWtleTo=")];
    let answer = gateway.post("/v1/track", &headers, one.to_string()).await;
    assert_eq!(answer.refusal(), (400, "plan_violation".to_owned()));
}

#[tokio::test]
async fn an_order_of_commercetools_is_not_lost_for_a_plan_that_blocks() {
    let folder = new_folder();
    let toml = planned(folder.path(), "block").replacen(
        "name = \"shop\"\n",
        "name = \"shop\"\nkind = \"commercetools\"\n",
        1,
    );
    let gateway = Gateway::start_in(folder, &toml).await;
    assert!(gateway.log().contains("the plan only warns"));
    let message = json!({
        "notificationType": "Message", "type": "OrderCreated", "projectKey": "shop", "id": "m",
        "order": {
            "id": "o", "customerEmail": "a@b.example", "lineItems": [],
            "totalPrice": { "centAmount": 50_000, "currencyCode": "EUR", "fractionDigits": 2 },
        },
    });
    let answer = gateway
        .post("/v1/commercetools/server-key", &[], message.to_string())
        .await
        .json();
    assert_eq!(
        (&answer["accepted"], &answer["rejected"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        gateway.export().await[0]["event"]["event"],
        "Order Completed"
    );
    assert_eq!(gateway.metric(VIOLATED).await, 1.0);
}

#[tokio::test]
async fn the_problems_of_the_first_events_of_a_request_are_put_into_words() {
    let gateway = start("block").await;
    let events: Vec<_> = (0..60)
        .map(|nth| track(&nth.to_string(), "Signed Out", &json!({ "b": 1 })))
        .collect();
    let answer = gateway.batch(&events).await.json();
    let said = |nth: usize| answer["rejected"][nth]["message"].as_str().unwrap();
    assert!(said(49).ends_with("b is not in the plan"));
    assert!(
        said(50).ends_with("violates the plan, as too many events of its request do to say how")
    );
}

#[tokio::test]
async fn what_is_not_planned_is_taken_out_before_it_is_stored() {
    let gateway = start("strip").await;
    assert_eq!(gateway.batch(&mixed()).await.json()["accepted"], 5);
    let stored = gateway.export().await;
    let properties: Vec<_> = stored
        .iter()
        .map(|line| line["event"]["properties"].clone())
        .collect();
    let product = json!({ "product_id": "p", "price": -1 });
    assert_eq!(
        properties,
        [
            json!({}),
            json!({ "cart_id": "c", "products": [product, product] }),
            json!({}),
            json!({}),
            Value::Null,
        ]
    );
    let file = file_of(&gateway);
    let has = |text: &str| file.contains(text);
    assert!(has("cart_id") && !has("of-visitor-7") && !has("own words"));
}

#[tokio::test]
async fn what_a_later_member_hides_from_the_plan_is_not_stored() {
    for mode in ["strip", "block"] {
        let gateway = start(mode).await;
        let texts = [
            r#""properties":{"secret":1},"properties":{}"#,
            r#""properties":{"secret":1},"properties":null"#,
            r#""properties":{"cart_id":{"secret":1},"cart_id":"c","products":[]}"#,
        ];
        for (nth, text) in texts.into_iter().enumerate() {
            let event = if nth == 2 {
                "Cart Viewed"
            } else {
                "Signed Out"
            };
            let event = format!(
                r#"{{"writeKey":"browser-key","userId":"u","messageId":"{nth}","event":"{event}",{text}}}"#
            );
            assert_eq!(gateway.post("/v1/t", &[], event).await.status, 200);
        }
        let stored = gateway.export().await;
        assert_eq!(stored.len(), 3);
        assert_eq!(stored[2]["event"]["properties"]["cart_id"], "c");
        assert!(!file_of(&gateway).contains("secret"), "{mode}");
    }
}

#[tokio::test]
async fn a_plan_is_reloaded_with_the_configuration_or_the_one_before_stays() {
    let gateway = start("block").await;
    let folder = gateway.folder();
    let one = |id: &str| [track(id, "New Event", &json!({}))];
    assert_eq!(gateway.batch(&one("a")).await.json()["accepted"], 0);
    let plan = folder.path().join("plan.json");
    std::fs::write(&plan, r#"{"events":{"New Event":{}}}"#).unwrap();
    let reload = || gateway.admin(Method::POST, "/reload", &Value::Null);
    assert_eq!(reload().await.status, 200);
    assert_eq!(gateway.batch(&one("b")).await.json()["accepted"], 1);
    std::fs::write(&plan, r#"{"events":{"New Event":{"pattern":"(a+)+$"}}}"#).unwrap();
    let answer = reload().await;
    assert_eq!(answer.refusal(), (422, "invalid_configuration".to_owned()));
    let said = r#"events["New Event"].pattern: a keyword that plans do not have"#;
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains(" sources[0].plan.file: "), "{message}");
    assert!(message.ends_with(said), "{message}");
    assert_eq!(gateway.batch(&one("c")).await.json()["accepted"], 1);
}
