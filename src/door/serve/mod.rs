//! The same page from the native program: an HTTP server for this machine's own browser, and for
//! nobody else. Every run is a process of its own in a private folder that is gone when the answer
//! is made, so that no run can harm another, and stopping one takes everything with it.
//!
//! It keeps nothing, trusts no request, and has no other address than `127.0.0.1`.

mod answer;
mod folder;
mod guard;
mod request;
mod run;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_io_timeout::TimeoutStream;

use super::Packed;
use answer::Desk;
pub use folder::sweep;
use guard::Guard;

/// What is served, and within which bounds.
pub struct Settings {
    /// The program that does the work.
    pub program: PathBuf,
    /// The variable that makes it say its stages.
    pub stages: &'static str,
    /// The project's folder, where one is named.
    pub project: Option<PathBuf>,
    /// What of the project the page shows: its name and the made-up return.
    pub packed: Packed,
    /// The port; any free one where it is 0.
    pub port: u16,
    /// What the project's files are like, where they are watched: another text once one changed.
    pub stamp: Option<Box<dyn Fn() -> String>>,
    /// The bounds.
    pub bounds: Bounds,
}

/// How much a browser may ask for, and how long it may take.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// The largest body of a request, in bytes.
    pub body: u64,
    /// How long a connection may be silent, and how long its head may take.
    pub silence: Duration,
    /// The slowest sending that is waited for, in bytes a second.
    pub slowest: u64,
    /// How long a run may take.
    pub run: Duration,
    /// How many runs there are at once; others wait, with their files on the disk.
    pub runs: usize,
    /// How many connections there are at once.
    pub connections: usize,
    /// How long it goes on after the last page was closed.
    pub linger: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds {
            body: 512 << 20,
            silence: Duration::from_secs(15),
            slowest: 100_000,
            run: Duration::from_secs(300),
            runs: std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 4),
            connections: 64,
            linger: Duration::from_secs(300),
        }
    }
}

/// A server that listens.
pub struct Server {
    runtime: Runtime,
    ending: Ending,
    listener: std::net::TcpListener,
    folder: folder::Private,
    settings: Settings,
    guard: Guard,
}

impl Server {
    /// Listens, on this machine alone.
    pub fn bind(settings: Settings) -> io::Result<Server> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        // From the first moment on, whoever ends it leaves nothing behind.
        let ending = {
            let _inside = runtime.enter();
            Ending::new()?
        };
        let folder = folder::Private::new()?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port))?;
        listener.set_nonblocking(true)?;
        let guard = Guard::new(listener.local_addr()?.port())?;
        Ok(Server { runtime, ending, listener, folder, settings, guard })
    }

    /// Where it listens.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// What the browser is to open, once.
    pub fn link(&self) -> io::Result<String> {
        self.guard.link()
    }

    /// Answers until it is interrupted, or some time after the last page was closed.
    pub fn run(self) -> io::Result<()> {
        let Server { runtime, mut ending, listener, folder, settings, guard } = self;
        let (bounds, linger) = (settings.bounds.clone(), settings.bounds.linger);
        let desk = Rc::new(Desk::new(settings, guard, folder.path().to_path_buf()));
        let here = LocalSet::new();
        let ended = here.block_on(&runtime, async {
            let listener = TcpListener::from_std(listener)?;
            tokio::select! {
                ended = accept(&listener, &desk, &bounds) => ended,
                () = nobody_is_there(&desk, linger) => Ok(()),
                () = ending.comes() => Ok(()),
            }
        });
        // Runs that are under way end with their tasks, and their folders with them.
        drop(here);
        drop(runtime);
        drop(folder);
        ended
    }
}

async fn accept(listener: &TcpListener, desk: &Rc<Desk>, bounds: &Bounds) -> io::Result<()> {
    let room = Arc::new(Semaphore::new(bounds.connections));
    loop {
        let place = room.clone().acquire_owned().await.map_err(io::Error::other)?;
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                // A browser that went away at once, or too many files: others are served on.
                sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (desk, bounds) = (desk.clone(), bounds.clone());
        spawn_local(async move {
            converse(stream, desk, &bounds).await;
            drop(place);
        });
    }
}

/// One connection is one question and its answer.
async fn converse(stream: TcpStream, desk: Rc<Desk>, bounds: &Bounds) {
    let mut stream = TimeoutStream::new(stream);
    // Whoever takes no more of an answer is cut off; questions have bounds of their own.
    stream.set_write_timeout(Some(bounds.silence));
    let answered = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.silence)
        .keep_alive(false)
        .max_buf_size(64 << 10)
        .serve_connection(
            TokioIo::new(Box::pin(stream)),
            service_fn(move |question| answer::answer(desk.clone(), question)),
        );
    // The longest question, the longest run, and the time that both may wait.
    let whole = bounds.run * 3 + bounds.silence * 2;
    let _ = timeout(whole, answered).await;
}

/// Ends when no page has been heard of for so long.
async fn nobody_is_there(desk: &Desk, linger: Duration) {
    loop {
        let until = desk.heard() + linger;
        if Instant::now() >= until {
            return;
        }
        sleep_until(until).await;
    }
}

/// What tells the program to end: Ctrl-C, and what systems send when they close.
#[cfg(unix)]
struct Ending([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Ending {
    fn new() -> io::Result<Ending> {
        use tokio::signal::unix::{SignalKind, signal};
        let [pressed, ended, gone] =
            [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
        Ok(Ending([signal(pressed)?, signal(ended)?, signal(gone)?]))
    }

    async fn comes(&mut self) {
        let [pressed, ended, gone] = &mut self.0;
        tokio::select! {
            _ = pressed.recv() => {}
            _ = ended.recv() => {}
            _ = gone.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Ending(tokio::signal::windows::CtrlC, tokio::signal::windows::CtrlClose);

#[cfg(windows)]
impl Ending {
    fn new() -> io::Result<Ending> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        Ok(Ending(ctrl_c()?, ctrl_close()?))
    }

    async fn comes(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}
