//! Work on two threads: where there are none, as in a web page, one piece is done after the other.

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

/// Gives back what took much memory, while the work goes on.
pub fn drop_aside<T: Send + 'static>(large: T) {
    if cfg!(target_family = "wasm") {
        drop(large);
    } else {
        std::thread::spawn(move || drop(large));
    }
}
