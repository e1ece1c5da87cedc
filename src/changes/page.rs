//! Changes as a part of a web page.

use super::Changes;
use crate::page::escaped;

pub(super) fn body(changes: &Changes, before_name: &str, after_name: &str) -> String {
    let mut out = format!("<h2>{} and {}: {}</h2>\n", escaped(before_name), escaped(after_name), changes.tally());
    for change in &changes.changes {
        out += &format!("<p>{} {} {}</p>\n", escaped(&change.sheet), escaped(&change.place), escaped(&change.what));
    }
    out
}
