//! Stores the events of a file, page by page: by the gateway that runs, or in the file if none
//! does.

use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;
use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::{Admin, Failure, in_file, own_store};
use crate::config::{Config, ImportArgs};
use crate::import::{Outcome, Page, Pages, RefusedLine, read_lines};
use crate::live::LiveHub;
use crate::metrics::Metrics;
use crate::store::{Committer, EventReader, SqliteStore};

/// Stores the events of a file. `print` is given each line that was refused, and then the result.
///
/// # Errors
/// When the file cannot be read, the events cannot be stored, or a line was refused.
pub async fn import(args: ImportArgs, print: impl Fn(&Value)) -> Result<(), Failure> {
    let config = Config::of_gateway(&args.gateway)?;
    let unreadable = |error: std::io::Error| in_file(&args.file, &error);
    let file: Box<dyn Read> = if args.file == Path::new("-") {
        Box::new(stdin())
    } else {
        Box::new(File::open(&args.file).map_err(unreadable)?)
    };
    let mut pages = Pages::of(file).map_err(unreadable)?;
    let source = args.source.as_deref();
    let to = match own_store(&config)? {
        Some(store) => To::File(OwnFile::open(store, &config)?),
        None => To::Gateway(Admin::new(&config)?),
    };
    let mut sum = Sum::default();
    let done = loop {
        let page = match pages.next() {
            Ok(Some(page)) => page,
            Ok(None) => break Ok(()),
            Err(error) => break Err(unreadable(error)),
        };
        let outcome = match &to {
            To::File(own) => own.store(&page, source).await,
            To::Gateway(admin) => ask(admin, &page, source).await,
        };
        match outcome {
            Ok(outcome) => sum.add(outcome, &page, &print),
            Err(error) => break Err(error),
        }
    };
    if let To::File(own) = to {
        own.close().await;
    }
    print(&sum.to_json());
    match done {
        Err(error) => Err(format!(
            "{error}; line {} and all after it were not stored: import the file again, as what is \
             stored already counts once",
            sum.n_lines + 1
        )
        .into()),
        Ok(()) if sum.n_refused > 0 => Err(format!("{} lines were refused", sum.n_refused).into()),
        Ok(()) => Ok(()),
    }
}

enum To {
    Gateway(Admin),
    File(OwnFile),
}

/// What became of all pages so far.
#[derive(Default)]
struct Sum {
    n_lines: usize,
    n_accepted: usize,
    n_duplicates: usize,
    n_refused: usize,
}

impl Sum {
    fn add(&mut self, outcome: Outcome, page: &Page, print: &impl Fn(&Value)) {
        let too_long = page
            .too_long
            .iter()
            .map(|line| RefusedLine::too_long(*line));
        let mut refused = outcome.refused;
        refused.extend(too_long);
        refused.sort_by_key(RefusedLine::line);
        for line in &refused {
            print(&line.to_json());
        }
        self.n_lines = page.n_before + page.text.lines().count();
        self.n_accepted += outcome.n_accepted;
        self.n_duplicates += outcome.n_duplicates;
        self.n_refused += refused.len();
    }

    fn to_json(&self) -> Value {
        json!({
            "lines": self.n_lines,
            "accepted": self.n_accepted,
            "duplicates": self.n_duplicates,
            "refused": self.n_refused,
        })
    }
}

/// Has a running gateway store a page.
async fn ask(admin: &Admin, page: &Page, source: Option<&str>) -> Result<Outcome, Failure> {
    let mut url = reqwest::Url::parse(&admin.url)?.join("/import")?;
    if let Some(source) = source {
        url.query_pairs_mut().append_pair("source", source);
    }
    let path = format!("{}?{}", url.path(), url.query().unwrap_or_default());
    let answer = admin.send(Method::POST, &path, page.text.clone()).await?;
    let number = |name: &str| {
        let number = answer[name].as_u64();
        number
            .and_then(|number| number.try_into().ok())
            .unwrap_or(0)
    };
    let refused = answer["refused"].as_array().into_iter().flatten();
    let refused = refused.map(|told| RefusedLine::of_answer(told, page.n_before));
    Ok(Outcome {
        n_accepted: number("accepted"),
        n_duplicates: number("duplicates"),
        n_superseding: 0,
        refused: refused.collect(),
    })
}

/// The file of a gateway that does not run.
struct OwnFile {
    committer: Committer,
    thread: std::thread::JoinHandle<()>,
    reader: EventReader,
}

impl OwnFile {
    fn open(mut store: SqliteStore, config: &Config) -> Result<Self, Failure> {
        store.refuse_erased_for(config.store.refuse_erased_ms());
        for source in &config.sources {
            store.source_id(&source.name)?;
        }
        let reader = EventReader::open(&config.database)?;
        let metrics = Arc::new(Metrics::new());
        let (committer, thread) = Committer::start(store, LiveHub::new(Vec::new()), metrics)?;
        Ok(Self {
            committer,
            thread,
            reader,
        })
    }

    async fn store(&self, page: &Page, source: Option<&str>) -> Result<Outcome, Failure> {
        let find = |name: &str| self.reader.source_id(name);
        let mut read = read_lines(&page.text, page.n_before, source, find)?;
        let append = std::mem::take(&mut read.append);
        let placements = self.committer.append(append).await?;
        Ok(read.outcome(&placements))
    }

    async fn close(self) {
        self.committer.stop().await;
        // A panic was printed by the panic hook.
        let _ = tokio::task::spawn_blocking(move || self.thread.join()).await;
    }
}
