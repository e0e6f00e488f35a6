//! What goes into the shop, with the key and the address of the configuration.

use std::fmt::Write;
use std::path::Path;

use super::configuration::Configuration;

/// A file of the shop, and its text. `KEY` and `HOST` stand for the browser's key and the gateway's
/// address.
const FILES: [(&str, &str); 5] = [
    (
        "src/analytics.ts (with Vite, webpack and the like)",
        include_str!("snippets/analytics.ts.txt"),
    ),
    (
        "vite.config.ts (Vite needs it, others do not)",
        include_str!("snippets/vite.config.ts.txt"),
    ),
    (
        "src/main.ts (without a framework)",
        include_str!("snippets/main.ts.txt"),
    ),
    (
        "src/main.tsx (React)",
        include_str!("snippets/main.tsx.txt"),
    ),
    (
        "app/layout.tsx (Next.js, instead of all the others)",
        include_str!("snippets/layout.tsx.txt"),
    ),
];

/// The files, each below a line with its name.
pub(super) fn told(path: &Path, configuration: &Configuration) -> String {
    let mut told = format!(
        "Wrote {}, with new keys. Pages of {} may send.\n\
         Install the package `waymark` in the shop, and put these into it:\n",
        path.display(),
        configuration.origin,
    );
    let host = configuration.host().to_string();
    for (name, text) in FILES {
        let text = text
            .replace("KEY", &configuration.browser_key)
            .replace("HOST", &host);
        // Writing into a String cannot fail.
        let _ = write!(told, "\n--- {name}\n{text}");
    }
    let live_view = configuration.live_view();
    let _ = write!(
        told,
        "\n---\n\nEach event appears at http://{live_view}/ as it is stored.\n"
    );
    told
}
