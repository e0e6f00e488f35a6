//! `waymark-gateway try` and `test`: what events would become at a destination, and what its vendor
//! says of one.

mod check;

pub use self::check::{test_event, test_order};

use std::io::{BufRead, Write};

use serde_json::Value;
use waymark_destinations::{Event, EventType, Plan, Request, Secret, plan};

use crate::config::{Config, DestinationConfig, TryArgs};
use crate::operator::Failure;

/// Headers that hold a secret, or what is made of one.
const SECRET_HEADERS: [&str; 3] = ["authorization", "access-token", "webhook-signature"];

/// An event of the input.
struct Tried {
    event_type: EventType,
    message_id: String,
    timestamp_ms: i64,
    text: String,
}

/// Prints the requests that the events of `input` would become, and why others become none. The
/// input has an event a line: as the API takes it, a batch, or a line of an export.
///
/// # Errors
/// When there is no such destination, a line is no event, or printing fails.
pub fn try_events(args: &TryArgs, input: impl BufRead, mut out: impl Write) -> Result<(), Failure> {
    let now_ms = crate::now_ms();
    let mut config = destination(&Config::of_gateway(&args.gateway)?, args)?;
    config.settings.hide_secrets();
    let destination = config.settings.destination()?;
    let events = read(input, now_ms)?;
    let mut rest = events.as_slice();
    while !rest.is_empty() {
        let inputs = rest.iter().map(Tried::event);
        let plan = plan(destination.as_ref(), &config.rules, inputs, 1, now_ms);
        for (index, skip) in &plan.skipped {
            let tried = &rest[*index];
            writeln!(out, "{} {}: {skip}", tried.event_type, tried.message_id)?;
        }
        for request in requests(destination.as_ref(), &plan, now_ms) {
            show(&request, &mut out)?;
        }
        rest = &rest[plan.n_events..];
    }
    Ok(())
}

fn requests<'p>(
    destination: &'p dyn waymark_destinations::Destination,
    plan: &'p Plan,
    now_ms: i64,
) -> impl Iterator<Item = Request> + 'p {
    plan.requests.iter().map(move |planned| {
        let payloads: Vec<_> = planned.payloads.iter().map(|one| &one.payload).collect();
        destination.request(&planned.lane, &payloads, now_ms)
    })
}

fn show(request: &Request, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "POST {}", request.url)?;
    for (name, value) in &request.headers {
        let is_secret = SECRET_HEADERS.contains(name);
        let shown = if is_secret { Secret::HIDDEN } else { value };
        writeln!(out, "{name}: {shown}")?;
    }
    match serde_json::from_str::<Value>(&request.body) {
        Ok(body) => writeln!(out, "{body:#}\n")?,
        Err(_) => writeln!(out, "{}\n", request.body)?,
    }
    Ok(())
}

impl Tried {
    fn event(&self) -> Event<'_> {
        Event::new(
            self.event_type,
            &self.message_id,
            self.timestamp_ms,
            None,
            &self.text,
        )
    }

    /// Reads an event, or one of a line of an export.
    fn of(value: &Value, number: usize, now_ms: i64) -> Option<Self> {
        let event = match value.get("event") {
            Some(Value::Object(_)) => value.get("event")?,
            _ => value,
        };
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        let event_type = text("type").or_else(|| value.get("type").and_then(Value::as_str));
        let timestamp = text("timestamp").and_then(|text| text.parse::<jiff::Timestamp>().ok());
        Some(Self {
            event_type: EventType::from_name(event_type?)?,
            message_id: text("messageId").map_or_else(|| format!("try-{number}"), str::to_owned),
            timestamp_ms: timestamp.map_or(now_ms, jiff::Timestamp::as_millisecond),
            text: event.to_string(),
        })
    }
}

fn read(input: impl BufRead, now_ms: i64) -> Result<Vec<Tried>, Failure> {
    let mut events = Vec::new();
    for (at, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let number = at + 1;
        let value: Value =
            serde_json::from_str(&line).map_err(|error| format!("line {number}: {error}"))?;
        let batch = value.get("batch").and_then(Value::as_array);
        let all = batch.map_or(std::slice::from_ref(&value), Vec::as_slice);
        for value in all {
            let event = Tried::of(value, events.len() + 1, now_ms);
            events.push(event.ok_or_else(|| {
                format!("line {number}: an event needs a `type` such as track or page")
            })?);
        }
    }
    Ok(events)
}

fn destination(config: &Config, args: &TryArgs) -> Result<DestinationConfig, Failure> {
    let sources = config.sources.iter();
    let sources =
        sources.filter(|source| args.source.as_ref().is_none_or(|name| *name == source.name));
    let mut found = Vec::new();
    let mut known = Vec::new();
    for source in sources {
        for destination in source.all_destinations()? {
            known.push(format!("{}/{}", source.name, destination.name));
            if destination.name == args.destination {
                found.push(destination);
            }
        }
    }
    match found.len() {
        0 => {
            let name = &args.destination;
            let known = known.join(", ");
            Err(format!("there is no destination named `{name}`; there are: {known}").into())
        }
        1 => Ok(found.remove(0)),
        _ => {
            let name = &args.destination;
            let reason = format!("several sources have a destination named `{name}`: add --source");
            Err(reason.into())
        }
    }
}
