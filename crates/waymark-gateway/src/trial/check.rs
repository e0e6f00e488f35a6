//! `waymark-gateway test`: has a vendor check an event.

use std::fmt::Write as _;
use std::io::BufRead;

use serde_json::json;
use waymark_destinations::{Answer, Check, Event, Request, Rules, plan};

use super::{Tried, destination, read};
use crate::config::{Config, DestinationConfig, TestArgs};
use crate::limits::{FORWARD_TIMEOUT, UPSTREAM_ANSWER_BYTES};
use crate::operator::Failure;
use crate::outgoing;

/// Has the vendor check an order that is made up. Returns what it says, in words.
///
/// # Errors
/// When there is no such destination, the vendor does not answer, or it finds something wrong.
pub async fn test_order(args: &TestArgs) -> Result<String, Failure> {
    let order = json!({
        "type": "track",
        "event": "Order Completed",
        "userId": "waymark-test",
        "anonymousId": "waymark-test",
        "context": {
            "ip": "192.0.2.1",
            "userAgent": "waymark-gateway test",
            "traits": { "email": "test@example.com" },
        },
        "properties": {
            "order_id": "waymark-test", "total": 1, "revenue": 1, "currency": "EUR",
            "products": [{ "product_id": "waymark-test", "name": "Test", "price": 1, "quantity": 1 }],
        },
    });
    let now_ms = crate::now_ms();
    let number = usize::try_from(now_ms).unwrap_or_default();
    let order = Tried::of(&order, number, now_ms).ok_or("the order cannot be read")?;
    // Nobody's consent is needed for it.
    test(args, &order, Rules::default()).await
}

/// Has the vendor check the first event of the input, as [`test_order`] does.
///
/// # Errors
/// As those of [`test_order`], and when a line is no event.
pub async fn test_event(args: &TestArgs, input: impl BufRead) -> Result<String, Failure> {
    let events = read(input, crate::now_ms())?;
    let first = events.first().ok_or("the file has no event")?;
    let config = own_destination(args)?;
    test(args, first, config.rules).await
}

fn own_destination(args: &TestArgs) -> Result<DestinationConfig, Failure> {
    let config = Config::of_gateway_with_keys(&args.of.gateway)?;
    destination(&config, &args.of)
}

async fn test(args: &TestArgs, tried: &Tried, rules: Rules) -> Result<String, Failure> {
    let name = &args.of.destination;
    let now_ms = crate::now_ms();
    let config = own_destination(args)?;
    let destination = config.settings.destination()?;
    let event: Event<'_> = tried.event();
    let planned = plan(destination.as_ref(), &rules, [event], 1, now_ms);
    if let Some((_, skip)) = planned.skipped.first() {
        return Err(format!("the event becomes nothing at `{name}`: {skip}").into());
    }
    let mut said = String::new();
    for one in &planned.requests {
        let payloads: Vec<_> = one.payloads.iter().map(|one| &one.payload).collect();
        let names: Vec<_> = payloads
            .iter()
            .map(|payload| payload.name.as_str())
            .collect();
        let names = names.join(", ");
        let test_code = args.test_event_code.as_deref();
        match destination.check(&one.lane, &payloads, test_code, now_ms) {
            Check::None(what) => {
                return Ok(format!("the vendor of `{name}` has {what}; `try` shows it"));
            }
            Check::Lacks(what) => return Err(format!("`{name}` needs {what}").into()),
            Check::Request { request, note } => {
                let (status, body) = send(request).await?;
                let answer = Answer {
                    status,
                    is_page: false,
                    retry_after: None,
                    body: &body,
                };
                let findings = destination.findings(&answer);
                if !findings.is_empty() {
                    let findings = findings.join("\n  ");
                    return Err(format!("`{name}` finds wrong with {names}:\n  {findings}").into());
                }
                // Writing into a String cannot fail.
                let _ = write!(said, "`{name}` finds nothing wrong with {names}: {note}");
            }
        }
    }
    Ok(said)
}

/// Sends a request once. Returns the answer's status and the beginning of its text.
async fn send(request: Request) -> Result<(u16, String), Failure> {
    let client = outgoing::client(FORWARD_TIMEOUT)?;
    let answer = outgoing::post(&client, request).await?;
    let status = answer.status().as_u16();
    let text = outgoing::beginning(answer, UPSTREAM_ANSWER_BYTES).await;
    Ok((status, text))
}
