//! Changes as lines for a terminal.

use std::fmt::Write as _;

use super::Change;

pub(super) fn text(changes: &[Change]) -> String {
    let mut out = String::new();
    for change in changes {
        let (before, after) =
            (change.before.as_deref().unwrap_or("nothing"), change.after.as_deref().unwrap_or("nothing"));
        let _ = writeln!(out, "{} {} {}: {before} -> {after}", change.sheet, change.place, change.what);
    }
    out
}
