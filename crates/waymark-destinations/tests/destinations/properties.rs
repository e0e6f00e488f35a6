//! Whatever the events are: no panic, no request beyond a vendor's limits, every event once.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use waymark_destinations::{
    Answer, EcommerceEvent, Event, EventType, Rules, Settings, Verdict, plan,
};

use crate::answers::judge;
use crate::samples::{self, NOW_MS};

/// Any JSON, a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        (0_usize..3_000).prop_map(|n| Value::from("x".repeat(n))),
        Just(json!("12.50")),
        Just(json!("EUR")),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(member(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Names that vendors read, and any.
fn member() -> impl Strategy<Value = String> {
    const KNOWN: [&str; 34] = [
        "products",
        "product_id",
        "price",
        "quantity",
        "currency",
        "total",
        "revenue",
        "email",
        "phone",
        "address",
        "country",
        "userId",
        "anonymousId",
        "groupId",
        "previousId",
        "event",
        "name",
        "properties",
        "traits",
        "context",
        "integrations",
        "page",
        "url",
        "campaign",
        "ip",
        "userAgent",
        "consent",
        "ga4",
        "clientId",
        "time",
        "$insert_id",
        "groupType",
        "order_id",
        "query",
    ];
    prop_oneof![
        prop::sample::select(&KNOWN[..]).prop_map(str::to_owned),
        ".{0,50}",
    ]
}

/// The text of an event: members that vendors read, with any values.
fn any_event() -> impl Strategy<Value = (EventType, String)> {
    let name = prop_oneof![
        prop::sample::select(EcommerceEvent::ALL).prop_map(|event| Value::from(event.name())),
        any_json(),
    ];
    let id = prop_oneof![Just(Value::Null), Just(json!("u")), any_json()];
    let parts = (
        name,
        id.clone(),
        id,
        any_json(),
        any_json(),
        any_json(),
        any_json(),
    );
    let text = parts.prop_map(
        |(event, user, anonymous, properties, traits, context, group)| {
            json!({
                "event": event, "name": event, "userId": user, "anonymousId": anonymous,
                "properties": properties, "traits": traits, "context": context,
                "groupId": group, "previousId": group,
            })
            .to_string()
        },
    );
    (prop::sample::select(&EventType::ALL[..]), text)
}

/// The documented limits of each vendor's request: payloads and bytes.
fn vendor_limits(kind: &str) -> (usize, usize) {
    match kind {
        "segment" => (2_500, 500_000),
        "webhook" => (100, 1_000_000),
        "posthog" => (500, 20_000_000),
        "mixpanel" => (2_000, 2_000_000),
        "amplitude" => (2_000, 1_000_000),
        "ga4" => (25, 130_000),
        "meta" | "tiktok" | "heap" => (1_000, 1_000_000),
        "klaviyo" => (1, 5_000_000),
        other => panic!("{other}"),
    }
}

/// The documented counts and lengths inside a request.
fn counts_are_kept(kind: &str, body: &str) -> bool {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let items = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let n_members = |value: &Value| value.as_object().map_or(0, serde_json::Map::len);
    let is_name = |name: &str, most: usize| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        name.len() <= most
            && name.starts_with(|char: char| char.is_ascii_lowercase())
            && name.bytes().all(plain)
    };
    match kind {
        "ga4" => items(&body["events"]).iter().all(|event| {
            let params = event["params"].as_object().cloned().unwrap_or_default();
            let fits = params.iter().all(|(name, value)| {
                let chars = value.as_str().map_or(0, |text| text.chars().count());
                let most = if name.starts_with("page_") { 1000 } else { 100 };
                is_name(name, 40) && chars <= most && !value.is_null() && !value.is_object()
            });
            is_name(event["name"].as_str().unwrap_or_default(), 40)
                && params.len() <= 25
                && items(&event["params"]["items"]).len() <= 200
                && fits
        }),
        "mixpanel" => items(&body).iter().all(|event| {
            let properties = &event["properties"];
            let insert_id = properties["$insert_id"].as_str();
            n_members(properties) <= 255 && insert_id.is_none_or(|id| id.len() <= 36)
        }),
        "klaviyo" => {
            let attributes = &body["data"]["attributes"];
            let metric = &attributes["metric"]["data"]["attributes"]["name"];
            let name = metric.as_str().unwrap_or_default();
            n_members(&attributes["properties"]) <= 300 && name.chars().count() < 128
        }
        "heap" => items(&body["events"]).iter().all(|event| {
            let properties = event["custom_properties"].as_object();
            properties.into_iter().flatten().all(|(name, value)| {
                let chars = value.as_str().map_or(0, |text| text.chars().count());
                name.chars().count() < 1024 && chars < 1024 && !value.is_array()
            })
        }),
        _ => true,
    }
}

/// Plans the events, and checks that each has one fate and that no request is too large.
fn check(kind: &str, texts: &[(EventType, String)]) -> Result<(), TestCaseError> {
    let destination = samples::destination(kind);
    let ids: Vec<String> = (0..texts.len()).map(|at| format!("m-{at}")).collect();
    let events: Vec<Event<'_>> = texts
        .iter()
        .zip(&ids)
        .map(|((event_type, text), id)| Event::new(*event_type, id, NOW_MS - 1, None, text))
        .collect();
    let planned = plan(
        destination.as_ref(),
        &Rules::default(),
        events.clone(),
        1,
        NOW_MS,
    );
    let mut sent = vec![false; events.len()];
    let mut parts = HashSet::new();
    let (most_payloads, most_bytes) = vendor_limits(kind);
    for planned in &planned.requests {
        let payloads: Vec<_> = planned.payloads.iter().map(|one| &one.payload).collect();
        let request = destination.request(&planned.lane, &payloads, NOW_MS);
        prop_assert!(!payloads.is_empty() && payloads.len() <= most_payloads);
        prop_assert!(
            request.body.len() <= most_bytes,
            "{kind}: {} bytes",
            request.body.len()
        );
        if kind != "segment" && kind != "webhook" {
            prop_assert!(
                serde_json::from_str::<Value>(&request.body).is_ok(),
                "{kind}"
            );
        }
        prop_assert!(
            counts_are_kept(kind, &request.body),
            "{kind}: {}",
            request.body
        );
        for one in &planned.payloads {
            prop_assert_eq!(&one.payload.lane, &planned.lane);
            prop_assert!(
                parts.insert((one.event, one.part)),
                "a payload is in two requests"
            );
            sent[one.event] = true;
        }
    }
    let mut skipped = vec![0; events.len()];
    for (index, _) in &planned.skipped {
        skipped[*index] += 1;
    }
    prop_assert!(planned.n_events > 0 && planned.n_events <= events.len());
    for at in 0..planned.n_events {
        prop_assert_eq!(
            usize::from(sent[at]) + skipped[at],
            1,
            "{}: event {}",
            kind,
            at
        );
    }
    // What is planned again is the same again, so that a vendor knows a repeat.
    let again = plan(
        destination.as_ref(),
        &Rules::default(),
        events.clone(),
        1,
        NOW_MS + 60_000,
    );
    let bodies = |plan: &waymark_destinations::Plan| -> Vec<String> {
        let all = plan.requests.iter().flat_map(|request| &request.payloads);
        all.map(|one| one.payload.body.clone()).collect()
    };
    prop_assert_eq!(bodies(&planned), bodies(&again));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_event_is_accounted_for_once_within_the_limits(
        texts in prop::collection::vec(any_event(), 1..12),
    ) {
        for kind in Settings::KINDS {
            check(kind, &texts)?;
        }
    }

    #[test]
    fn no_text_and_no_answer_makes_a_panic(
        text in ".{0,60}",
        body in any_json(),
        status in 100_u16..600,
        n_payloads in 0_usize..4,
    ) {
        for kind in Settings::KINDS {
            check(kind, &[(EventType::Track, text.clone())])?;
            let body = body.to_string();
            let answer = Answer { status, is_page: false, retry_after: None, body: &body };
            if let Verdict::Each(fates) = judge(kind, &answer, n_payloads) {
                prop_assert_eq!(fates.len(), n_payloads);
            }
        }
    }
}

#[test]
fn a_thousand_large_events_fill_many_requests() {
    let filler = "x".repeat(30_000);
    let text = json!({
        "event": "Order Completed", "userId": "u", "anonymousId": "a",
        "context": { "traits": { "email": "ann@shop.example" } },
        "properties": { "currency": "EUR", "total": 1, "note": filler,
            "products": [{ "product_id": "p", "price": 1 }] },
    });
    let texts = vec![(EventType::Track, text.to_string()); 200];
    for kind in Settings::KINDS {
        check(kind, &texts).expect(kind);
    }
}

#[test]
fn an_event_beyond_all_limits_is_skipped_and_the_others_go() {
    let text = |n: usize| {
        json!({ "event": "Note", "userId": "u", "properties": { "note": "x".repeat(n) } })
            .to_string()
    };
    for kind in [
        "segment",
        "webhook",
        "posthog",
        "mixpanel",
        "amplitude",
        "klaviyo",
    ] {
        let destination = samples::destination(kind);
        let texts = [text(1), text(6_000_000), text(2)];
        let events: Vec<Event<'_>> = texts
            .iter()
            .map(|text| Event::new(EventType::Track, "m", NOW_MS, None, text))
            .collect();
        let planned = plan(
            destination.as_ref(),
            &Rules::default(),
            events.clone(),
            1,
            NOW_MS,
        );
        assert_eq!(
            planned.skipped,
            [(1, waymark_destinations::Skip::TooLarge)],
            "{kind}"
        );
    }
}
