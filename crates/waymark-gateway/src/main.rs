//! Reads the flags, runs what they ask for, reads the configuration again on SIGHUP, and stops on
//! SIGTERM or SIGINT: at once on the second.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use waymark_gateway::Gateway;
use waymark_gateway::config::{
    Cli, Command, Config, CopyArgs, DatabaseArgs, DeadLetters, EraseArgs, ExportArgs, GatewayArgs,
    ImportArgs, ReplayArgs, ServeArgs, TestArgs, TryArgs,
};
use waymark_gateway::log_sums::LogSums;
use waymark_gateway::operator::{self, Failure};
use waymark_gateway::store::{self, EventReader, StoreError};
use waymark_gateway::trial;

/// The exit code of `check` for a database that is not sound. 2 is that of wrong flags.
const NOT_SOUND: u8 = 3;

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
    let sums = log_to_stderr();
    let runtime = runtime()?;
    runtime.spawn(sums.clone().keep_telling());
    let done = runtime.block_on(run(&config, args));
    sums.tell();
    done
}

async fn run(config: &Config, args: &ServeArgs) -> Result<(), Failure> {
    // Subscribed before the sockets are bound, so that no later signal is missed.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    let gateway = Gateway::start(config, args).await?;
    let (listen, admin_listen) = (gateway.listen, gateway.admin_listen);
    {
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            r#"{{"ready":true,"listen":"{listen}","admin_listen":"{admin_listen}"}}"#
        )?;
        out.flush()?;
    }
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

/// Logs one JSON object a line. `RUST_LOG` sets the level; the default is `info`. Returns what sums
/// up lines that repeat.
fn log_to_stderr() -> LogSums {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let sums = LogSums::default();
    let format = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(filter)
        .with(sums.clone())
        .with(format)
        .init();
    sums
}
