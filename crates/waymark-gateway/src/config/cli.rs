//! The command line. Each flag of `serve` is also an environment variable and a TOML key.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// A self-hosted collector that speaks Segment's HTTP API.
#[derive(Debug, Parser)]
#[command(
    name = "waymark-gateway",
    version,
    about,
    args_conflicts_with_subcommands = true
)]
pub struct Cli {
    /// The subcommand; `serve` by default.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The flags of `serve`, for use without the subcommand.
    #[command(flatten)]
    pub serve: ServeArgs,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Collects events until it is stopped.
    Serve(ServeArgs),
    /// Writes a configuration with new keys, prints what goes into the shop, collects events, and
    /// says when the first one arrives.
    Init(InitArgs),
    /// Prints every stored event, one JSON object a line, in the order of their commits; or all
    /// that is kept of one person.
    Export(ExportArgs),
    /// Erases a person, and prints the receipt when nothing is left.
    Erase(EraseArgs),
    /// Sends a time range of a source's events to its destination again, and prints the result.
    Replay(ReplayArgs),
    /// Copies the database, which a gateway may be using, into a new file, and checks the copy.
    Backup(CopyArgs),
    /// Puts a backup in the place of the database, which is kept beside it. The gateway must not
    /// run.
    Restore(CopyArgs),
    /// Checks the database, which a gateway may be using. Exits with 3 if it is not sound.
    Check(DatabaseArgs),
    /// Stores the events of a file: an export, or an archive of Segment with an event a line.
    Import(ImportArgs),
    /// Has the running gateway read its configuration again, and prints what needs a restart.
    Reload(GatewayArgs),
    /// Prints the requests that events would become at a destination. Nothing is sent.
    Try(TryArgs),
    /// Has a destination's vendor check one event, where it can, and prints what it says.
    Test(TestArgs),
    /// Events that a destination refused for good.
    #[command(subcommand)]
    DeadLetters(DeadLetters),
}

/// The flags of `serve`.
#[derive(Debug, Clone, Default, Args)]
pub struct ServeArgs {
    /// Where configuration, database and admin listener are.
    #[command(flatten)]
    pub gateway: GatewayArgs,
    /// The address of the public API [default: 127.0.0.1:8080].
    #[arg(long, env = "WAYMARK_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The source of plain requests without a write key. For demos only.
    #[arg(long, env = "WAYMARK_DEFAULT_SOURCE", value_name = "NAME")]
    pub default_source: Option<String>,
    /// A folder with a built storefront to serve.
    #[arg(long, env = "WAYMARK_STATIC_DIR", value_name = "DIR")]
    pub static_dir: Option<PathBuf>,
    /// A folder with the SDK's files (the package's `dist`) to serve to pages of any origin.
    #[arg(long, env = "WAYMARK_SDK_DIR", value_name = "DIR")]
    pub sdk_dir: Option<PathBuf>,
    /// The path the SDK's files are served under [default: /sdk/].
    #[arg(long, env = "WAYMARK_SDK_PATH", value_name = "PATH")]
    pub sdk_path: Option<String>,
    /// Checks the configuration and exits.
    #[arg(long)]
    pub check_config: bool,
}

/// The flags of `init`.
#[derive(Debug, Clone, Args)]
pub struct InitArgs {
    /// The origin of the shop's pages, such as `http://localhost:5173`. Without it `init` asks.
    #[arg(long, value_name = "ORIGIN")]
    pub origin: Option<String>,
    /// The configuration to write. No file is overwritten.
    #[arg(long, value_name = "FILE", default_value = "gateway.toml")]
    pub config: PathBuf,
    /// The address of the public API.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The address of live view, metrics and the operator's commands.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8081")]
    pub admin_listen: SocketAddr,
    /// The SQLite file.
    #[arg(long, value_name = "FILE", default_value = "events.sqlite")]
    pub database: String,
    /// Writes and prints, and collects nothing.
    #[arg(long)]
    pub no_serve: bool,
}

/// The flags of `export`.
#[derive(Debug, Clone, Args)]
pub struct ExportArgs {
    /// The SQLite file, which a running gateway may be using.
    #[arg(long, env = "WAYMARK_DATABASE", value_name = "FILE")]
    pub database: PathBuf,
    /// Prints only this source's events.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["user", "anonymous"])]
    pub source: Option<String>,
    /// Prints all that is kept of this user, with the anonymous ids that were seen with the id.
    #[arg(long, value_name = "ID", conflicts_with = "anonymous")]
    pub user: Option<String>,
    /// Prints all that is kept of this visitor.
    #[arg(long, value_name = "ID")]
    pub anonymous: Option<String>,
}

/// The flags of `erase`.
#[derive(Debug, Clone, Args)]
#[group(id = "person", required = true, multiple = false, args = ["user", "anonymous"])]
pub struct EraseArgs {
    /// The user id. The anonymous ids that were seen with it are erased, too.
    #[arg(long, value_name = "ID")]
    pub user: Option<String>,
    /// The anonymous id.
    #[arg(long, value_name = "ID")]
    pub anonymous: Option<String>,
    /// Where the gateway is.
    #[command(flatten)]
    pub gateway: GatewayArgs,
}

/// The flags of `backup` and `restore`.
#[derive(Debug, Clone, Args)]
pub struct CopyArgs {
    /// The backup. `backup` makes it and overwrites no file.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Which database.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// Which database: by the configuration, or by its file.
#[derive(Debug, Clone, Args)]
pub struct DatabaseArgs {
    /// The configuration, a TOML file.
    #[arg(long, env = "WAYMARK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The SQLite file [default: waymark.sqlite].
    #[arg(long, env = "WAYMARK_DATABASE", value_name = "FILE")]
    pub database: Option<PathBuf>,
}

/// The flags of `import`.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// JSON lines, which may be compressed by gzip; `-` for the standard input.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The source that gets the events. Without it an export's go to the sources they came from.
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Where the gateway is.
    #[command(flatten)]
    pub gateway: GatewayArgs,
}

/// The flags of `replay`.
#[derive(Debug, Clone, Args)]
pub struct ReplayArgs {
    /// The source.
    #[arg(long, value_name = "NAME")]
    pub source: String,
    /// Its destination.
    #[arg(long, value_name = "NAME", default_value = "forward")]
    pub destination: String,
    /// Events received at this date or time, or later.
    #[arg(long, value_name = "TIME")]
    pub from: String,
    /// Events received before this date or time.
    #[arg(long, value_name = "TIME")]
    pub to: String,
    /// Where the gateway is.
    #[command(flatten)]
    pub gateway: GatewayArgs,
}

/// The flags of `try`.
#[derive(Debug, Clone, Args)]
pub struct TryArgs {
    /// The destination.
    #[arg(long, value_name = "NAME")]
    pub destination: String,
    /// Its source, where several have one of this name.
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// A file with an event a line: as the API takes it, or an export. Without one `try` reads the
    /// standard input.
    pub file: Option<PathBuf>,
    /// Where the configuration is.
    #[command(flatten)]
    pub gateway: GatewayArgs,
}

/// The flags of `test`.
#[derive(Debug, Clone, Args)]
pub struct TestArgs {
    /// What the vendor's page "Test Events" shows, at Meta and TikTok.
    #[arg(long, value_name = "CODE")]
    pub test_event_code: Option<String>,
    /// Which destination, and the event: the file's first [default: an order].
    #[command(flatten)]
    pub of: TryArgs,
}

/// What is done with dead letters.
#[derive(Debug, Clone, Subcommand)]
pub enum DeadLetters {
    /// Prints them, one JSON object a line: all, or those that the flags tell.
    List(LetterArgs),
    /// Prints one of them with its event.
    Show {
        /// Its number.
        id: i64,
        /// Where the gateway is.
        #[command(flatten)]
        gateway: GatewayArgs,
    },
    /// Sends them again. Those that are taken are dead letters no more.
    Retry(LetterArgs),
    /// Gives them up.
    Drop(LetterArgs),
}

/// Which dead letters are meant.
#[derive(Debug, Clone, Args)]
pub struct LetterArgs {
    /// The one with this number.
    #[arg(long, value_name = "NUMBER")]
    pub id: Option<i64>,
    /// Those of this source.
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Those of the destination with this name.
    #[arg(long, value_name = "NAME")]
    pub destination: Option<String>,
    /// Those refused at this date or time, or later.
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Those refused before this date or time.
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// All of them; `retry` and `drop` ask for it where nothing else tells which.
    #[arg(long, conflicts_with_all = ["id", "source", "destination", "from", "to"])]
    pub all: bool,
    /// Where the gateway is.
    #[command(flatten)]
    pub gateway: GatewayArgs,
}

/// Where a gateway is: in its configuration, or by these flags.
#[derive(Debug, Clone, Default, Args)]
pub struct GatewayArgs {
    /// The configuration, a TOML file.
    #[arg(long, env = "WAYMARK_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The address of live view, metrics and the operator's commands [default: 127.0.0.1:8081].
    #[arg(long, env = "WAYMARK_ADMIN_LISTEN", value_name = "ADDRESS")]
    pub admin_listen: Option<String>,
    /// The token that the admin listener asks for, as a Bearer token or `?token=`.
    #[arg(
        long,
        env = "WAYMARK_ADMIN_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    pub admin_token: Option<String>,
    /// The SQLite file [default: waymark.sqlite].
    #[arg(long, env = "WAYMARK_DATABASE", value_name = "FILE")]
    pub database: Option<PathBuf>,
}
