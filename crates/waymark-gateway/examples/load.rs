//! Sends load to a running gateway: batches of realistic events over keep-alive connections, as
//! fast as they are answered. Prints rates, latencies and the gateway's memory.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::Parser;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::sleep_until;

/// How often progress is printed.
const REPORT_INTERVAL: Duration = Duration::from_secs(10);

/// The time at the start and at the end whose rates are compared.
const COMPARED: Duration = Duration::from_secs(30);

/// Sends load to a gateway.
#[derive(Debug, Clone, Parser)]
struct Options {
    /// The gateway's public listener.
    #[arg(long)]
    address: String,
    /// A write key.
    #[arg(long, default_value = "bench-key")]
    write_key: String,
    /// How long to send.
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// Connections, each with one request at a time.
    #[arg(long, default_value_t = 16)]
    connections: u64,
    /// Events in a batch.
    #[arg(long, default_value_t = 100)]
    batch: u64,
    /// At most this many events a second over all connections; 0 sends without a pause.
    #[arg(long, default_value_t = 0)]
    rate: u64,
    /// The gateway's process, whose memory is printed.
    #[arg(long)]
    pid: Option<u32>,
}

/// One answered batch.
#[derive(Debug, Clone, Copy)]
struct Answer {
    at: Duration,
    took: Duration,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let options = Options::parse();
    let started = Instant::now();
    let n_events = Arc::new(AtomicU64::new(0));
    let reporter = tokio::spawn(report(options.clone(), Arc::clone(&n_events), started));
    let mut connections = tokio::task::JoinSet::new();
    for number in 0..options.connections {
        let sender = Connection {
            options: options.clone(),
            number,
            n_events: Arc::clone(&n_events),
            started,
        };
        connections.spawn(sender.run());
    }
    let mut answers = Vec::new();
    while let Some(done) = connections.join_next().await {
        answers.extend(done??);
    }
    reporter.abort();
    summarise(&options, &mut answers);
    Ok(())
}

/// One connection that sends batches.
struct Connection {
    options: Options,
    number: u64,
    n_events: Arc<AtomicU64>,
    started: Instant,
}

impl Connection {
    async fn run(self) -> Result<Vec<Answer>, Box<dyn Error + Send + Sync>> {
        let stream = TcpStream::connect(&self.options.address).await?;
        stream.set_nodelay(true)?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        let end = self.started + Duration::from_secs(self.options.seconds);
        let mut answers = Vec::new();
        for n_sent in 0_u64.. {
            if let Some(due) = self.due(n_sent) {
                sleep_until(due.into()).await;
            }
            let sent = Instant::now();
            if sent >= end {
                break;
            }
            let body = self.body(n_sent);
            let request = Request::post("/v1/b")
                .header("host", &self.options.address)
                .header("content-type", "text/plain")
                .body(Full::new(Bytes::from(body)))?;
            let response = sender.send_request(request).await?;
            let status = response.status();
            let answer = response.into_body().collect().await?.to_bytes();
            if status != StatusCode::OK {
                return Err(format!("{status}: {}", String::from_utf8_lossy(&answer)).into());
            }
            self.n_events
                .fetch_add(self.options.batch, Ordering::Relaxed);
            answers.push(Answer {
                at: self.started.elapsed(),
                took: sent.elapsed(),
            });
        }
        Ok(answers)
    }

    /// When a batch is due, if a rate is set.
    fn due(&self, n_sent: u64) -> Option<Instant> {
        if self.options.rate == 0 {
            return None;
        }
        let batches_per_second = self.options.rate as f64 / self.options.batch as f64;
        let place = n_sent * self.options.connections + self.number;
        Some(self.started + Duration::from_secs_f64(place as f64 / batches_per_second))
    }

    fn body(&self, n_sent: u64) -> String {
        let mut body = String::with_capacity(self.options.batch as usize * 1_100);
        body.push_str(r#"{"writeKey":""#);
        body.push_str(&self.options.write_key);
        body.push_str(r#"","sentAt":"2026-11-21T00:00:01.000Z","batch":["#);
        for place in 0..self.options.batch {
            if place > 0 {
                body.push(',');
            }
            push_event(&mut body, n_sent * self.options.batch + place);
        }
        body.push_str("]}");
        body
    }
}

/// Adds a Product Added event as a browser sends it, about 1 KB, with a unique id.
fn push_event(body: &mut String, number: u64) {
    use std::fmt::Write;

    let visitor = uuid::Uuid::from_u64_pair(number / 20, 0x8000_0000_0000_0000);
    let message = uuid::Uuid::from_u128(rand::random());
    // Writing into a String cannot fail.
    let _ = write!(
        body,
        r#"{{"timestamp":"2026-11-21T00:00:00.000Z","integrations":{{}},"type":"track","event":"Product Added","properties":{{"cart_id":"c-{number}","product_id":"p-{product}","sku":"ridge-28-blue","category":"Packs","name":"Ridge 28 L daypack, blue","brand":"Waymark","variant":"blue","price":{price}.95,"quantity":1,"currency":"EUR","position":3,"url":"https://shop.example/products/ridge-28","image_url":"https://shop.example/art/ridge-28.svg"}},"context":{{"page":{{"path":"/products/ridge-28","referrer":"https://shop.example/","search":"?color=blue","title":"Ridge 28 L daypack","url":"https://shop.example/products/ridge-28?color=blue"}},"userAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36","locale":"en-GB","library":{{"name":"waymark","version":"0.1.0"}},"timezone":"Europe/Berlin","campaign":{{"source":"mail","medium":"letter","name":"spring"}}}},"messageId":"ajs-next-1795219200000-{message}","userId":null,"anonymousId":"{visitor}"}}"#,
        product = number % 500,
        price = number % 300,
    );
}

async fn report(options: Options, n_events: Arc<AtomicU64>, started: Instant) {
    let mut before = 0;
    loop {
        tokio::time::sleep(REPORT_INTERVAL).await;
        let now = n_events.load(Ordering::Relaxed);
        let rate = (now - before) as f64 / REPORT_INTERVAL.as_secs_f64();
        let memory = options.pid.and_then(memory_mib);
        let memory = memory.map_or_else(String::new, |mib| format!(", gateway {mib} MiB"));
        println!(
            "{:>4} s: {rate:>8.0} events/s{memory}",
            started.elapsed().as_secs()
        );
        before = now;
    }
}

/// The resident memory of a process, in MiB.
fn memory_mib(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}

fn summarise(options: &Options, answers: &mut [Answer]) {
    let total = Duration::from_secs(options.seconds);
    let rate = |from: Duration, to: Duration| {
        let n_batches = answers
            .iter()
            .filter(|answer| answer.at >= from && answer.at < to)
            .count();
        n_batches as f64 * options.batch as f64 / (to - from).as_secs_f64()
    };
    let first = rate(Duration::ZERO, COMPARED.min(total));
    let last = rate(total.saturating_sub(COMPARED), total);
    println!("overall    {:>8.0} events/s", rate(Duration::ZERO, total));
    println!("first 30 s {first:>8.0} events/s");
    println!(
        "last 30 s  {last:>8.0} events/s ({:+.1} %)",
        (last / first - 1.0) * 100.0
    );
    answers.sort_unstable_by_key(|answer| answer.took);
    for (name, share) in [("p50", 0.5), ("p99", 0.99), ("max", 1.0)] {
        let at = ((answers.len() as f64 * share) as usize).min(answers.len().saturating_sub(1));
        if let Some(answer) = answers.get(at) {
            println!(
                "{name} of a batch {:>7.1} ms",
                answer.took.as_secs_f64() * 1e3
            );
        }
    }
}
