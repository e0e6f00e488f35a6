//! Reads the flags, runs what they ask for, and stops on SIGTERM or SIGINT: at once on the second.

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::process::ExitCode;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use waymark_gateway::Gateway;
use waymark_gateway::config::{
    Cli, Command, Config, DeadLetters, EraseArgs, ExportArgs, ReplayArgs, ServeArgs, TryArgs,
};
use waymark_gateway::operator::{self, Failure};
use waymark_gateway::store::{self, EventReader, StoreError};
use waymark_gateway::trial;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Some(Command::Export(args)) => export(&args),
        Some(Command::Erase(args)) => erase(args),
        Some(Command::DeadLetters(command)) => dead_letters(command),
        Some(Command::Replay(args)) => replay(args),
        Some(Command::Try(args)) => try_events(&args),
        Some(Command::Serve(args)) => serve(&args),
        None => serve(&cli.serve),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("waymark-gateway: {error}");
            ExitCode::FAILURE
        }
    }
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
    done.map_err(|error: StoreError| format!("{}: {error}", args.database.display()).into())
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
    log_to_stderr();
    runtime()?.block_on(run(&config))
}

async fn run(config: &Config) -> Result<(), Failure> {
    // Subscribed before the sockets are bound, so that no later signal is missed.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let gateway = Gateway::start(config).await?;
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
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
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

/// Logs one JSON object a line. `RUST_LOG` sets the level; the default is `info`.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}
