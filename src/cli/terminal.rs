//! What people see on a terminal: fitted to its width, with a little colour. Into a file or another
//! program it goes as it is, a line a line, so that `grep` finds a message with all that it says.
//! What is said of returns fits 80 columns as it is, and tests hold it to that.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use terminal_size::{Width, terminal_size_of};

/// Lines longer than this are hard to read, however wide the window is.
const WIDEST: usize = 100;

/// Prints to standard output; a reader that went away is no fault of ours.
pub fn say(text: &str) {
    let out = std::io::stdout();
    let width = if out.is_terminal() { width(terminal_size_of(&out)) } else { usize::MAX };
    let _ = writeln!(anstream::stdout().lock(), "{}", fitted(text.trim_end(), width));
}

/// The same, not fitted: tables, and what programs read.
pub fn say_as_it_is(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", text.trim_end());
}

/// Prints a problem, as its own text has it, to standard error: a word in front says how much it
/// matters.
pub fn complain(text: &str) {
    let err = std::io::stderr();
    let width = if err.is_terminal() { width(terminal_size_of(&err)) } else { usize::MAX };
    let fitted = fitted(text, width);
    let (severity, rest) = fitted.split_once(':').unwrap_or(("", &fitted));
    let style = match severity {
        "error" => Style::new().bold().fg_color(Some(AnsiColor::Red.into())),
        "warning" => Style::new().bold().fg_color(Some(AnsiColor::Yellow.into())),
        _ => Style::new().bold(),
    };
    let _ = writeln!(anstream::stderr().lock(), "{style}{severity}:{style:#}{rest}");
}

fn width(size: Option<(Width, terminal_size::Height)>) -> usize {
    size.map_or(80, |(Width(columns), _)| usize::from(columns).clamp(40, WIDEST))
}

/// A page has no terminal.
#[cfg(target_family = "wasm")]
mod terminal_size {
    pub struct Width(pub u16);
    pub struct Height;

    pub fn terminal_size_of<T>(_: T) -> Option<(Width, Height)> {
        None
    }
}

/// Lines no longer than so many characters; what goes on stands in a little deeper.
fn fitted(text: &str, width: usize) -> String {
    if width == usize::MAX {
        return text.to_string();
    }
    let lines = text.split('\n').map(|line| {
        let indent = &line[..line.len() - line.trim_start().len()];
        let deeper = format!("{indent}    ");
        let options = textwrap::Options::new(width)
            .initial_indent(indent)
            .subsequent_indent(&deeper)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .word_separator(textwrap::WordSeparator::AsciiSpace);
        textwrap::fill(line.trim_start(), options)
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::fitted;

    #[test]
    fn long_lines_go_on_a_little_deeper() {
        assert_eq!(
            fitted("  hint: one two three\nfour", 14),
            "  hint: one\n      two\n      three\nfour"
        );
        assert_eq!(fitted("a-word-without-any-end", 10), "a-word-without-any-end");
        assert_eq!(fitted("as long as it likes", usize::MAX), "as long as it likes");
        assert_eq!(fitted("66% → 67%…", 10), "66% → 67%…", "marks like these are one column wide");
    }
}
