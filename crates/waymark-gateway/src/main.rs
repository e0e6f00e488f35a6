//! Reads the flags, runs what they ask for, reads the configuration again on SIGHUP, and stops on
//! SIGTERM or SIGINT: at once on the second.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::layer::{Layered, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};
use waymark_gateway::config::{
    Cli, Command, Config, CopyArgs, DatabaseArgs, DeadLetters, EraseArgs, ExportArgs, GatewayArgs,
    ImportArgs, InitArgs, ReplayArgs, ServeArgs, TestArgs, TryArgs,
};
use waymark_gateway::log_sums::LogSums;
use waymark_gateway::operator::{self, Failure};
use waymark_gateway::store::{self, EventReader, StoreError};
use waymark_gateway::trial;
use waymark_gateway::{Gateway, init};

/// The exit code of `check` for a database that is not sound. 2 is that of wrong flags.
const NOT_SOUND: u8 = 3;

/// What filters and sums up the lines of the log.
type Summed = Layered<LogSums, Layered<EnvFilter, Registry>>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Backup(args)) => backup(&args),
        Some(Command::Restore(args)) => restore(&args),
        Some(Command::Check(args)) => return check(&args),
        Some(Command::Import(args)) => import(args),
        Some(Command::Export(args)) => export(&args),
        Some(Command::Erase(args)) => erase(args),
        Some(Command::DeadLetters(command)) => dead_letters(command),
        Some(Command::Replay(args)) => replay(args),
        Some(Command::Reload(args)) => reload(&args),
        Some(Command::Try(args)) => try_events(&args),
        Some(Command::Test(args)) => test_event(&args),
        Some(Command::Serve(args)) => serve(&args),
        Some(Command::Init(args)) => init(&args),
        None => serve(&cli.serve),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&error),
    }
}

fn failed(error: &Failure) -> ExitCode {
    eprintln!("waymark-gateway: {error}");
    ExitCode::FAILURE
}

fn backup(args: &CopyArgs) -> Result<(), Failure> {
    let database = Config::database_of(&args.database)?;
    let done = store::backup(&database, &args.file);
    let done = done.map_err(|error| in_file(&database, &error))?;
    println!("{}", done.to_json());
    Ok(())
}

fn restore(args: &CopyArgs) -> Result<(), Failure> {
    let database = Config::database_of(&args.database)?;
    let done = store::restore(&args.file, &database);
    let done = done.map_err(|error| in_file(&args.file, &error))?;
    println!("{}", done.to_json());
    Ok(())
}

/// Exits with 0 if the database is sound, with 3 if it is not, and with 1 if it could not be
/// checked.
fn check(args: &DatabaseArgs) -> ExitCode {
    let checked = Config::database_of(args)
        .map_err(Failure::from)
        .and_then(|path| store::check(&path).map_err(|error| in_file(&path, &error)));
    match checked {
        Ok(checked) => {
            println!("{}", checked.to_json());
            if checked.is_sound() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(NOT_SOUND)
            }
        }
        Err(error) => failed(&error),
    }
}

fn import(args: ImportArgs) -> Result<(), Failure> {
    let print = |line: &_| println!("{line}");
    runtime()?.block_on(operator::import(args, print))
}

fn in_file(path: &Path, error: &StoreError) -> Failure {
    format!("{}: {error}", path.display()).into()
}

fn export(args: &ExportArgs) -> Result<(), Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    let person = operator::person(args.user.clone(), args.anonymous.clone())?;
    let done = match person {
        None => store::export(&args.database, args.source.as_deref(), &mut out),
        Some(person) => EventReader::open(&args.database).and_then(|reader| {
            let write = |line| Ok(writeln!(out, "{line}")?);
            store::export_person(&reader, &person, write)?;
            Ok(out.flush()?)
        }),
    };
    done.map_err(|error: StoreError| in_file(&args.database, &error))
}

fn erase(args: EraseArgs) -> Result<(), Failure> {
    println!("{}", runtime()?.block_on(operator::erase(args))?);
    Ok(())
}

fn dead_letters(command: DeadLetters) -> Result<(), Failure> {
    let print = |line: &_| println!("{line}");
    runtime()?.block_on(operator::dead_letters(command, print))
}

fn replay(args: ReplayArgs) -> Result<(), Failure> {
    println!("{}", runtime()?.block_on(operator::replay(args))?);
    Ok(())
}

fn reload(args: &GatewayArgs) -> Result<(), Failure> {
    println!("{}", runtime()?.block_on(operator::reload(args))?);
    Ok(())
}

fn try_events(args: &TryArgs) -> Result<(), Failure> {
    let out = BufWriter::new(std::io::stdout().lock());
    match &args.file {
        None => trial::try_events(args, std::io::stdin().lock(), out),
        Some(path) => {
            let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
            trial::try_events(args, BufReader::new(file), out)
        }
    }
}

fn test_event(args: &TestArgs) -> Result<(), Failure> {
    let said = match &args.of.file {
        None => runtime()?.block_on(trial::test_order(args))?,
        Some(path) => {
            let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
            runtime()?.block_on(trial::test_event(args, BufReader::new(file)))?
        }
    };
    println!("{said}");
    Ok(())
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
}

fn serve(args: &ServeArgs) -> Result<(), Failure> {
    let config = Config::load(args)?;
    if args.check_config {
        println!("the configuration is valid");
        return Ok(());
    }
    let format = tracing_subscriber::fmt::layer().json().flatten_event(true);
    let sums = log("info", format.with_writer(std::io::stderr));
    until_stopped(&config, args, &sums, print_ready)
}

fn init(args: &InitArgs) -> Result<(), Failure> {
    let begun = init::begin(args)?;
    println!("{}", begun.told);
    if args.no_serve {
        return Ok(());
    }
    let config = Config::load(&begun.serve)?;
    // For a person at a terminal.
    let format = tracing_subscriber::fmt::layer().without_time();
    let sums = log("warn", format.with_writer(std::io::stderr));
    until_stopped(&config, &begun.serve, &sums, |gateway| {
        println!("Waiting for the first event. Ctrl-C ends the gateway.");
        let first = gateway.next_event();
        let again = init::again(args);
        tokio::spawn(async move {
            if let Some(event) = first.await {
                println!("{}\n{again}", init::arrived(&event));
            }
        });
        Ok(())
    })
}

/// Runs a gateway until it is told to stop. `begun` is given it once it takes events.
fn until_stopped(
    config: &Config,
    args: &ServeArgs,
    sums: &LogSums,
    begun: impl FnOnce(&Gateway) -> std::io::Result<()>,
) -> Result<(), Failure> {
    let runtime = runtime()?;
    runtime.spawn(sums.clone().keep_telling());
    let done = runtime.block_on(run(config, args, begun));
    sums.tell();
    done
}

fn print_ready(gateway: &Gateway) -> std::io::Result<()> {
    let (listen, admin_listen) = (gateway.listen, gateway.admin_listen);
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        r#"{{"ready":true,"listen":"{listen}","admin_listen":"{admin_listen}"}}"#
    )?;
    out.flush()
}

async fn run(
    config: &Config,
    args: &ServeArgs,
    begun: impl FnOnce(&Gateway) -> std::io::Result<()>,
) -> Result<(), Failure> {
    // Subscribed before the sockets are bound, so that no later signal is missed.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let gateway = Gateway::start(config, args).await?;
    begun(&gateway)?;
    let (listen, admin_listen) = (gateway.listen, gateway.admin_listen);
    tracing::info!(%listen, %admin_listen, "listening");
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => gateway.reload(),
        }
    }
    tracing::info!("stopping");
    tokio::select! {
        () = gateway.stop() => {
            tracing::info!("stopped");
            Ok(())
        }
        _ = terminate.recv() => Err("a second signal ended the requests in flight".into()),
        _ = interrupt.recv() => Err("a second signal ended the requests in flight".into()),
    }
}

/// Logs by a format; `RUST_LOG` sets another level. Returns what sums up lines that repeat.
fn log(level: &str, format: impl Layer<Summed> + Send + Sync) -> LogSums {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let sums = LogSums::default();
    tracing_subscriber::registry()
        .with(filter)
        .with(sums.clone())
        .with(format)
        .init();
    sums
}
