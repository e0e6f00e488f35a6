//! The configuration that `init` writes.

use std::net::{Ipv4Addr, SocketAddr};

use crate::config::InitArgs;

/// What the file and the snippets are made of.
#[derive(Debug)]
pub(super) struct Configuration {
    listen: SocketAddr,
    admin_listen: SocketAddr,
    database: String,
    /// The origin of the shop's pages.
    pub(super) origin: String,
    /// The key for pages, which is public.
    pub(super) browser_key: String,
    server_key: String,
}

impl Configuration {
    /// With new keys.
    pub(super) fn new(args: &InitArgs, origin: String) -> Self {
        Self {
            listen: args.listen,
            admin_listen: args.admin_listen,
            database: args.database.clone(),
            origin,
            browser_key: random("browser-"),
            server_key: random("server-"),
        }
    }

    /// Where the pages of this machine reach the public API, as `host:port`.
    pub(super) fn host(&self) -> SocketAddr {
        of_this_machine(self.listen)
    }

    /// Where a browser of this machine finds the live view.
    pub(super) fn live_view(&self) -> SocketAddr {
        of_this_machine(self.admin_listen)
    }

    pub(super) fn to_toml(&self) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        // The admin listener needs one if other machines can reach it.
        let token = if self.admin_listen.ip().is_loopback() {
            String::new()
        } else {
            let token = quoted(&random("admin-"));
            format!("admin_token = {token} # for `Authorization: Bearer` or `?token=`\n")
        };
        format!(
            r#"# Made by `waymark-gateway init`. All settings: docs/gateway.md
listen = "{listen}" # events
admin_listen = "{admin_listen}" # live view and metrics
{token}database = {database}

[[sources]]
name = "shop"
allowed_origins = [{origin}] # where the shop's pages are

[[sources.keys]]
key = "{browser_key}"
kind = "browser" # public: it stands in the shop's pages

[[sources.keys]]
key = "{server_key}"
kind = "server" # secret: for what the shop's server sends
"#,
            listen = self.listen,
            admin_listen = self.admin_listen,
            database = quoted(&self.database),
            origin = quoted(&self.origin),
            browser_key = self.browser_key,
            server_key = self.server_key,
        )
    }
}

/// 128 bits that nobody can guess.
fn random(prefix: &str) -> String {
    format!("{prefix}{:032x}", rand::random::<u128>())
}

fn of_this_machine(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    address
}
