//! What is said where the program itself has a fault: where, and nothing of what it had at hand,
//! which may be a child's name.

use std::panic;

/// Has a fault of the program's own told in words of ours: Rust's would quote the text or number
/// that it failed on.
pub fn tell_no_data() {
    panic::set_hook(Box::new(|fault| {
        let place = fault.location().map(|place| (place.file(), place.line()));
        eprint!("{}", words(place));
    }));
}

/// With the file and line, as far as they are the same on every machine.
fn words(place: Option<(&str, u32)>) -> String {
    let at = place.map(|(file, line)| format!(" (it panicked at {}:{line})", within(file)));
    format!(
        "error: a fault of Rapporteur's own{}\n  \
         hint: please tell its makers this line; the return is as it was\n",
        at.unwrap_or_default()
    )
}

/// `src/nouns/period.rs`, or in a library `jiff-0.2.43/src/span.rs`: without the folders of the
/// machine that made the program.
fn within(file: &str) -> String {
    let parts: Vec<&str> = file.split(['/', '\\']).collect();
    let source = parts.iter().rposition(|part| *part == "src").unwrap_or(parts.len() - 1);
    parts[source.saturating_sub(1)..].join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_where_and_no_folder_of_a_machine() {
        for (file, told) in [
            ("src/nouns/period.rs", "src/nouns/period.rs"),
            ("/home/me/.cargo/registry/src/index.crates.io-1/a-0.2/src/b.rs", "a-0.2/src/b.rs"),
            ("C:\\Users\\me\\git\\a\\src\\b.rs", "a/src/b.rs"),
            ("b.rs", "b.rs"),
        ] {
            let text = words(Some((file, 62)));
            assert!(text.contains(&format!("panicked at {told}:62)")), "{text}");
        }
        let text = words(Some(("src/nouns/period.rs", 62)));
        assert!(text.lines().all(|line| line.len() <= 80), "{text}");
    }
}
