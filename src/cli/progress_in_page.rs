//! Says to the page what is going on: a line of standard error for each stage.

/// A stage begins.
pub fn tell(stage: &str) {
    eprintln!("stage: {stage}");
}

/// All is done: the page sees it by itself.
pub fn done() {}
