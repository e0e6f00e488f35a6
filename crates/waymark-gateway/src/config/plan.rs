//! The tracking plan of a source.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use waymark_plan::Plan;

use super::ConfigError;
use super::commercetools::SourceKind;
use crate::limits::PLAN_MAX_BYTES;

/// What is done with an event that violates its source's plan. All are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlanMode {
    /// It is stored.
    Allow,
    /// It is stored, and the log says so.
    #[default]
    Warn,
    /// It is turned away and kept among the rejected.
    Block,
    /// It is stored without what is not planned.
    Strip,
}

/// A source's plan.
#[derive(Debug)]
pub struct SourcePlan {
    /// The name of the source.
    pub source: String,
    /// The events it may send.
    pub plan: Plan,
    /// What is done with others.
    pub mode: PlanMode,
    /// Whether the mode was to be `block` and is `warn`: what commercetools sends comes out of
    /// queues, which do not send again what was turned away.
    pub softened: bool,
}

/// How the file of the configuration says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FilePlan {
    file: PathBuf,
    #[serde(default)]
    mode: PlanMode,
}

impl FilePlan {
    /// Reads the plan of a source of this kind. `key` is that of the configuration.
    ///
    /// # Errors
    /// When there is no such file, or it is not a plan.
    pub(super) fn read(
        self,
        source: &str,
        kind: SourceKind,
        key: &str,
    ) -> Result<Arc<SourcePlan>, ConfigError> {
        let wrong = |reason: String| {
            ConfigError::new(
                format!("{key}.file"),
                format!("{}: {reason}", self.file.display()),
            )
        };
        let text = read_bounded(&self.file).map_err(wrong)?;
        let softened = kind == SourceKind::Commercetools && self.mode == PlanMode::Block;
        Ok(Arc::new(SourcePlan {
            source: source.to_owned(),
            plan: Plan::parse(&text).map_err(|error| wrong(error.to_string()))?,
            mode: if softened { PlanMode::Warn } else { self.mode },
            softened,
        }))
    }
}

fn read_bounded(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(PLAN_MAX_BYTES + 1).read_to_string(&mut text))
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > PLAN_MAX_BYTES {
        return Err(format!("is longer than {PLAN_MAX_BYTES} bytes"));
    }
    Ok(text)
}
