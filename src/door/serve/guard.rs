//! Who may ask: this machine's own browser, with the page that the program opened. Any other page
//! that the same browser shows, and any other program, is refused before anything of it is read.

use std::cell::RefCell;
use std::io;

use hyper::header::{HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::{Method, Request};

/// The header that every question of the page carries. No other page can send it: it makes a
/// browser ask first, and the answer is no.
pub const KEY: HeaderName = HeaderName::from_static("x-rapporteur-key");

/// What a browser says of where a question comes from.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The names and secrets of one server.
pub struct Guard {
    hosts: [String; 2],
    origins: [String; 2],
    key: String,
    /// Those that were given out and not used.
    tokens: RefCell<Vec<String>>,
}

/// How many tokens wait to be used: a page that is loaded again takes one.
const MOST_TOKENS: usize = 16;

impl Guard {
    /// For a port.
    pub fn new(port: u16) -> io::Result<Guard> {
        let hosts = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        let origins = hosts.clone().map(|host| format!("http://{host}"));
        Ok(Guard { hosts, origins, key: secret()?, tokens: RefCell::default() })
    }

    /// A link that opens the page once.
    pub fn link(&self) -> io::Result<String> {
        Ok(format!("{}/?token={}", self.origins[0], self.token()?))
    }

    /// A token that opens the page once.
    pub fn token(&self) -> io::Result<String> {
        let token = secret()?;
        let mut tokens = self.tokens.borrow_mut();
        if tokens.len() == MOST_TOKENS {
            tokens.remove(0);
        }
        tokens.push(token.clone());
        Ok(token)
    }

    /// What the page proves itself with.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether a question comes from the page, or opens it with a token that nobody used.
    pub fn lets_in<B>(&self, question: &Request<B>) -> bool {
        if !self.is_meant(question.headers(), question.uri().authority().map(|a| a.as_str())) {
            return false;
        }
        match *question.method() {
            Method::GET if question.uri().path() == "/" => self.uses(question.uri().query()),
            Method::POST => {
                // A browser always says where a POST comes from.
                question.headers().contains_key(ORIGIN)
                    && only(question.headers(), &KEY).is_some_and(|key| same(key, &self.key))
            }
            _ => false,
        }
    }

    /// Whether it is addressed to this server, and no other page is behind it.
    fn is_meant(&self, headers: &HeaderMap, authority: Option<&str>) -> bool {
        let host = |host: &str| self.hosts.iter().any(|own| own.eq_ignore_ascii_case(host));
        let origin = |origin: &str| self.origins.iter().any(|own| own == origin);
        let site = |site: &str| matches!(site, "same-origin" | "none");
        only(headers, &HOST).is_some_and(host)
            && authority.is_none_or(host)
            && (!headers.contains_key(ORIGIN) || only(headers, &ORIGIN).is_some_and(origin))
            && (!headers.contains_key(SITE) || only(headers, &SITE).is_some_and(site))
    }

    /// Uses a token up.
    fn uses(&self, query: Option<&str>) -> bool {
        let Some(token) = query.and_then(|query| query.strip_prefix("token=")) else {
            return false;
        };
        let mut tokens = self.tokens.borrow_mut();
        let at = tokens.iter().position(|own| same(own, token));
        at.map(|at| tokens.remove(at)).is_some()
    }
}

/// The one value of a header: none where there are two.
fn only<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (Some(one), None) => one.to_str().ok(),
        _ => None,
    }
}

/// Whether two secrets are the same, in a time that does not tell where they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}

/// 128 bits that nobody can guess, from the system.
fn secret() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
