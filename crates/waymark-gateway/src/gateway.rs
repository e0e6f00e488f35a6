//! Starts the parts of a gateway, and stops them in the right order.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::config::{Config, ServeArgs};
use crate::connections::Connections;
use crate::delivery::{Forwarding, SetUpError};
use crate::erasing::erasing;
use crate::limits::{
    COMMITTER_ANSWER_TIMEOUT, DESCRIPTORS_KEPT, IN_WORK_BYTES, KEY_WARNING_INTERVAL,
    LISTEN_BACKLOG, PLAN_TOLD_INTERVAL, RATE_LIMIT_SWEEP_INTERVAL, STORE_PROBE_INTERVAL,
};
use crate::live::{LiveHub, LiveMessage};
use crate::metrics::Metrics;
use crate::rate_limit::RateLimits;
use crate::reload::{Reloader, Reloading};
use crate::replay::Replays;
use crate::router;
use crate::server::serve;
use crate::settings::{InForce, Settings};
use crate::sns::Sns;
use crate::state::{AppState, SharedState};
use crate::store::{Committer, EventReader, FirstCursor, SqliteStore, StoreError};

/// Why a gateway could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The file cannot be used.
    #[error("database: {0}")]
    Store(#[from] StoreError),
    /// A listener could not be opened.
    #[error("{key}: {address}: {error}")]
    Listen {
        /// The setting: `listen` or `admin_listen`.
        key: &'static str,
        /// The address.
        address: SocketAddr,
        /// The system's error.
        error: std::io::Error,
    },
    /// Forwarding cannot be set up.
    #[error("forward: {0}")]
    Forwarding(#[from] SetUpError),
    /// The system could not start a thread.
    #[error("could not start the committer: {0}")]
    Thread(std::io::Error),
}

/// A running gateway.
#[derive(Debug)]
pub struct Gateway {
    /// The address of the public listener.
    pub listen: SocketAddr,
    /// The address of the admin listener.
    pub admin_listen: SocketAddr,
    servers: JoinSet<()>,
    background: JoinSet<()>,
    committer: Committer,
    committer_thread: JoinHandle<()>,
    reloading: Reloading,
    live: LiveHub,
    stop: watch::Sender<bool>,
}

impl Gateway {
    /// Opens the store, binds both listeners and serves. `args` say where the configuration is read
    /// again when it is reloaded.
    ///
    /// # Errors
    /// When the store or a listener cannot be opened.
    pub async fn start(config: &Config, args: &ServeArgs) -> Result<Self, StartError> {
        let mut store = SqliteStore::open(&config.database)?;
        let mut ids = Vec::with_capacity(config.sources.len());
        for source in &config.sources {
            ids.push(store.source_id(&source.name)?);
        }
        let cursors = first_cursors(config, &ids)?;
        store.begin_forwarding(&cursors, &config.store.abandoned_sources)?;
        let reader = EventReader::open(&config.database)?;
        let public_listener = bind("listen", config.listen)?;
        let admin_listener = bind("admin_listen", config.admin_listen)?;
        let listen = address("listen", &public_listener)?;
        let admin_listen = address("admin_listen", &admin_listener)?;

        let names = config.sources.iter().map(|source| source.name.clone());
        let live = LiveHub::new(ids.iter().copied().zip(names).collect());
        let metrics = Arc::new(Metrics::new());
        metrics.note_cursors_beyond(store.n_cursors_beyond());
        store.keep_by(config.store.retention());
        store.refuse_erased_for(config.store.refuse_erased_ms());
        let (committer, committer_thread) =
            Committer::start(store, live.clone(), Arc::clone(&metrics))
                .map_err(StartError::Thread)?;
        let (stop, stopping) = watch::channel(false);
        let mut background = JoinSet::new();
        let forwarding =
            Forwarding::start(config, &ids, &committer, &metrics, &live, &mut background)?;
        let (erasing, eraser) = erasing(&config.database, &committer)?;
        background.spawn(eraser.run());
        let rate_limits = Arc::new(RateLimits::new(config.limits));
        let settings = Settings::of(config, &ids, rate_limits);
        settings.sources.warn_of_ends();
        settings.sources.warn_of_plans();
        let (reloading, reload_inbox) = Reloading::new();
        let connections = || {
            let limits = config.limits;
            Connections::new(
                limits.connections.min(connections_that_fit()),
                limits.connections_per_address,
                config.trusted_proxies.clone(),
            )
        };
        let (public_connections, admin_connections) = (connections(), connections());
        let state: SharedState = Arc::new(AppState {
            in_force: InForce::new(settings),
            reloading: reloading.clone(),
            database: config.database.clone(),
            committer: committer.clone(),
            reader: Arc::new(Mutex::new(reader)),
            bodies: Arc::default(),
            room: Arc::new(Semaphore::new(IN_WORK_BYTES)),
            connections: [public_connections.clone(), admin_connections.clone()],
            sns: Sns::default(),
            live: live.clone(),
            metrics,
            forwarding,
            erasing,
            replays: Replays::default(),
            static_dir: config.static_dir.clone(),
            sdk_dir: config.sdk_dir.clone(),
            sdk_path: config.sdk_path.clone(),
            stopping: stopping.clone(),
        });
        background.spawn(committer.clone().keep_probing());
        let watched = committer.clone();
        background.spawn(watched.keep_watching(STORE_PROBE_INTERVAL, COMMITTER_ANSWER_TIMEOUT));
        if config.store.retention().deletes() {
            background.spawn(committer.clone().keep_retaining());
        }
        background.spawn(sweep(Arc::clone(&state)));
        background.spawn(warn_of_key_ends(Arc::clone(&state)));
        background.spawn(tell_of_plans(Arc::clone(&state)));
        let mut servers = JoinSet::new();
        let public = router::public(Arc::clone(&state));
        let admin = router::admin(Arc::clone(&state));
        let reloader = Reloader {
            args: args.clone(),
            config: config.clone(),
            state,
            connections: vec![public_connections.clone(), admin_connections.clone()],
        };
        background.spawn(reloader.run(reload_inbox));
        servers.spawn(serve(
            public_listener,
            public,
            public_connections,
            stopping.clone(),
        ));
        servers.spawn(serve(admin_listener, admin, admin_connections, stopping));
        Ok(Self {
            listen,
            admin_listen,
            servers,
            background,
            committer,
            committer_thread,
            reloading,
            live,
            stop,
        })
    }

    /// Reads the configuration again; the log has what came of it.
    pub fn reload(&self) {
        self.reloading.ask();
    }

    /// Waits for an event that is stored from now on; it is given as the live view gets it, a JSON
    /// text. Resolves with nothing once the gateway has stopped.
    pub fn next_event(&self) -> impl Future<Output = Option<Arc<str>>> + Send + use<> {
        let mut stored = self.live.subscribe();
        async move {
            loop {
                match stored.recv().await {
                    Ok(LiveMessage::Stored { data, .. }) => return Some(data),
                    Err(RecvError::Closed) => return None,
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                }
            }
        }
    }

    /// Stops accepting, lets requests in flight finish, then closes the store.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        while self.servers.join_next().await.is_some() {}
        self.background.shutdown().await;
        self.committer.stop().await;
        let thread = self.committer_thread;
        let joined = tokio::task::spawn_blocking(move || thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the committer ended with an error");
        }
    }
}

/// Where each destination begins. `ids` are the sources' numbers.
fn first_cursors(config: &Config, ids: &[i64]) -> Result<Vec<FirstCursor>, SetUpError> {
    let mut cursors = Vec::new();
    for (source, id) in config.sources.iter().zip(ids) {
        for destination in source.all_destinations()? {
            cursors.push(FirstCursor {
                source_id: *id,
                destination: destination.name,
                start: destination.start,
            });
        }
    }
    Ok(cursors)
}

/// Raises the limit on file descriptors as far as the system allows, and gives the number of
/// connections that it leaves room for.
pub(crate) fn connections_that_fit() -> usize {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        maximum: limit.maximum,
    };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    // Without a number there is no limit.
    let current = current.map_or(usize::MAX, |limit| {
        usize::try_from(limit).unwrap_or(usize::MAX)
    });
    current.saturating_sub(DESCRIPTORS_KEPT).max(1)
}

fn bind(key: &'static str, address: SocketAddr) -> Result<TcpListener, StartError> {
    listen_on(address).map_err(|error| StartError::Listen {
        key,
        address,
        error,
    })
}

fn listen_on(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // A restart must not wait for the old connections to time out.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(LISTEN_BACKLOG)
}

fn address(key: &'static str, listener: &TcpListener) -> Result<SocketAddr, StartError> {
    listener.local_addr().map_err(|error| StartError::Listen {
        key,
        address: SocketAddr::from(([0, 0, 0, 0], 0)),
        error,
    })
}

async fn warn_of_key_ends(state: SharedState) {
    loop {
        tokio::time::sleep(KEY_WARNING_INTERVAL).await;
        state.settings().sources.warn_of_ends();
    }
}

async fn tell_of_plans(state: SharedState) {
    loop {
        tokio::time::sleep(PLAN_TOLD_INTERVAL).await;
        state.metrics.plans.tell();
    }
}

async fn sweep(state: SharedState) {
    loop {
        tokio::time::sleep(RATE_LIMIT_SWEEP_INTERVAL).await;
        state.settings().rate_limits.sweep();
    }
}
