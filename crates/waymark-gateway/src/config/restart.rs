//! What of a new configuration can come into force without a restart.

use super::{Config, ConfigError, check};

impl Config {
    /// This configuration with the values of the one in force where a change needs a restart, and
    /// the keys of these changes.
    ///
    /// # Errors
    /// When the two do not go together.
    pub(crate) fn as_far_as_without_restart(
        &self,
        in_force: &Self,
    ) -> Result<(Self, Vec<String>), ConfigError> {
        let mut config = Self {
            listen: in_force.listen,
            admin_listen: in_force.admin_listen,
            database: in_force.database.clone(),
            static_dir: in_force.static_dir.clone(),
            sdk_dir: in_force.sdk_dir.clone(),
            sdk_path: in_force.sdk_path.clone(),
            store: in_force.store.clone(),
            ..self.clone()
        };
        let changes = [
            ("listen", self.listen != in_force.listen),
            ("admin_listen", self.admin_listen != in_force.admin_listen),
            ("database", self.database != in_force.database),
            ("static_dir", self.static_dir != in_force.static_dir),
            ("sdk_dir", self.sdk_dir != in_force.sdk_dir),
            ("sdk_path", self.sdk_path != in_force.sdk_path),
            ("store", self.store != in_force.store),
        ];
        let mut waiting: Vec<_> = changes
            .iter()
            .filter(|(_, changed)| *changed)
            .map(|(key, _)| (*key).to_owned())
            .collect();
        for source in &mut config.sources {
            let before = in_force.sources.iter().find(|one| one.name == source.name);
            let forward = before.and_then(|one| one.forward.clone());
            let destinations = before.map_or_else(Vec::new, |one| one.destinations.clone());
            if source.forward != forward {
                waiting.push(format!("sources.{}.forward", source.name));
            }
            if source.destinations != destinations {
                waiting.push(format!("sources.{}.destinations", source.name));
            }
            source.forward = forward;
            source.destinations = destinations;
        }
        for source in &in_force.sources {
            if self.sources.iter().any(|one| one.name == source.name) {
                continue;
            }
            if source.forward.is_some() {
                waiting.push(format!("sources.{}.forward", source.name));
            }
            if !source.destinations.is_empty() {
                waiting.push(format!("sources.{}.destinations", source.name));
            }
        }
        // A token may not go as long as the listener can be reached from other machines.
        check::check(&config)?;
        Ok((config, waiting))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{GatewayArgs, ServeArgs};

    const SHOP: &str = "
        [[sources]]
        name = 'shop'
        keys = [{ key = 'k', kind = 'server' }]
        ";

    fn config(head: &str) -> Config {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gateway.toml");
        std::fs::write(&path, format!("{head}\n{SHOP}")).unwrap();
        let gateway = GatewayArgs {
            config: Some(path),
            ..GatewayArgs::default()
        };
        let args = ServeArgs {
            gateway,
            ..ServeArgs::default()
        };
        Config::load(&args).unwrap()
    }

    #[test]
    fn a_token_stays_as_long_as_the_listener_can_be_reached_from_other_machines() {
        let open = config("admin_listen = '0.0.0.0:1'\nadmin_token = 't'");
        let closed = config("admin_listen = '127.0.0.1:1'");
        let error = closed.as_far_as_without_restart(&open).unwrap_err();
        assert_eq!(error.key, "admin_listen");
        let (config, waiting) = open.as_far_as_without_restart(&closed).unwrap();
        assert_eq!(config.admin_listen, closed.admin_listen);
        assert_eq!(config.admin_token, open.admin_token);
        assert_eq!(waiting, ["admin_listen"]);
    }
}
