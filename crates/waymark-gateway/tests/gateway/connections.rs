//! Clients that stall, send large heads or hold many connections cost little, and others are served.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::program::{Gateway, SHOP, new_folder, program, track};

/// The most memory that the gateway may have taken, in bytes: its bounds on bodies and heads, and
/// what it takes at rest.
const MEMORY_MAX_BYTES: u64 = 160 * 1024 * 1024;

fn address_of(gateway: &Gateway) -> String {
    gateway.url.strip_prefix("http://").unwrap().to_owned()
}

fn peak_memory_bytes(gateway: &Gateway) -> u64 {
    let pid = gateway.pid();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib: u64 = line
        .unwrap()
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap();
    kib * 1024
}

/// Opens connections that send `sent` and then nothing. One that is refused meanwhile does not
/// matter.
async fn stalled(gateway: &Gateway, n_connections: usize, sent: &[u8]) -> Vec<TcpStream> {
    let address = address_of(gateway);
    let mut open = Vec::new();
    for _ in 0..n_connections {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let _ = stream.write_all(sent).await;
        open.push(stream);
    }
    open
}

/// A request whose body lacks its last byte.
fn all_but_the_last_byte() -> Vec<u8> {
    let size_bytes = 500 * 1024;
    let mut sent = format!(
        "POST /v1/b?writeKey=browser-key HTTP/1.1\r\nhost: x\r\ncontent-length: {size_bytes}\r\n\r\n"
    )
    .into_bytes();
    sent.resize(sent.len() + size_bytes - 1, b' ');
    sent
}

#[tokio::test]
async fn bodies_that_stall_on_their_last_byte_take_bounded_memory() {
    let gateway = Gateway::start(SHOP).await;
    let held = stalled(&gateway, 400, &all_but_the_last_byte()).await;
    // What needs no memory is still answered.
    let answer = gateway.post("/v1/m", &[], "{}").await;
    assert_eq!(answer.status, 204);
    assert!(peak_memory_bytes(&gateway) < MEMORY_MAX_BYTES);
    drop(held);
    while gateway.batch(&[track("after")]).await.status != 200 {
        tokio::task::yield_now().await;
    }
    assert_eq!(gateway.stored_ids().await, ["after"]);
}

#[tokio::test]
async fn a_body_beyond_an_address_s_share_is_told_to_come_again() {
    let gateway = Gateway::start(SHOP).await;
    let mut held = stalled(&gateway, 40, &all_but_the_last_byte()).await;
    let mut refused = 0;
    for stream in &mut held {
        stream.write_all(b" ").await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        refused += usize::from(&answer == b"HTTP/1.1 503");
    }
    assert!((1..40).contains(&refused), "{refused} of 40");
}

#[tokio::test]
async fn a_head_over_its_limit_is_refused() {
    let gateway = Gateway::start(SHOP).await;
    let filler = "x".repeat(380 * 1024);
    let sent = format!("GET /health HTTP/1.1\r\nhost: x\r\ncookie: {filler}");
    let mut held = stalled(&gateway, 300, sent.as_bytes()).await;
    assert_eq!(gateway.batch(&[track("good")]).await.status, 200);
    assert!(peak_memory_bytes(&gateway) < MEMORY_MAX_BYTES);
    let mut answer = Vec::new();
    // The refusal may be lost with the connection, which is reset over what it did not read.
    let _ = held.remove(0).read_to_end(&mut answer).await;
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"));
}

#[tokio::test]
async fn silent_connections_give_way_to_new_ones() {
    let toml = format!("{SHOP}[limits]\nconnections = 20\nconnections_per_address = 20\n");
    let gateway = Gateway::start(&toml).await;
    let mut held = stalled(&gateway, 20, b"").await;
    for number in 0..5 {
        let id = number.to_string();
        assert_eq!(gateway.batch(&[track(&id)]).await.status, 200);
    }
    let mut rest = Vec::new();
    // The connection that was idle for longest was closed.
    assert_eq!(held.remove(0).read_to_end(&mut rest).await.unwrap(), 0);
}

#[tokio::test]
async fn more_connections_than_the_system_s_soft_limit_are_served() {
    let mut command = Command::new("sh");
    command.args(["-c", r#"ulimit -S -n 256 && exec "$0" "$@""#, program()]);
    let gateway = Gateway::start_by(command, new_folder(), SHOP).await;
    let held = stalled(&gateway, 400, b"GET /health HTTP/1.1\r\n").await;
    assert_eq!(gateway.batch(&[track("good")]).await.status, 200);
    drop(held);
}

#[tokio::test]
async fn a_second_signal_ends_a_gateway_that_waits_for_a_stuck_client() {
    let gateway = Gateway::start(SHOP).await;
    let mut stuck = TcpStream::connect(address_of(&gateway)).await.unwrap();
    stuck
        .write_all(
            b"POST /v1/b HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 9\r\n\r\n",
        )
        .await
        .unwrap();
    let mut asked = [0; 25];
    stuck.read_exact(&mut asked).await.unwrap();
    gateway.ask_to_stop().await;
    while TcpStream::connect(address_of(&gateway)).await.is_ok() {
        tokio::task::yield_now().await;
    }
    gateway.ask_to_stop().await;
    assert!(!gateway.ended_well().await);
}
