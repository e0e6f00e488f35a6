//! What the vendors' answers mean, by the bodies that they document.

use std::time::Duration;

use waymark_destinations::{Answer, Fate, Verdict};

use crate::samples;

fn verdict(kind: &str, status: u16, body: &str, n_payloads: usize) -> Verdict {
    let answer = Answer {
        status,
        is_page: false,
        retry_after: None,
        body,
    };
    judge(kind, &answer, n_payloads)
}

/// Has the vendor's answer to a request of so many orders judged.
pub(crate) fn judge(kind: &str, answer: &Answer<'_>, n_payloads: usize) -> Verdict {
    let destination = samples::destination(kind);
    let sample = samples::all()
        .into_iter()
        .find(|one| one.title == "Signed Up");
    let sample = sample.expect("a sign-up");
    let payload = destination
        .map(&sample.event())
        .expect("payloads")
        .remove(0);
    destination.judge(answer, &vec![&payload; n_payloads])
}

fn is_later(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Later { .. })
}

fn is_refused(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Refused { .. })
}

#[test]
fn a_mistake_of_key_address_or_rate_gives_up_nothing() {
    for kind in waymark_destinations::Settings::KINDS {
        for status in [301, 401, 403, 404, 408, 429, 500, 502, 503] {
            assert!(is_later(&verdict(kind, status, "", 2)), "{kind} {status}");
        }
        let page = Answer {
            status: 200,
            is_page: true,
            retry_after: Some(Duration::from_secs(7)),
            body: "<html>",
        };
        let verdict = judge(kind, &page, 2);
        let asked = Some(Duration::from_secs(7));
        assert!(
            matches!(verdict, Verdict::Later { retry_after, .. } if retry_after == asked),
            "{kind}"
        );
    }
}

#[test]
fn too_large_a_request_is_halved() {
    for kind in waymark_destinations::Settings::KINDS {
        assert!(is_refused(&verdict(kind, 413, "", 2)), "{kind}");
    }
}

#[test]
fn mixpanel_names_what_it_refuses_and_keeps_the_rest() {
    let body = r#"{"code":400,"error":"some data points in the request failed validation",
        "failed_records":[{"index":1,"insert_id":"x","field":"properties.time",
        "message":"must be specified as seconds"}],"num_records_imported":2,"status":"Bad Request"}"#;
    assert_eq!(
        verdict("mixpanel", 400, body, 3),
        Verdict::Each(vec![
            Fate::Taken,
            Fate::Refused("properties.time: must be specified as seconds".to_owned()),
            Fate::Taken,
        ])
    );
    assert!(is_refused(&verdict(
        "mixpanel",
        400,
        r#"{"error":"bad"}"#,
        1
    )));
    let profile = r#"{"error":"'$distinct_id' must not be blank","status":0}"#;
    assert!(is_refused(&verdict("mixpanel", 200, profile, 1)));
    let fine = r#"{"error":null,"status":1}"#;
    assert_eq!(verdict("mixpanel", 200, fine, 1), Verdict::Taken);
}

#[test]
fn amplitude_names_what_it_refuses_and_takes_nothing() {
    let body = r#"{"code":400,"error":"Invalid field values on some events",
        "events_with_invalid_fields":{"time":[0,9]},"events_with_missing_fields":{},
        "silenced_events":[2]}"#;
    assert_eq!(
        verdict("amplitude", 400, body, 3),
        Verdict::Each(vec![
            Fate::Refused("events_with_invalid_fields: time".to_owned()),
            Fate::Again,
            Fate::Refused("silenced_events".to_owned()),
        ])
    );
    let key = r#"{"code":400,"error":"Invalid API key: x"}"#;
    assert!(is_later(&verdict("amplitude", 400, key, 3)));
    let field =
        r#"{"code":400,"error":"Request missing required field","missing_field":"api_key"}"#;
    assert!(is_later(&verdict("amplitude", 400, field, 3)));
    assert!(is_refused(&verdict("amplitude", 400, "{}", 3)));
    // One user's quota of the day does not hold up the others.
    let quota = |user: &str| {
        let users = format!(r#"{{"code":429,"exceeded_daily_quota_users":{{"{user}":500000}}}}"#);
        verdict("amplitude", 429, &users, 1)
    };
    let refused = Fate::Refused("exceeded_daily_quota_users".to_owned());
    assert_eq!(quota("user-1"), Verdict::Each(vec![refused]));
    assert!(is_later(&quota("someone-else")));
}

#[test]
fn posthog_s_quota_is_told_in_an_answer_of_200() {
    let body = r#"{"status":1,"quota_limited":["events"]}"#;
    let refused = Fate::Refused("over the project's quota".to_owned());
    assert_eq!(
        verdict("posthog", 200, body, 1),
        Verdict::Each(vec![refused])
    );
    let recordings = r#"{"status":1,"quota_limited":["recordings"]}"#;
    assert_eq!(verdict("posthog", 200, recordings, 1), Verdict::Taken);
}

#[test]
fn meta_s_400_may_be_about_the_token() {
    let of = |error: &str| verdict("meta", 400, &format!(r#"{{"error":{error}}}"#), 2);
    assert!(is_later(&of(
        r#"{"code":190,"message":"Error validating access token"}"#
    )));
    assert!(is_later(&of(
        r#"{"code":4,"message":"Application request limit reached"}"#
    )));
    assert!(is_later(&of(r#"{"code":100,"is_transient":true}"#)));
    assert!(is_refused(&of(r#"{"code":100,"error_subcode":2804003}"#)));
}

#[test]
fn tiktok_s_errors_are_told_in_an_answer_of_200() {
    let of = |code: i64| {
        verdict(
            "tiktok",
            200,
            &format!(r#"{{"code":{code},"message":"m"}}"#),
            2,
        )
    };
    assert_eq!(of(0), Verdict::Taken);
    assert!(is_refused(&of(40_002)));
    assert!(is_later(&of(40_100)));
    assert!(is_later(&of(40_105)));
    assert!(is_later(&of(50_000)));
    assert!(is_later(&verdict("tiktok", 200, "", 2)));
}
