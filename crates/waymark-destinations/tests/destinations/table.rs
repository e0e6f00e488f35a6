//! The parts of `docs/destinations.md` that tell what each vendor gets are made here:
//! `WAYMARK_WRITE_DOCS=1 cargo test -p waymark-destinations table` writes them, without it the test
//! compares.

use std::path::Path;

use waymark_destinations::{EcommerceEvent, EventType, PlannedPayload, Rules, Settings, plan};

use crate::samples::{self, NOW_MS};

fn cell(kind: &str, sample: &samples::Sample) -> String {
    let destination = samples::destination(kind);
    let plan = plan(
        destination.as_ref(),
        &Rules::default(),
        [sample.event()],
        1,
        NOW_MS,
    );
    if let Some((_, skip)) = plan.skipped.first() {
        return format!("– ({skip})");
    }
    let mut names: Vec<(String, usize)> = Vec::new();
    for PlannedPayload { payload, .. } in plan.requests.iter().flat_map(|request| &request.payloads)
    {
        match names.iter_mut().find(|(name, _)| *name == payload.name) {
            Some((_, times)) => *times += 1,
            None => names.push((payload.name.clone(), 1)),
        }
    }
    let shown = names.iter().map(|(name, times)| match times {
        1 => format!("`{name}`"),
        // The samples' orders have two products.
        _ => format!("`{name}` for each product"),
    });
    shown.collect::<Vec<_>>().join(", ")
}

/// What the document says of a vendor: names, limits, and what events become that do not go under
/// their own names.
fn section(kind: &str) -> String {
    let destination = samples::destination(kind);
    let names = destination.integration_names().iter();
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let names = match names.as_slice() {
        [] => "its own name alone: all else in `integrations` is passed on".to_owned(),
        _ => format!("{} and its own name", names.join(", ")),
    };
    let limits = destination.limits();
    let age = limits.age_ms.map_or_else(
        || "any age".to_owned(),
        |age_ms| format!("up to {} hours", age_ms / 3_600_000),
    );
    let mut text = format!(
        "- Selected in `integrations` by {names}.\n- A request has at most {} events and {} kB; an \
         event may be of {age}.\n",
        limits.payloads,
        limits.request_bytes / 1000,
    );
    let mut rows = String::new();
    let mut n_own = 0;
    for sample in &samples::all() {
        let cell = cell(kind, sample);
        if cell == format!("`{}`", sample.title) || matches!(kind, "segment" | "webhook") {
            n_own += 1;
        } else {
            rows.push_str(&format!("| {} | {cell} |\n", sample.title));
        }
    }
    if rows.is_empty() {
        text.push_str("- Every event goes as it is.\n");
        return text;
    }
    text.push_str(&format!("\n| event | becomes |\n| --- | --- |\n{rows}"));
    if n_own > 0 {
        text.push_str("\nAll others go under their own names.\n");
    }
    text
}

#[test]
fn the_samples_are_complete() {
    let samples = samples::all();
    for event_type in EventType::ALL {
        assert!(
            samples.iter().any(|sample| sample.event_type == event_type),
            "{event_type}"
        );
    }
    for event in EcommerceEvent::ALL {
        assert!(
            samples.iter().any(|sample| sample.title == event.name()),
            "{}",
            event.name()
        );
    }
}

/// The words alone: how they are laid out is the formatter's.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|char: char| char.is_whitespace() || char == '|');
    let words = words.filter(|word| word.chars().any(|char| char != '-'));
    words.map(str::to_owned).collect()
}

#[test]
fn the_tables_of_the_docs_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/destinations.md");
    let mut document = std::fs::read_to_string(&path).expect("the document");
    let write = std::env::var_os("WAYMARK_WRITE_DOCS").is_some();
    for kind in Settings::KINDS {
        let (begin, end) = (
            format!("<!-- {kind}: begin -->"),
            format!("<!-- {kind}: end -->"),
        );
        let (before, rest) = document.split_once(&begin).expect(kind);
        let (own, after) = rest.split_once(&end).expect(kind);
        let section = section(kind);
        if write {
            document = format!("{before}{begin}\n\n{section}\n{end}{after}");
        } else {
            let is_same = words(own) == words(&section);
            assert!(is_same, "{kind}: run with WAYMARK_WRITE_DOCS=1");
        }
    }
    if write {
        std::fs::write(&path, document).expect("writing the document");
    }
}
