//! Accepts connections until the gateway stops, then lets the requests in flight finish. What a
//! connection costs is bounded: its head, its time, and how many there are (`connections.rs`).

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use crate::connections::{Connection, Connections};
use crate::limits::{
    ACCEPT_RETRY_INTERVAL, DRAIN_TIMEOUT, HEAD_MAX_BYTES, HEAD_READ_TIMEOUT, WRITE_TIMEOUT,
};

/// Serves until `stopping` turns true and the requests in flight are done or out of time.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    connections: Arc<Connections>,
    mut stopping: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                // Without a place for it, the connection is closed.
                Ok((stream, client)) => if let Some(place) = connections.open(client.ip()) {
                    connect(stream, client, place, router.clone(), &graceful);
                },
                Err(error) => {
                    // Often for want of file descriptors, which other connections will free.
                    tracing::warn!(%error, "could not accept a connection");
                    tokio::time::sleep(ACCEPT_RETRY_INTERVAL).await;
                }
            },
            () = until(&mut stopping) => break,
        }
    }
    drop(listener);
    if timeout(DRAIN_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// Waits until the value is true, or its sender is gone.
async fn until(stopping: &mut watch::Receiver<bool>) {
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

fn connect(
    stream: TcpStream,
    client: SocketAddr,
    place: Arc<Connection>,
    router: Router,
    graceful: &GracefulShutdown,
) {
    // Nagle's algorithm would hold small answers back.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIMEOUT));
    let serving = Arc::clone(&place);
    let service = service_fn(move |mut request: http::Request<Incoming>| {
        let served = serving.serve();
        request.extensions_mut().insert(ConnectInfo(client));
        let answer = router.clone().oneshot(request.map(Body::new));
        async move {
            let answer = answer.await;
            drop(served);
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_READ_TIMEOUT)
        .max_buf_size(HEAD_MAX_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service);
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        tokio::select! {
            result = watched => if let Err(error) = result {
                tracing::debug!(%error, "a connection ended early");
            },
            () = place.ended() => tracing::debug!("an idle connection gave way to a new one"),
        }
    });
}
