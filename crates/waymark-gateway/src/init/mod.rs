//! `init`: from nothing to the first event. It writes a configuration with new keys, and tells what
//! goes into the shop.

mod configuration;
mod snippets;

use std::fs::OpenOptions;
use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde_json::Value;

use self::configuration::Configuration;
use crate::config::{AllowedOrigins, GatewayArgs, InitArgs, ServeArgs};
use crate::operator::Failure;

/// Where Vite's development server has a shop.
const USUAL_ORIGIN: &str = "http://localhost:5173";

/// What `init` has made.
#[derive(Debug)]
pub struct Begun {
    /// What goes into the shop, for a person to read.
    pub told: String,
    /// The flags by which `serve` takes the configuration.
    pub serve: ServeArgs,
}

/// Writes the configuration, readable for its owner alone, as one of its keys is secret.
///
/// # Errors
/// When the origin is none or cannot be asked for, or the file is there already or cannot be
/// written.
pub fn begin(args: &InitArgs) -> Result<Begun, Failure> {
    let origin = match &args.origin {
        Some(origin) => origin.clone(),
        None => ask_for_origin()?,
    };
    let origin = match AllowedOrigins::parse(&[origin])? {
        AllowedOrigins::Any => "*".to_owned(),
        AllowedOrigins::Listed(origins) => origins.concat(),
    };
    let configuration = Configuration::new(args, origin);
    write_new(&args.config, &configuration.to_toml())?;
    let gateway = GatewayArgs {
        config: Some(args.config.clone()),
        ..GatewayArgs::default()
    };
    Ok(Begun {
        told: snippets::told(&args.config, &configuration),
        serve: ServeArgs {
            gateway,
            ..ServeArgs::default()
        },
    })
}

/// What is said of the first event; `event` is a text of [`crate::Gateway::next_event`].
#[must_use]
pub fn arrived(event: &str) -> String {
    let event: Value = serde_json::from_str(event).unwrap_or_default();
    let text = |at: &str| {
        event
            .pointer(at)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (kind, name) = (text("/type"), text("/name"));
    let name = if name.is_empty() {
        String::new()
    } else {
        format!(" \"{name}\"")
    };
    let url = text("/event/context/page/url");
    let of_page = if url.is_empty() {
        String::new()
    } else {
        format!(" of {url}")
    };
    // It comes from a page, and must not steer the terminal.
    format!("It arrived: {kind}{name}{of_page}").replace(char::is_control, " ")
}

/// How the gateway is started from now on.
#[must_use]
pub fn again(args: &InitArgs) -> String {
    let file = args.config.display();
    format!("From now on it starts by: waymark-gateway serve --config {file}")
}

fn ask_for_origin() -> Result<String, Failure> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return Err(format!("say where the shop's pages are: --origin {USUAL_ORIGIN}").into());
    }
    print!("Where are the shop's pages? [{USUAL_ORIGIN}] ");
    io::stdout().flush()?;
    let mut answer = String::new();
    stdin.lock().read_line(&mut answer)?;
    Ok(match answer.trim() {
        "" => USUAL_ORIGIN.to_owned(),
        origin => origin.to_owned(),
    })
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let file = path.display();
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let mut made = match made {
        Ok(made) => made,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let start = format!("start it by `waymark-gateway serve --config {file}`");
            return Err(
                format!("{file} is there already: {start}, or name another --config").into(),
            );
        }
        Err(error) => return Err(format!("{file}: {error}").into()),
    };
    made.write_all(text.as_bytes())
        .map_err(|error| format!("{file}: {error}").into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use clap::Parser;

    use super::*;
    use crate::config::{Cli, Command, Config};

    fn begun(flags: &[&str], folder: &Path) -> Result<Begun, Failure> {
        let path = folder.join("gateway.toml");
        let program = [
            "waymark-gateway",
            "init",
            "--config",
            path.to_str().unwrap(),
        ];
        let cli = Cli::parse_from(program.iter().chain(flags));
        let Some(Command::Init(args)) = cli.command else {
            panic!("{:?}", cli.command);
        };
        begin(&args)
    }

    #[test]
    fn what_is_written_can_be_served() {
        let everywhere = ["--listen", "0.0.0.0:80", "--admin-listen", "0.0.0.0:81"];
        let odd = ["--database", "a \"quoted\" name.sqlite"];
        for more in [&[][..], &everywhere, &odd] {
            let folder = tempfile::tempdir().unwrap();
            let flags = [&["--origin", "https://Shop.example:443/"], more].concat();
            let begun = begun(&flags, folder.path()).unwrap();
            let config = Config::load(&begun.serve).unwrap();
            let source = &config.sources[0];
            assert!(source.allowed_origins.lists("https://shop.example"));
            let keys: Vec<_> = source.keys.iter().map(|key| key.kind.name()).collect();
            assert_eq!(keys, ["browser", "server"]);
            let path = folder.path().join("gateway.toml");
            let mode = path.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn each_has_keys_of_its_own_and_tells_only_the_public_one() {
        let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let [one, two] = folders.each_ref().map(|folder| {
            let begun = begun(&["--origin", "http://localhost:1"], folder.path()).unwrap();
            let config = Config::load(&begun.serve).unwrap();
            let [browser, server] = [0, 1].map(|at| config.sources[0].keys[at].key.clone());
            assert!(begun.told.contains(&browser) && !begun.told.contains(&server));
            [browser, server]
        });
        assert!(one.iter().chain(&two).all(|key| key.len() > 32));
        assert!(one.iter().all(|key| !two.contains(key)));
    }

    #[test]
    fn no_file_is_overwritten_and_no_other_text_is_an_origin() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gateway.toml");
        for origin in [
            "shop.example",
            "https://shop.example/cart",
            "https://*.example",
        ] {
            let error = begun(&["--origin", origin], folder.path()).unwrap_err();
            assert!(error.to_string().contains(origin), "{error}");
            assert!(!path.exists());
        }
        std::fs::write(&path, "mine").unwrap();
        let error = begun(&["--origin", "https://a.example"], folder.path()).unwrap_err();
        assert!(error.to_string().contains("is there already"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    }
}
