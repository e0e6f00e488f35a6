//! What an upstream refused for good can be listed, looked at, sent again and dropped.

use http::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::program::{Gateway, SHOP, program, track};
use crate::upstream::{Behaviour, Upstream};

/// Runs `dead-letters` beside the gateway. Gives whether it succeeded, its lines and its errors.
async fn letters(gateway: &Gateway, args: &[&str]) -> (bool, Vec<Value>, String) {
    let output = Command::new(program())
        .arg("dead-letters")
        .args(args)
        .args(["--admin-listen", &gateway.admin_url["http://".len()..]])
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let lines = said.lines().map(|line| serde_json::from_str(line).unwrap());
    let errors = String::from_utf8(output.stderr).unwrap();
    (output.status.success(), lines.collect(), errors)
}

/// The message ids of the dead letters that these flags tell.
async fn listed(gateway: &Gateway, args: &[&str]) -> Vec<String> {
    let (ok, lines, errors) = letters(gateway, &[&["list"], args].concat()).await;
    assert!(ok, "{errors}");
    let id = |line: &Value| line["messageId"].as_str().unwrap().to_owned();
    lines.iter().map(id).collect()
}

/// A gateway that has dead letters, and then an upstream that behaves like this.
async fn with_letters(n_letters: usize, then: Vec<Behaviour>) -> (Gateway, Upstream) {
    let poison = Upstream::start([Behaviour::Poisoned("Product Added")]).await;
    let gateway = Gateway::start(&poison.config()).await;
    let events: Vec<_> = (0..n_letters)
        .map(|number| track(&number.to_string()))
        .collect();
    gateway.batch(&events).await;
    assert_eq!(gateway.flush().await.status, 200);
    let folder = gateway.folder();
    gateway.ask_to_stop().await;
    assert!(gateway.ended_well().await);
    let upstream = Upstream::start(then).await;
    let gateway = Gateway::start_in(folder, &upstream.config()).await;
    (gateway, upstream)
}

#[tokio::test]
async fn they_are_listed_and_shown_by_source_and_time() {
    let (gateway, _upstream) = with_letters(3, Vec::new()).await;
    assert_eq!(listed(&gateway, &[]).await, ["0", "1", "2"]);
    assert_eq!(
        listed(&gateway, &["--source", "shop", "--from", "2001-01-01"])
            .await
            .len(),
        3
    );
    assert_eq!(
        listed(&gateway, &["--to", "2001-01-01T00:00:00Z"])
            .await
            .len(),
        0
    );
    assert_eq!(listed(&gateway, &["--id", "2"]).await, ["1"]);
    let (ok, shown, _) = letters(&gateway, &["show", "2"]).await;
    assert!(ok);
    assert_eq!(shown[0]["event"]["messageId"], "1");
    assert_eq!(
        (
            &shown[0]["status"],
            &shown[0]["reason"],
            &shown[0]["source"]
        ),
        (
            &json!(400),
            &json!("I do not like this event"),
            &json!("shop")
        )
    );
}

#[tokio::test]
async fn those_that_are_taken_now_are_dead_no_more() {
    let then = vec![Behaviour::Status(400)];
    let (gateway, mut upstream) = with_letters(4, then).await;
    let (ok, done, errors) = letters(&gateway, &["retry", "--source", "shop"]).await;
    assert!(ok, "{errors}");
    assert_eq!(done, [json!({ "taken": 4, "refused": 0, "stopped": null })]);
    assert_eq!(upstream.next().await.ids(), ["0", "1", "2", "3"]);
    assert_eq!(upstream.next().await.ids(), ["0", "1"]);
    assert!(listed(&gateway, &[]).await.is_empty());
    assert_eq!(
        gateway
            .metric(r#"waymark_dead_letters{source="shop",destination="forward"}"#)
            .await,
        0.0
    );
}

#[tokio::test]
async fn those_that_are_refused_again_have_the_new_reason_and_a_dead_upstream_changes_nothing() {
    let then = vec![
        Behaviour::Status(400),
        Behaviour::Status(422),
        Behaviour::Status(200),
        Behaviour::Status(503),
    ];
    let (gateway, _upstream) = with_letters(2, then).await;
    let (_, done, _) = letters(&gateway, &["retry", "--all"]).await;
    assert_eq!(done, [json!({ "taken": 1, "refused": 1, "stopped": null })]);
    let (_, left, _) = letters(&gateway, &["list"]).await;
    assert_eq!((left.len(), &left[0]["status"]), (1, &json!(422)));
    let (ok, _, errors) = letters(&gateway, &["retry", "--id", "1"]).await;
    assert!(!ok);
    let expected =
        "waymark-gateway: not all were sent: the upstream answered 503 Service Unavailable\n";
    assert_eq!(errors, expected);
    assert_eq!(listed(&gateway, &[]).await, ["0"]);
}

#[tokio::test]
async fn they_are_dropped_one_by_one_or_all() {
    let (gateway, _upstream) = with_letters(3, Vec::new()).await;
    let (_, done, _) = letters(&gateway, &["drop", "--id", "2"]).await;
    assert_eq!(done, [json!({ "dropped": 1 })]);
    assert_eq!(listed(&gateway, &[]).await, ["0", "2"]);
    let (_, done, _) = letters(&gateway, &["drop", "--all"]).await;
    assert_eq!(done, [json!({ "dropped": 2 })]);
    assert!(listed(&gateway, &[]).await.is_empty());
    assert_eq!(
        gateway.stored_ids().await,
        ["0", "1", "2"],
        "the events stay"
    );
}

#[tokio::test]
async fn a_request_that_says_nothing_or_nonsense_is_refused() {
    let gateway = Gateway::start(SHOP).await;
    for path in ["retry", "drop"] {
        for body in [
            json!({}),
            json!({ "source": "nobody" }),
            json!({ "from": "soon" }),
            json!({ "x": 1 }),
            json!({ "id": 1, "all": true }),
        ] {
            let url = format!("{}/dead-letters/{path}", gateway.admin_url);
            let answer = gateway
                .request(Method::POST, &url, &[], body.to_string())
                .await;
            assert_eq!(answer.refusal(), (400, "invalid_body".to_owned()), "{body}");
        }
        let (ok, lines, errors) = letters(&gateway, &[path]).await;
        assert!(!ok && lines.is_empty());
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
    for (query, refusal) in [
        ("?id=x", (400, "invalid_query")),
        ("?source=nobody", (400, "invalid_query")),
        ("?from=soon", (400, "invalid_query")),
        ("?x=1", (400, "invalid_query")),
        ("/7", (404, "not_found")),
        ("/x", (404, "not_found")),
    ] {
        let url = format!("{}/dead-letters{query}", gateway.admin_url);
        let answer = gateway.request(Method::GET, &url, &[], "").await;
        assert_eq!(
            answer.refusal(),
            (refusal.0, refusal.1.to_owned()),
            "{query}"
        );
    }
}
