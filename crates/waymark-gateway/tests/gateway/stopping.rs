//! SIGTERM: connections are refused, requests in flight are finished, the file is complete.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::program::{Gateway, SHOP, track};

#[tokio::test]
async fn a_request_in_flight_is_finished_and_stored() {
    let gateway = Gateway::start(SHOP).await;
    let address = gateway.url.strip_prefix("http://").unwrap().to_owned();
    let body = r#"{"event":"A","userId":"u","messageId":"late"}"#;
    let head = format!(
        "POST /v1/t?writeKey=browser-key HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let mut slow = TcpStream::connect(&address).await.unwrap();
    slow.write_all(head.as_bytes()).await.unwrap();
    // The answer to `expect` tells that the request is being handled.
    let mut asked = [0; 25];
    slow.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    gateway.ask_to_stop().await;
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    slow.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let folder = gateway.folder();
    assert!(gateway.ended_well().await);
    let wal = std::fs::metadata(folder.path().join("events.sqlite-wal"));
    assert!(
        wal.map_or(0, |wal| wal.len()) == 0,
        "the log is copied into the file"
    );
    let gateway = Gateway::start_in(folder, SHOP).await;
    assert_eq!(gateway.stored_ids().await, ["late"]);
}

#[tokio::test]
async fn hundreds_of_connections_can_wait_to_be_accepted() {
    let gateway = Gateway::start(SHOP).await;
    let address = gateway.url.strip_prefix("http://").unwrap().to_owned();
    let signal = async |name: &str| {
        let pid = gateway.pid().to_string();
        let sent = tokio::process::Command::new("kill")
            .args([name, &pid])
            .status();
        assert!(sent.await.unwrap().success());
    };
    signal("-STOP").await;
    let connecting = (0..400).map(|_| TcpStream::connect(&address));
    let connecting = futures_util::future::try_join_all(connecting);
    // Beyond the backlog the first attempt is dropped, and the next one too.
    let connected = tokio::time::timeout(std::time::Duration::from_secs(20), connecting).await;
    signal("-CONT").await;
    assert_eq!(connected.unwrap().unwrap().len(), 400);
}

#[tokio::test]
async fn events_acknowledged_while_stopping_are_stored() {
    let gateway = Arc::new(Gateway::start(SHOP).await);
    let (first, mut firsts) = tokio::sync::mpsc::unbounded_channel();
    let clients: Vec<_> = (0..4)
        .map(|client_number| {
            let (client, url) = (gateway.client.clone(), format!("{}/v1/b", gateway.url));
            let first = first.clone();
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for number in 0.. {
                    let id = format!("{client_number}-{number}");
                    let body =
                        serde_json::json!({ "writeKey": "browser-key", "batch": [track(&id)] });
                    match client.post(&url).body(body.to_string()).send().await {
                        Ok(answer) if answer.status() == 200 => acknowledged.push(id),
                        _ => break,
                    }
                    first.send(()).ok();
                }
                acknowledged
            })
        })
        .collect();
    for _ in 0..20 {
        firsts.recv().await.unwrap();
    }
    gateway.ask_to_stop().await;
    let mut acknowledged = Vec::new();
    for client in clients {
        acknowledged.extend(client.await.unwrap());
    }
    let stored = gateway.stored_ids().await;
    assert!(acknowledged.iter().all(|id| stored.contains(id)));
    let gateway = Arc::into_inner(gateway).unwrap();
    assert!(gateway.ended_well().await);
}
