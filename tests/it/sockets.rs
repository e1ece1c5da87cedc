//! Questions over real sockets to a page that is served, with their headers as they are given.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::root;

/// Nobody waits longer than this for an answer.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// An answer, whole.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (own, value) = line.split_once(": ")?;
            own.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// What a run gave: what was told of it, and its files.
    pub fn told(&self) -> (Value, Vec<(String, Vec<u8>)>) {
        assert_eq!(self.status, 200, "{}", self.text());
        let length = u32::from_le_bytes(self.body[..4].try_into().expect("four bytes")) as usize;
        let told: Value = serde_json::from_slice(&self.body[4..4 + length]).expect("JSON");
        let mut rest = &self.body[4 + length..];
        let mut files = Vec::new();
        for file in told["files"].as_array().expect("files") {
            let size = file["size"].as_u64().expect("a size") as usize;
            files.push((file["name"].as_str().expect("a name").into(), rest[..size].to_vec()));
            rest = &rest[size..];
        }
        (told, files)
    }
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("it answers");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    stream
}

/// What the server says until it closes; none where it closed without a word.
pub fn heard(stream: &mut TcpStream) -> Option<Answer> {
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes);
    let closed = |e: &std::io::Error| e.kind() == std::io::ErrorKind::ConnectionReset;
    assert!(ended.as_ref().map_or_else(closed, |_| true), "it goes on: {ended:?}");
    let at = bytes.windows(4).position(|mark| mark == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    Some(Answer { status, head, body: bytes[at + 4..].to_vec() })
}

/// A question with its headers as they are given, and nothing else.
pub fn ask(address: SocketAddr, line: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut stream = connect(address);
    let mut head = format!("{line} HTTP/1.1\r\n");
    headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
    head.push_str("\r\n");
    // Whoever is refused may be cut off before all is sent.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    heard(&mut stream).expect("an answer")
}

pub fn get(address: SocketAddr, path: &str, more: &[(&str, &str)]) -> Answer {
    let host = address.to_string();
    ask(address, &format!("GET {path}"), &[&[("Host", host.as_str())], more].concat(), b"")
}

pub fn post(address: SocketAddr, path: &str, key: &str, body: &[u8]) -> Answer {
    let (host, length) = (address.to_string(), body.len().to_string());
    let origin = format!("http://{host}");
    let headers = [
        ("Host", host.as_str()),
        ("Origin", &origin),
        ("X-Rapporteur-Key", key),
        ("Content-Length", &length),
    ];
    ask(address, &format!("POST {path}"), &headers, body)
}

pub fn path_of(link: &str) -> String {
    format!("/{}", link.rsplit('/').next().expect("a path"))
}

/// What the page carries, as data.
pub fn session(page: &Answer) -> Value {
    let text = page.text();
    let rest = text.split_once("id=\"session-data\">").expect("it is served").1;
    serde_json::from_str(rest.split_once("</script>").expect("ended").0).expect("JSON")
}

/// A question for a run, as the page puts it.
pub fn framed(args: &[&str], files: &[(&str, &[u8])]) -> Vec<u8> {
    let named: Vec<Value> =
        files.iter().map(|(name, bytes)| json!({ "name": name, "size": bytes.len() })).collect();
    let head = json!({ "args": args, "files": named }).to_string();
    let mut body = (head.len() as u32).to_le_bytes().to_vec();
    body.extend(head.as_bytes());
    files.iter().for_each(|(_, bytes)| body.extend(*bytes));
    body
}

pub fn example_bytes() -> Vec<u8> {
    std::fs::read(root().join("examples/children-in-care-2026-27-q2.xlsx")).expect("read")
}
