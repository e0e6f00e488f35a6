//! What each event becomes at each vendor, as files to read: `snapshots/`.

use std::fmt::Write as _;

use waymark_destinations::{Rules, Settings, plan};

use crate::samples::{self, NOW_MS};

fn pretty(body: &str) -> String {
    let body: serde_json::Value = serde_json::from_str(body).expect("a body of JSON");
    serde_json::to_string_pretty(&body).expect("JSON")
}

fn shown(kind: &str) -> String {
    let destination = samples::destination(kind);
    let mut text = String::new();
    for sample in samples::all() {
        writeln!(text, "\n== {}", sample.title).expect("text");
        let plan = plan(
            destination.as_ref(),
            &Rules::default(),
            [sample.event()],
            1,
            NOW_MS,
        );
        for (_, skip) in &plan.skipped {
            writeln!(text, "skipped: {skip}").expect("text");
        }
        for planned in &plan.requests {
            let payloads: Vec<_> = planned.payloads.iter().map(|one| &one.payload).collect();
            let request = destination.request(&planned.lane, &payloads, NOW_MS);
            writeln!(text, "POST {}", request.url).expect("text");
            for (name, value) in &request.headers {
                writeln!(text, "{name}: {value}").expect("text");
            }
            writeln!(text, "{}", pretty(&request.body)).expect("text");
        }
    }
    text
}

#[test]
fn each_vendor_gets_what_it_understands() {
    for kind in Settings::KINDS {
        insta::assert_snapshot!(*kind, shown(kind));
    }
}
