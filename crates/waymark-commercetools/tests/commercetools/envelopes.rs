//! The same message in every envelope is the same event.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use waymark_commercetools::{Envelope, EnvelopeKind, Mapped, Options, SnsKind, events_of, open};

use crate::golden::samples;

fn created() -> Value {
    samples()[0]["body"].clone()
}

fn opened(body: &Value) -> (EnvelopeKind, Vec<waymark_commercetools::Object>) {
    let envelope = open(&body.to_string()).unwrap();
    let kind = envelope.kind();
    match envelope {
        Envelope::Sns(post) => (kind, vec![post.content().unwrap()]),
        Envelope::Extension(input) => (kind, vec![input]),
        Envelope::Messages(_, messages) => (kind, messages),
    }
}

fn cloud_event(data: &Value) -> Value {
    json!({
        "specversion": "1.0", "id": "e", "source": "/shop/customers", "subject": "c-1",
        "type": "com.commercetools.customer.message.CustomerCreated", "data": data,
    })
}

fn sns(message: &str) -> Value {
    json!({
        "Type": "Notification", "MessageId": "m", "Message": message,
        "TopicArn": "arn:aws:sns:eu-central-1:123456789012:ct", "Subject": "S",
        "Timestamp": "2026-03-04T05:06:07.089Z", "SignatureVersion": "2", "Signature": "aGk=",
        "SigningCertURL": "https://sns.eu-central-1.amazonaws.com/x.pem",
    })
}

#[test]
fn a_message_is_the_same_event_in_every_envelope() {
    let message = created();
    let text = message.to_string();
    let pushed = |text: &str| {
        json!({
            "message": { "data": STANDARD.encode(text), "messageId": "1" },
            "subscription": "projects/p/subscriptions/s",
        })
    };
    let own = events_of(message.as_object().unwrap(), &Options::default()).unwrap();
    for (body, kind) in [
        (message.clone(), EnvelopeKind::Message),
        (sns(&text), EnvelopeKind::Sns),
        (sns(&cloud_event(&message).to_string()), EnvelopeKind::Sns),
        (pushed(&text), EnvelopeKind::Pubsub),
        (
            pushed(&cloud_event(&message).to_string()),
            EnvelopeKind::Pubsub,
        ),
        (cloud_event(&message), EnvelopeKind::Cloudevents),
        (
            json!({ "detail-type": "CustomerCreated", "source": "aws.partner", "detail": message }),
            EnvelopeKind::Eventbridge,
        ),
        (
            json!({ "Records": [{ "EventSource": "aws:sns", "Sns": { "Message": text } }] }),
            EnvelopeKind::Lambda,
        ),
    ] {
        let (opened, messages) = opened(&body);
        assert_eq!(opened, kind, "{body}");
        let events = events_of(&messages[0], &Options::default()).unwrap();
        assert_eq!(events, own, "{body}");
    }
}

#[test]
fn an_extension_tells_of_the_same_customer() {
    let input = json!({
        "action": "Update",
        "resource": { "typeId": "customer", "id": "c-1", "obj": created()["customer"] },
    });
    let (kind, messages) = opened(&input);
    assert_eq!(kind, EnvelopeKind::Extension);
    let Ok(Mapped::Events(events)) = events_of(&messages[0], &Options::default()) else {
        panic!("no events");
    };
    assert_eq!(events[0]["userId"], "Ann@Example.org");
    // Nothing identifies the input but its content.
    let again = events_of(&messages[0], &Options::default()).unwrap();
    assert_eq!(again, Mapped::Events(events.clone()));
    let mut other = input;
    other["resource"]["obj"]["firstName"] = json!("Anna");
    let Ok(Mapped::Events(others)) = events_of(other.as_object().unwrap(), &Options::default())
    else {
        panic!("no events");
    };
    assert_ne!(events[0]["messageId"], others[0]["messageId"]);
}

#[test]
fn the_signed_text_has_the_fields_of_its_kind_in_order() {
    let Ok(Envelope::Sns(post)) = open(&sns("hello").to_string()) else {
        panic!("no post of SNS");
    };
    let lines = "Message\nhello\nMessageId\nm\nSubject\nS\nTimestamp\n2026-03-04T05:06:07.089Z\n\
                 TopicArn\narn:aws:sns:eu-central-1:123456789012:ct\nType\nNotification\n";
    assert_eq!(post.signed_text(), lines);
    let mut asked = sns("You have chosen to subscribe");
    asked["Type"] = json!("SubscriptionConfirmation");
    asked["Token"] = json!("t");
    asked["SubscribeURL"] = json!("https://sns.eu-central-1.amazonaws.com/?Action=x");
    let Ok(Envelope::Sns(post)) = open(&asked.to_string()) else {
        panic!("no post of SNS");
    };
    assert_eq!(post.kind, SnsKind::SubscriptionConfirmation);
    let names = [
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ];
    let text = post.signed_text();
    let signed: Vec<_> = text.lines().step_by(2).collect();
    assert_eq!(signed, names);
}

#[test]
fn what_is_no_message_is_refused_with_its_reason() {
    for (body, code) in [
        ("", "invalid_body"),
        ("[]", "invalid_body"),
        (
            r#"{"message":{"data":"%"},"subscription":"s"}"#,
            "invalid_message",
        ),
        (r#"{"Records":[]}"#, "invalid_message"),
        (
            r#"{"Records":[{"Sns":{"Message":"no"}}]}"#,
            "invalid_message",
        ),
        (r#"{"detail-type":"x"}"#, "invalid_message"),
        (r#"{"Type":"Notification","TopicArn":"arn"}"#, "invalid_sns"),
    ] {
        assert_eq!(open(body).unwrap_err().code, code, "{body}");
    }
    let many = json!({ "Records": vec![json!({}); 101] }).to_string();
    assert_eq!(open(&many).unwrap_err().code, "too_many_records");
    let deep = "[".repeat(200);
    assert_eq!(
        open(&format!("{{\"a\":{deep}")).unwrap_err().code,
        "invalid_body"
    );
}
