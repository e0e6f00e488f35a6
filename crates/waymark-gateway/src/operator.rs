//! The commands of an operator. Where a gateway runs, it does the work, asked by its admin
//! listener: only one process may write to the file. Where none runs, the command does it.

mod import;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use reqwest::Client;
use serde_json::{Value, json};

use crate::config::{Config, DeadLetters, EraseArgs, GatewayArgs, LetterArgs, ReplayArgs};
use crate::erasing::erasing;
use crate::live::LiveHub;
use crate::metrics::Metrics;
use crate::store::{Committer, PersonId, SqliteStore, StoreError};

pub use self::import::import;

/// Why a command failed; printed on one line.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Erases a person. Returns the receipt.
///
/// # Errors
/// When neither the file nor the admin listener can be used, or the request is refused.
pub async fn erase(args: EraseArgs) -> Result<Value, Failure> {
    let config = Config::of_gateway(&args.gateway)?;
    let person = person(args.user, args.anonymous)?.ok_or("name a --user or an --anonymous")?;
    match own_store(&config)? {
        Some(store) => erase_in(store, &config, person).await,
        None => erase_by(&Admin::new(&config)?, &person).await,
    }
}

/// Does something with dead letters. `print` is given each line of the result.
///
/// # Errors
/// When no gateway answers, or it refuses the request.
pub async fn dead_letters(command: DeadLetters, print: impl Fn(&Value)) -> Result<(), Failure> {
    match command {
        DeadLetters::List(args) => list(&args, print).await,
        DeadLetters::Show { id, gateway } => {
            let admin = Admin::new(&Config::of_gateway(&gateway)?)?;
            let path = format!("/dead-letters/{id}");
            print(&admin.ask(Method::GET, &path, None).await?);
            Ok(())
        }
        DeadLetters::Retry(args) => {
            let done = change(&args, "/dead-letters/retry").await?;
            print(&done);
            match done["stopped"].as_str() {
                Some(why) => Err(format!("not all were sent: {why}").into()),
                None => Ok(()),
            }
        }
        DeadLetters::Drop(args) => {
            print(&change(&args, "/dead-letters/drop").await?);
            Ok(())
        }
    }
}

/// Sends events again. Returns what became of them.
///
/// # Errors
/// When no gateway answers, or it refuses the request.
pub async fn replay(args: ReplayArgs) -> Result<Value, Failure> {
    let admin = Admin::new(&Config::of_gateway(&args.gateway)?)?;
    let asked = json!({
        "source": args.source,
        "destination": args.destination,
        "from": args.from,
        "to": args.to,
    });
    let mut progress = admin.ask(Method::POST, "/replays", Some(&asked)).await?;
    while progress["state"] == "running" {
        let path = format!("/replays/{}", progress["replay"]);
        progress = admin.ask(Method::GET, &path, None).await?;
    }
    Ok(progress)
}

/// Has the running gateway read its configuration again. Returns what needs a restart.
///
/// # Errors
/// When no gateway answers, or the configuration is wrong.
pub async fn reload(args: &GatewayArgs) -> Result<Value, Failure> {
    let admin = Admin::new(&Config::of_gateway(args)?)?;
    admin.ask(Method::POST, "/reload", None).await
}

async fn list(args: &LetterArgs, print: impl Fn(&Value)) -> Result<(), Failure> {
    let admin = Admin::new(&Config::of_gateway(&args.gateway)?)?;
    let mut after = 0;
    loop {
        let mut url = reqwest::Url::parse(&admin.url)?.join("/dead-letters")?;
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("after", &after.to_string());
            let id = args.id.map(|id| id.to_string());
            for (name, value) in [
                ("id", &id),
                ("source", &args.source),
                ("destination", &args.destination),
                ("from", &args.from),
                ("to", &args.to),
            ] {
                if let Some(value) = value {
                    query.append_pair(name, value);
                }
            }
        }
        let path = format!("{}?{}", url.path(), url.query().unwrap_or_default());
        let page = admin.ask(Method::GET, &path, None).await?;
        for letter in page["deadLetters"].as_array().into_iter().flatten() {
            print(letter);
        }
        match page["next"].as_i64() {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}

async fn change(args: &LetterArgs, path: &str) -> Result<Value, Failure> {
    let admin = Admin::new(&Config::of_gateway(&args.gateway)?)?;
    let asked = json!({
        "id": args.id,
        "source": args.source,
        "destination": args.destination,
        "from": args.from,
        "to": args.to,
        "all": args.all,
    });
    admin.ask(Method::POST, path, Some(&asked)).await
}

/// The person whom the flags name.
///
/// # Errors
/// When the id cannot be one.
pub fn person(
    user: Option<String>,
    anonymous: Option<String>,
) -> Result<Option<PersonId>, Failure> {
    let person = user
        .map(PersonId::User)
        .or(anonymous.map(PersonId::Anonymous));
    Ok(person.map(PersonId::checked).transpose()?)
}

/// The store, if its file is here and no gateway uses it.
fn own_store(config: &Config) -> Result<Option<SqliteStore>, Failure> {
    if !config.database.exists() {
        return Ok(None);
    }
    match SqliteStore::open(&config.database) {
        Ok(store) => Ok(Some(store)),
        Err(StoreError::InUse) => Ok(None),
        Err(error) => Err(in_file(&config.database, &error)),
    }
}

fn in_file(database: &Path, error: &impl std::fmt::Display) -> Failure {
    format!("{}: {error}", database.display()).into()
}

async fn erase_in(
    mut store: SqliteStore,
    config: &Config,
    person: PersonId,
) -> Result<Value, Failure> {
    store.refuse_erased_for(config.store.refuse_erased_ms());
    let metrics = Arc::new(Metrics::new());
    let (committer, thread) = Committer::start(store, LiveHub::new(Vec::new()), metrics)?;
    let (erasing, eraser) = erasing(&config.database, &committer)?;
    let number = erasing.begin(person).await?;
    let task = tokio::spawn(eraser.run());
    let receipt = erasing.receipt(number, Duration::MAX).await?;
    task.abort();
    committer.stop().await;
    // A panic was printed by the panic hook.
    let _ = tokio::task::spawn_blocking(move || thread.join()).await;
    let receipt = receipt.ok_or("the receipt is gone")?;
    Ok(receipt.to_json())
}

async fn erase_by(admin: &Admin, person: &PersonId) -> Result<Value, Failure> {
    let body = match person {
        PersonId::User(id) => json!({ "userId": id }),
        PersonId::Anonymous(id) => json!({ "anonymousId": id }),
    };
    let mut receipt = admin.ask(Method::POST, "/erase", Some(&body)).await?;
    while receipt["state"] == "running" {
        let path = format!("/erasures/{}", receipt["erasure"]);
        receipt = admin.ask(Method::GET, &path, None).await?;
    }
    Ok(receipt)
}

/// A running gateway's admin listener.
struct Admin {
    client: Client,
    url: String,
    token: Option<String>,
}

impl Admin {
    fn new(config: &Config) -> Result<Self, reqwest::Error> {
        // Fails when it was done before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            client: Client::builder().no_proxy().build()?,
            url: format!("http://{}", config.admin_listen),
            token: config.admin_token.clone(),
        })
    }

    /// Sends a request, and gives the answer's JSON.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, Failure> {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send(method, path, body).await
    }

    /// The same with a body of text.
    async fn send(&self, method: Method, path: &str, body: String) -> Result<Value, Failure> {
        let mut request = self
            .client
            .request(method, format!("{}{path}", self.url))
            .body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let sent = request.send().await;
        let response = sent.map_err(|_| {
            format!(
                "no gateway answers at {}: name its admin listener by --admin-listen or --config",
                self.url
            )
        })?;
        let status = response.status();
        let text = response.text().await?;
        let answer: Value = serde_json::from_str(&text)
            .map_err(|_| format!("{} is no admin listener of a gateway", self.url))?;
        if status.is_success() {
            return Ok(answer);
        }
        let message = answer["message"].as_str().unwrap_or("it was refused");
        Err(message.to_owned().into())
    }
}
