//! A question and its answer. Who asks is looked at first, how much comes second, and only then is
//! anything read.

use std::cell::Cell;
use std::convert::Infallible;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::super::page::{Session, served};
use super::guard::Guard;
use super::request::{Asked, LONGEST_ID, Refused};
use super::{Bounds, Settings, folder, run};

/// The longest head of a question.
const LONGEST_HEAD: usize = 256 << 10;

/// What all answers share.
pub struct Desk {
    settings: Settings,
    guard: Guard,
    folder: PathBuf,
    heard: Cell<Instant>,
    runs: Semaphore,
    stages: run::Stages,
}

type Answer = Response<Full<Bytes>>;

impl Desk {
    pub fn new(settings: Settings, guard: Guard, folder: PathBuf) -> Desk {
        let runs = Semaphore::new(settings.bounds.runs);
        Desk {
            settings,
            guard,
            folder,
            heard: Cell::new(Instant::now()),
            runs,
            stages: run::Stages::default(),
        }
    }

    /// When the page was last heard of.
    pub fn heard(&self) -> Instant {
        self.heard.get()
    }

    /// The page itself, which a token opened.
    fn page(&self) -> Result<Answer, Refused> {
        let token = self.guard.token().map_err(failed)?;
        let watched = self.settings.stamp.is_some();
        let session = Session { key: self.guard.key(), token: &token, watched };
        let (page, policy) = served(&self.settings.packed, &session);
        let mut answer = answer_of(StatusCode::OK, "text/html; charset=utf-8", page.into_bytes());
        let policy = HeaderValue::from_str(&policy).map_err(failed)?;
        answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        Ok(answer)
    }

    /// A page says that it is there; it is told whether scripts have changed.
    fn here(&self) -> Answer {
        let stamp = self.settings.stamp.as_ref().map(|stamp| stamp());
        json_of(&json!({ "stamp": stamp }))
    }

    fn token(&self) -> Result<Answer, Refused> {
        Ok(json_of(&json!({ "token": self.guard.token().map_err(failed)? })))
    }

    /// How far a run is, which the question names.
    async fn stage(&self, body: Incoming, length: u64) -> Result<Answer, Refused> {
        if length > LONGEST_ID as u64 {
            return Err(Refused::wrong("the question is not understood"));
        }
        let id = Coming::new(body, &self.settings.bounds, length).exactly(length as usize).await?;
        let stage = self.stages.of(&String::from_utf8_lossy(&id));
        Ok(json_of(&json!({ "stage": stage })))
    }

    /// A run: its files go to the disk as they come, never all into memory.
    async fn run(&self, body: Incoming, length: u64) -> Result<Answer, Refused> {
        let folder = folder::for_run(&self.folder).map_err(failed)?;
        let bounds = &self.settings.bounds;
        let asked = receive(folder.path(), body, bounds, length).await?;
        let stage = self.stages.begin(&asked.id);
        stage.tell("waiting for other returns");
        let _turn = self.runs.acquire().await.map_err(failed)?;
        let told = run::run(&self.settings, folder.path(), &asked, &stage).await.map_err(failed)?;
        Ok(answer_of(StatusCode::OK, "application/octet-stream", told))
    }
}

/// Answers; a question that is none of this page's is refused, and nothing of it is read.
pub async fn answer(desk: Rc<Desk>, question: Request<Incoming>) -> Result<Answer, Infallible> {
    let answered = match desk.guard.lets_in(&question) {
        false => Err(Refused(StatusCode::FORBIDDEN, "this is not for you".into())),
        true => {
            desk.heard.set(Instant::now());
            let answered = respond(&desk, question).await;
            desk.heard.set(Instant::now());
            answered
        }
    };
    let mut answer = answered.unwrap_or_else(|Refused(status, why)| {
        answer_of(status, "text/plain; charset=utf-8", why.into_bytes())
    });
    for (name, value) in ALWAYS {
        answer.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    Ok(answer)
}

async fn respond(desk: &Desk, question: Request<Incoming>) -> Result<Answer, Refused> {
    let body = question.body().size_hint();
    if question.method() == Method::GET {
        return desk.page();
    }
    let length = body.exact().ok_or_else(|| {
        Refused(StatusCode::LENGTH_REQUIRED, "say how long the question is".into())
    })?;
    if length > desk.settings.bounds.body {
        let most = desk.settings.bounds.body >> 20;
        let why = format!("these files are more than {most} MB: use the command line");
        return Err(Refused(StatusCode::PAYLOAD_TOO_LARGE, why));
    }
    match question.uri().path() {
        "/run" => desk.run(question.into_body(), length).await,
        "/here" => Ok(desk.here()),
        "/stage" => desk.stage(question.into_body(), length).await,
        "/token" => desk.token(),
        _ => Err(Refused(StatusCode::NOT_FOUND, "there is nothing here".into())),
    }
}

/// What every answer says: it is kept nowhere, taken for nothing else, and stands in no other page.
/// No answer allows another page to read it.
const ALWAYS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CONNECTION, "close"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

fn answer_of(status: StatusCode, kind: &'static str, bytes: Vec<u8>) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(bytes)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

fn json_of(told: &serde_json::Value) -> Answer {
    answer_of(StatusCode::OK, "application/json", told.to_string().into_bytes())
}

fn failed(error: impl std::fmt::Display) -> Refused {
    Refused(StatusCode::INTERNAL_SERVER_ERROR, format!("the program could not do it: {error}"))
}

/// A question's body while it comes: within its bounds, or cut off.
struct Coming<'b> {
    body: Incoming,
    bounds: &'b Bounds,
    /// When it must be all there.
    until: Instant,
    /// What has come and was not taken.
    buffer: Bytes,
}

impl<'b> Coming<'b> {
    fn new(body: Incoming, bounds: &'b Bounds, length: u64) -> Coming<'b> {
        let sending = std::time::Duration::from_secs(length / bounds.slowest.max(1));
        Coming {
            body,
            bounds,
            until: Instant::now() + bounds.silence + sending,
            buffer: Bytes::new(),
        }
    }

    /// Some bytes, at most so many: none where the sender has gone, or is too slow.
    async fn some(&mut self, most: u64) -> Result<Bytes, Refused> {
        while self.buffer.is_empty() {
            let left = self.until.saturating_duration_since(Instant::now());
            let slow =
                |_| Refused(StatusCode::REQUEST_TIMEOUT, "the files came too slowly".to_string());
            let frame =
                timeout(left.min(self.bounds.silence), self.body.frame()).await.map_err(slow)?;
            let frame = frame.ok_or_else(|| Refused::wrong("the question ends too early"))?;
            let frame = frame.map_err(|_| Refused::wrong("the question broke off"))?;
            self.buffer = frame.into_data().unwrap_or_default();
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(self.buffer.len());
        Ok(self.buffer.split_to(most))
    }

    /// So many bytes at once.
    async fn exactly(&mut self, length: usize) -> Result<Vec<u8>, Refused> {
        let mut bytes = Vec::with_capacity(length);
        while bytes.len() < length {
            bytes.extend_from_slice(&self.some((length - bytes.len()) as u64).await?);
        }
        Ok(bytes)
    }
}

/// Takes a question in: its head, and its files into the folder.
async fn receive(
    folder: &Path,
    body: Incoming,
    bounds: &Bounds,
    length: u64,
) -> Result<Asked, Refused> {
    let mut coming = Coming::new(body, bounds, length);
    let lead = coming.exactly(4).await?;
    let head = u32::from_le_bytes(lead.try_into().unwrap_or_default()) as usize;
    if head > LONGEST_HEAD || (head + 4) as u64 > length {
        return Err(Refused::wrong("the question is not understood"));
    }
    let text = coming.exactly(head).await?;
    let asked = Asked::parse(&text, length - 4 - head as u64)?;
    for file in &asked.files {
        let mut into = std::fs::File::create_new(folder.join(&file.name)).map_err(failed)?;
        let mut left = file.size;
        while left > 0 {
            let some = coming.some(left).await?;
            left -= some.len() as u64;
            into.write_all(&some).map_err(failed)?;
        }
    }
    Ok(asked)
}
