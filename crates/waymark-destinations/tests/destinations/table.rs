//! The tables of `docs/destinations.md` are made here: `WAYMARK_WRITE_DOCS=1 cargo test -p
//! waymark-destinations table` writes them, without it the test compares.

use std::path::Path;

use waymark_destinations::{EcommerceEvent, EventType, PlannedPayload, Rules, plan};

use crate::samples::{self, NOW_MS};

/// The two tables: for analysis, and for advertising and messages.
const TABLES: [&[&str]; 2] = [
    &["posthog", "mixpanel", "amplitude", "heap"],
    &["ga4", "meta", "tiktok", "klaviyo"],
];

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

fn tables() -> String {
    let samples = samples::all();
    let mut text = String::new();
    for kinds in TABLES {
        text.push_str(&format!("\n| event | {} |\n", kinds.join(" | ")));
        text.push_str(&format!("| --- |{}\n", " --- |".repeat(kinds.len())));
        for sample in &samples {
            let cells: Vec<String> = kinds.iter().map(|kind| cell(kind, sample)).collect();
            text.push_str(&format!("| {} | {} |\n", sample.title, cells.join(" | ")));
        }
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

/// The cells of a table alone: how it is aligned is the formatter's.
fn cells(text: &str) -> Vec<Vec<String>> {
    let rows = text
        .lines()
        .filter(|line| line.starts_with('|') && !line.contains("---"));
    rows.map(|row| row.split('|').map(|cell| cell.trim().to_owned()).collect())
        .collect()
}

#[test]
fn the_tables_of_the_docs_are_those_of_the_code() {
    const BEGIN: &str = "<!-- tables: begin -->";
    const END: &str = "<!-- tables: end -->";

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/destinations.md");
    let document = std::fs::read_to_string(&path).expect("the document");
    let (before, rest) = document.split_once(BEGIN).expect("the begin of the tables");
    let (own, after) = rest.split_once(END).expect("the end of the tables");
    let tables = tables();
    if std::env::var_os("WAYMARK_WRITE_DOCS").is_some() {
        let document = format!("{before}{BEGIN}\n{tables}\n{END}{after}");
        std::fs::write(&path, document).expect("writing the document");
        return;
    }
    assert_eq!(cells(own), cells(&tables), "run with WAYMARK_WRITE_DOCS=1");
}
