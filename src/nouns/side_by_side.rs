//! Work on several threads: where there are none, as in a web page, one piece is done after the
//! other.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Scripts nest as deep on other threads as on the program's first.
const STACK: usize = 8 << 20;

/// Does two pieces of work, side by side where that is possible. A panic of either goes on.
pub fn both<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    if cfg!(target_family = "wasm") {
        return (one(), other());
    }
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}

/// Does a piece of work for each, so many at a time; what comes of them is in their order. Each
/// thread has tools of its own: this one brings its, another makes them.
///
/// ```
/// use rapporteur::nouns::side_by_side::each;
///
/// assert_eq!(each(&[3, 1, 2], 2, (10, || 10), |n, tens| n * *tens), [30, 10, 20]);
/// ```
pub fn each<T: Sync, R: Send, Tools>(
    all: &[T],
    at_once: usize,
    (mut own, make): (Tools, impl Fn() -> Tools + Sync),
    work: impl Fn(&T, &mut Tools) -> R + Sync,
) -> Vec<R> {
    let shared = Shared { all, next: AtomicUsize::new(0), done: Mutex::default() };
    let aside = || shared.do_some(&mut make(), &work);
    std::thread::scope(|scope| {
        for _ in 1..at_once.min(all.len()) {
            // Where no thread is to be had, this one does all.
            let _ = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, aside);
        }
        shared.do_some(&mut own, &work);
    });
    let mut done = shared.done.into_inner().expect("no thread panics while it adds to it");
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

/// What the threads share: all that is to do, how far they are, and what came of each piece.
struct Shared<'a, T, R> {
    all: &'a [T],
    next: AtomicUsize,
    done: Mutex<Vec<(usize, R)>>,
}

impl<'a, T, R> Shared<'a, T, R> {
    /// What one thread does: one piece after the other, until none is left that nobody has begun.
    fn do_some<Tools>(&self, tools: &mut Tools, work: &impl Fn(&T, &mut Tools) -> R) {
        while let Some((at, one)) = self.next_piece() {
            let made = work(one, tools);
            self.done.lock().expect("no thread panics while it adds to it").push((at, made));
        }
    }

    /// The next that nobody has begun, with its number.
    fn next_piece(&self) -> Option<(usize, &'a T)> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        self.all.get(at).map(|one| (at, one))
    }
}

/// Gives back what took much memory, while the work goes on.
pub fn drop_aside<T: Send + 'static>(large: T) {
    if cfg!(target_family = "wasm") {
        drop(large);
    } else {
        std::thread::spawn(move || drop(large));
    }
}
