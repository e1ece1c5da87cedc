//! Says on a terminal what is going on, once it has taken a second.

use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The one line of progress; none where nobody watches.
fn line() -> Option<&'static ProgressBar> {
    static LINE: OnceLock<Option<ProgressBar>> = OnceLock::new();
    LINE.get_or_init(|| {
        if !std::io::stderr().is_terminal() {
            return None;
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden())
            .with_style(ProgressStyle::default_spinner());
        let waiting = bar.clone();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_secs(1));
            if !waiting.is_finished() {
                waiting.set_draw_target(ProgressDrawTarget::stderr());
                waiting.enable_steady_tick(Duration::from_millis(120));
            }
        });
        Some(bar)
    })
    .as_ref()
}

/// What the page's server sets, so that it hears of each stage.
pub const HEARD: &str = "RAPPORTEUR_STAGES";

/// A stage begins.
pub fn tell(stage: &str) {
    if std::env::var_os(HEARD).is_some() {
        eprintln!("stage: {stage}");
    }
    if let Some(line) = line() {
        line.set_message(stage.to_string());
    }
}

/// All is done: the line is taken away again.
pub fn done() {
    if let Some(line) = line() {
        line.finish_and_clear();
    }
}
