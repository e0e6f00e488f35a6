//! A person is erased from everything, and is given everything that is kept.

use http::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::program::{Answer, Gateway, SHOP, program, track};
use crate::upstream::{Behaviour, Upstream};

pub(crate) const USER: &str = "ada-lovelace-1815";
const VISITOR: &str = "visitor-of-ada-1815";

/// An event with these ids.
fn of(message_id: &str, user_id: Option<&str>, anonymous_id: Option<&str>) -> Value {
    json!({
        "type": "track",
        "event": "Product Added",
        "messageId": message_id,
        "userId": user_id,
        "anonymousId": anonymous_id,
    })
}

/// Events of two people and of those who share a device, and one that is turned away.
pub(crate) fn events() -> Vec<Value> {
    vec![
        of("before", None, Some(VISITOR)),
        of("login", Some(USER), Some(VISITOR)),
        of("server", Some(USER), None),
        of("shared", Some("someone-else"), Some(VISITOR)),
        of("other", None, Some("another-visitor")),
        json!({ "type": "alias", "messageId": "alias", "userId": "new-name", "previousId": USER }),
        json!({ "type": "nonsense", "userId": USER, "messageId": "broken" }),
    ]
}

impl Gateway {
    pub(crate) async fn admin(&self, method: Method, path: &str, body: &Value) -> Answer {
        let url = format!("{}{path}", self.admin_url);
        self.request(method, &url, &[], body.to_string()).await
    }

    /// Erases the user, and gives the receipt.
    pub(crate) async fn erase_user(&self) -> Value {
        let asked = json!({ "userId": USER });
        let answer = self.admin(Method::POST, "/erase", &asked).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// Which of the texts stand in a file of the database.
    pub(crate) fn found_in_files<'a>(&self, texts: &[&'a str]) -> Vec<&'a str> {
        let mut bytes = Vec::new();
        for end in ["", "-wal", "-shm"] {
            let path = format!("{}{end}", self.database().display());
            bytes.extend(std::fs::read(path).unwrap_or_default());
        }
        let stands = |text: &&&str| {
            bytes
                .windows(text.len())
                .any(|part| part == text.as_bytes())
        };
        texts.iter().filter(stands).copied().collect()
    }

    /// Runs a command beside the gateway. Gives whether it succeeded, its output and its errors.
    pub(crate) async fn command(&self, args: &[&str]) -> (bool, String, String) {
        let output = Command::new(program())
            .args(args)
            .arg("--database")
            .arg(self.database())
            .output()
            .await
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let (said, errors) = (text(output.stdout), text(output.stderr));
        (output.status.success(), said, errors)
    }
}

#[tokio::test]
async fn nothing_of_a_person_is_left_and_all_of_others() {
    let gateway = Gateway::start(SHOP).await;
    gateway.batch(&events()).await;
    gateway.send("server-key", &["login"]).await;
    let all = ["ada-lovelace-1815", "visitor-of-ada-1815", "someone-else"];
    assert_eq!(gateway.found_in_files(&all), all);
    let receipt = gateway.erase_user().await;
    for (name, value) in [
        ("state", json!("done")),
        ("kind", json!("user")),
        ("anonymousIds", json!(1)),
        ("events", json!(4)),
        ("rejected", json!(1)),
        ("deadLetters", json!(0)),
    ] {
        assert_eq!(receipt[name], value, "{name} of {receipt}");
    }
    assert!(!receipt.to_string().contains("ada"), "{receipt}");
    assert_eq!(gateway.stored_ids().await, ["shared", "other", "login"]);
    // The visitor's id stays in what the device's other user did.
    assert_eq!(
        gateway.found_in_files(&[USER, "someone-else", "another-visitor"]),
        ["someone-else", "another-visitor"]
    );
    let list = gateway.admin(Method::GET, "/erasures", &json!("")).await;
    assert_eq!(list.json()["erasures"], json!([receipt]));
}

#[tokio::test]
async fn an_anonymous_id_takes_every_event_that_has_it() {
    let gateway = Gateway::start(SHOP).await;
    gateway.batch(&events()).await;
    let asked = json!({ "anonymousId": VISITOR });
    let answer = gateway.admin(Method::POST, "/erase", &asked).await;
    assert_eq!(answer.json()["events"], 3, "{answer:?}");
    assert_eq!(gateway.stored_ids().await, ["server", "other", "alias"]);
    assert!(gateway.found_in_files(&[VISITOR]).is_empty());
}

#[tokio::test]
async fn what_a_destination_refused_or_superseded_goes_too() {
    let upstream = Upstream::start([Behaviour::Poisoned("Product Added")]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    gateway.batch(&[of("a", Some(USER), None)]).await;
    gateway.batch(&[of("b", None, Some("x"))]).await;
    assert_eq!(gateway.flush().await.status, 200);
    let body = json!({ "writeKey": "server-key", "batch": [of("a", Some(USER), None)] });
    gateway.post("/v1/b", &[], body.to_string()).await;
    assert_eq!(gateway.flush().await.status, 200);
    let letters = r#"waymark_dead_letters{source="shop",destination="forward"}"#;
    assert_eq!(gateway.metric(letters).await, 3.0);
    let (ok, lines, _) = gateway.command(&["export", "--user", USER]).await;
    assert!(ok && lines.contains(r#""kind":"deadLetter","source":"shop","destination":"forward""#));
    let receipt = gateway.erase_user().await;
    assert_eq!(
        (&receipt["events"], &receipt["deadLetters"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(gateway.metric(letters).await, 1.0);
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let sql = "SELECT count(*) FROM superseded";
    let n_superseded: i64 = database.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(n_superseded, 0);
}

#[tokio::test]
async fn an_event_that_waits_for_its_destination_never_gets_there() {
    let mut upstream = Upstream::start([Behaviour::WithHeader(503, "retry-after", "1")]).await;
    let gateway = Gateway::start(&upstream.config()).await;
    let events = [of("a", Some(USER), None), of("b", None, Some("x"))];
    gateway.batch(&events).await;
    assert_eq!(upstream.next().await.ids(), ["a", "b"]);
    gateway.erase_user().await;
    assert_eq!(gateway.flush().await.status, 200);
    assert_eq!(upstream.next().await.ids(), ["b"]);
}

#[tokio::test]
async fn an_erased_person_is_refused_and_nothing_of_it_is_kept() {
    let gateway = Gateway::start(SHOP).await;
    gateway.batch(&events()).await;
    gateway.erase_user().await;
    let answer = gateway.batch(&events()).await.json();
    let rejected: Vec<_> = answer["rejected"].as_array().unwrap().iter().collect();
    let codes: Vec<_> = rejected
        .iter()
        .map(|one| {
            (
                one["index"].as_u64().unwrap(),
                one["messageId"].as_str().unwrap(),
                one["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        codes,
        [
            (0, "before", "erased_id"),
            (1, "login", "erased_id"),
            (2, "server", "erased_id"),
            (5, "alias", "erased_id"),
            (6, "broken", "invalid_type"),
        ]
    );
    assert_eq!(answer["duplicates"], 2);
    let alone = gateway
        .post(
            "/v1/track",
            &[],
            json!({ "writeKey": "server-key", "event": "x", "userId": USER }).to_string(),
        )
        .await;
    assert_eq!(alone.refusal(), (400, "erased_id".to_owned()));
    let metric = r#"waymark_events_rejected_total{code="erased_id"}"#;
    assert_eq!(gateway.metric(metric).await, 5.0);
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let sql = "SELECT count(*), max(length(raw)) FROM rejected WHERE code = 'erased_id'";
    let kept: (i64, i64) = database
        .query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(kept, (5, 0));
}

#[tokio::test]
async fn after_its_time_an_erased_person_may_come_again() {
    for (days, back_days, refused) in [(0, 0, 0), (30, 29, 1), (30, 31, 0), (2, 3, 0)] {
        let toml = format!("{SHOP}[store]\nrefuse_erased_days = {days}\n");
        let gateway = Gateway::start(&toml).await;
        gateway.batch(&[of("a", Some(USER), None)]).await;
        gateway.erase_user().await;
        let folder = gateway.folder();
        let database = gateway.database();
        gateway.ask_to_stop().await;
        assert!(gateway.ended_well().await);
        let database = rusqlite::Connection::open(database).unwrap();
        let sql = "UPDATE erased_ids SET erased_ms = erased_ms - ?1 * 86400000";
        database.execute(sql, [back_days]).unwrap();
        drop(database);
        let gateway = Gateway::start_in(folder, &toml).await;
        let answer = gateway.batch(&[of("b", Some(USER), None)]).await.json();
        let n_refused = answer["rejected"].as_array().unwrap().len();
        assert_eq!(n_refused, refused, "{days} {back_days} {answer}");
        // An event that was erased stays a repeat after a restart.
        let repeat = gateway.batch(&[of("a", Some("x"), None)]).await.json();
        assert_eq!(repeat["duplicates"], 1, "{repeat}");
    }
}

#[tokio::test]
async fn an_erasure_that_was_killed_is_finished_at_the_next_start() {
    let mut gateway = Gateway::start(SHOP).await;
    let n_events = 6_000;
    for start in (0..n_events).step_by(1_000) {
        let batch: Vec<_> = (start..start + 1_000)
            .map(|number| {
                let user = if number % 2 == 0 {
                    USER
                } else {
                    "someone-else"
                };
                of(&number.to_string(), Some(user), None)
            })
            .collect();
        assert_eq!(gateway.batch(&batch).await.json()["accepted"], 1_000);
    }
    let (client, url) = (
        gateway.client.clone(),
        format!("{}/erase", gateway.admin_url),
    );
    let asked = json!({ "userId": USER }).to_string();
    let asking = tokio::spawn(client.post(url).body(asked).send());
    let database = rusqlite::Connection::open(gateway.database()).unwrap();
    let n_erased = || -> i64 {
        let sql = "SELECT coalesce(sum(n_events), 0) FROM erasures";
        database.query_row(sql, [], |row| row.get(0)).unwrap()
    };
    while n_erased() == 0 {
        tokio::task::yield_now().await;
    }
    gateway.kill().await;
    assert!(asking.await.unwrap().is_err());
    let n_erased_before = n_erased();
    assert!(n_erased_before < n_events / 2, "it was too late to kill it");
    drop(database);
    assert_eq!(gateway.found_in_files(&[USER]), [USER]);

    let gateway = Gateway::start_in(gateway.folder(), SHOP).await;
    let answer = gateway.admin(Method::GET, "/erasures/1", &json!("")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let receipt = answer.json();
    assert_eq!(
        (&receipt["state"], &receipt["events"]),
        (&json!("done"), &json!(n_events / 2))
    );
    assert!(gateway.found_in_files(&[USER]).is_empty());
    assert_eq!(gateway.stored_ids().await.len() as i64, n_events / 2);
}

#[tokio::test]
async fn events_that_come_meanwhile_are_taken() {
    let gateway = Gateway::start(SHOP).await;
    let batch: Vec<_> = (0..2_500)
        .map(|number| {
            of(
                &number.to_string(),
                Some(USER),
                Some(&format!("v{}", number % 50)),
            )
        })
        .collect();
    gateway.batch(&batch).await;
    let asked = json!({ "userId": USER });
    let erasing = gateway.admin(Method::POST, "/erase", &asked);
    tokio::pin!(erasing);
    let mut n_taken = 0;
    let receipt = loop {
        let event = [track(&format!("meanwhile-{n_taken}"))];
        tokio::select! {
            receipt = &mut erasing => break receipt.json(),
            answer = gateway.batch(&event) => {
                assert_eq!(answer.json()["accepted"], 1);
                n_taken += 1;
            }
        }
    };
    assert_eq!(
        (&receipt["events"], &receipt["anonymousIds"]),
        (&json!(2_500), &json!(50))
    );
    assert!(gateway.stored_ids().await.len() >= n_taken);
    assert!(gateway.found_in_files(&[USER, "\"v49\""]).is_empty());
}
