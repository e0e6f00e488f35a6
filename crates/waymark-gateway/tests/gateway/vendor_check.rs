//! `waymark-gateway try` and `test`: what an operator is told before anything is live.

use serde_json::{Value, json};
use tokio::process::Command;

use crate::destinations::{entry, mixpanel};
use crate::program::{SHOP, new_folder, program};
use crate::vendor::Vendor;

/// Runs a command with this configuration. Gives whether it succeeded, its output and its errors.
async fn run(toml: &str, args: &[&str], events: Option<&Value>) -> (bool, String, String) {
    let folder = new_folder();
    let config = folder.path().join("gateway.toml");
    std::fs::write(&config, toml).unwrap();
    std::fs::write(folder.path().join("id"), "G-FROM-FILE\n").unwrap();
    let mut command = Command::new(program());
    command.args(args).arg("--config").arg(config);
    command
        .current_dir(folder.path())
        .env("GA4_SECRET", "secret-of-ga4");
    if let Some(events) = events {
        std::fs::write(folder.path().join("events"), events.to_string()).unwrap();
        command.arg("events");
    }
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (said, errors) = (text(output.stdout), text(output.stderr));
    (output.status.success(), said, errors)
}

fn ga4(url: &str) -> String {
    let keys = format!(
        "measurement_id = {{ file = \"id\" }}\napi_secret = {{ env = \"GA4_SECRET\" }}\nhost = \"{url}\""
    );
    [SHOP.to_owned(), entry("ga4", &keys)].concat()
}

#[tokio::test]
async fn try_reads_what_is_no_secret_from_where_it_is() {
    let event = json!({ "type": "track", "event": "A", "anonymousId": "a" });
    let config = ga4("http://127.0.0.1:1");
    let (ok, said, errors) = run(&config, &["try", "--destination", "ga4"], Some(&event)).await;
    assert!(ok, "{errors}");
    assert!(
        said.contains("measurement_id=G-FROM-FILE&api_secret=(hidden)"),
        "{said}"
    );
    // A secret need not be there.
    let config = config.replace("GA4_SECRET", "NOT_SET_ANYWHERE");
    let (ok, said, errors) = run(&config, &["try", "--destination", "ga4"], Some(&event)).await;
    assert!(ok && said.contains("(hidden)"), "{errors}");
}

#[tokio::test]
async fn ga4_s_validation_is_told_in_words() {
    let mut vendor = Vendor::start(|_, body| {
        let messages = if body["events"][0]["name"] == "purchase" {
            json!([])
        } else {
            json!([{
                "fieldPath": "events.params", "validationCode": "VALUE_INVALID",
                "description": "Item 0 has a price that is no number.",
            }])
        };
        Some((200, json!({ "validationMessages": messages }).to_string()))
    })
    .await;
    let config = ga4(&vendor.url);
    let args = ["test", "--destination", "ga4"];
    let (ok, said, errors) = run(&config, &args, None).await;
    assert!(ok, "{errors}");
    assert!(
        said.starts_with("`ga4` finds nothing wrong with purchase: it is in no report"),
        "{said}"
    );
    let received = vendor.next().await;
    assert_eq!(
        received.path,
        "/debug/mp/collect?measurement_id=G-FROM-FILE&api_secret=secret-of-ga4"
    );
    assert_eq!(
        received.body["validation_behavior"],
        "ENFORCE_RECOMMENDATIONS"
    );
    assert_eq!(received.body["client_id"], "waymark-test");

    let event = json!({ "type": "track", "event": "Coffee Brewed", "anonymousId": "a" });
    let (ok, said, errors) = run(&config, &args, Some(&event)).await;
    assert_eq!((ok, said.as_str()), (false, ""));
    assert_eq!(
        errors,
        "waymark-gateway: `ga4` finds wrong with coffee_brewed:\n  \
         events.params: Item 0 has a price that is no number.\n"
    );
}

#[tokio::test]
async fn meta_wants_a_test_event_code_and_says_what_is_wrong() {
    let mut vendor = Vendor::start(|_, body| {
        let answer = if body["test_event_code"] == "TEST1" {
            json!({ "events_received": 1, "messages": [], "fbtrace_id": "x" })
        } else {
            json!({ "error": { "message": "Invalid parameter", "code": 100,
                "error_user_msg": "The code is not known." } })
        };
        let status = if body["test_event_code"] == "TEST1" {
            200
        } else {
            400
        };
        Some((status, answer.to_string()))
    })
    .await;
    let keys = format!(
        "pixel_id = \"123\"\naccess_token = \"k\"\nhost = \"{}\"\nconsent = [\"advertising\"]",
        vendor.url
    );
    let config = [SHOP.to_owned(), entry("meta", &keys), mixpanel(&vendor.url)].concat();
    let args = ["test", "--destination", "meta"];
    let (ok, _, errors) = run(&config, &args, None).await;
    assert!(
        !ok && errors.contains("`meta` needs a test event code"),
        "{errors}"
    );
    let code = |code| [&args[..], &["--test-event-code", code]].concat();
    let (ok, said, errors) = run(&config, &code("TEST1"), None).await;
    assert!(
        ok && said.contains("nothing wrong with Purchase"),
        "{said} {errors}"
    );
    let (ok, _, errors) = run(&config, &code("OTHER"), None).await;
    assert!(!ok && errors.contains("The code is not known."), "{errors}");
    assert_eq!(vendor.so_far().len(), 2);

    let (ok, said, errors) = run(&config, &["test", "--destination", "mixpanel"], None).await;
    assert!(ok, "{errors}");
    assert_eq!(
        said,
        "the vendor of `mixpanel` has nothing that only checks an event: whatever it takes is \
         stored; `try` shows it\n"
    );
    assert!(vendor.so_far().is_empty());
}
