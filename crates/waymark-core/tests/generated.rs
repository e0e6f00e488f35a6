//! Generated TypeScript that names the positions by which the facade and the core exchange
//! values. Each file must match the Rust that it comes from.

use waymark_core::ledger::Ledger;
use waymark_core::stored::Key;

/// `QueueFull` and `queueFull` as the name of a constant: `QUEUE_FULL`.
fn constant(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

/// A module of one constant for each name: its position. Constants cost no byte in a bundle.
fn module(source: &str, names: impl Iterator<Item = String>) -> String {
    let lines = names.enumerate().map(|(position, name)| {
        let name = constant(&name);
        format!("export const {name} = {position};\n")
    });
    let head = format!("// Generated from `{source}`, whose tests compare it; see there.\n");
    std::iter::once(head).chain(lines).collect()
}

#[test]
fn the_facade_reads_the_counts_of_the_delivery_report_by_these_positions() {
    let counts = Ledger::default().counts(0);
    let names = counts.iter().map(|(name, _)| (*name).to_owned());
    let mut expected = module("waymark_core::ledger::Ledger::counts", names);
    expected.push_str(&format!("export const COUNTS = {};\n", counts.len()));
    let path = "pkg/src/core/counts.ts";
    let facade = include_str!("../../../pkg/src/core/counts.ts");
    assert_eq!(facade, expected, "{path} is to read:\n{expected}");
}

#[test]
fn the_facade_names_the_keys_of_the_identity_by_these_positions() {
    let names = Key::ALL.iter().map(|key| format!("{key:?}"));
    let expected = module("waymark_core::stored::Key::ALL", names);
    let path = "pkg/src/core/identity-keys.ts";
    let facade = include_str!("../../../pkg/src/core/identity-keys.ts");
    assert_eq!(facade, expected, "{path} is to read:\n{expected}");
}
