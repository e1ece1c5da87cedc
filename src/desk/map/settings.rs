//! A proposal taken into the settings: `rapporteur.toml` as it stands, with the sections that say
//! what the council calls its columns and codes.

use toml_edit::{DocumentMut, Item, Table, value};

use super::{Proposal, Sure};
use crate::nouns::problem::Problem;

/// The settings' text with what was proposed, and how much was taken. What nobody is sure of is
/// left for somebody to say, and what the settings say already stays.
pub fn with_proposal(
    file: &str,
    text: &str,
    proposal: &Proposal,
) -> Result<(String, usize), Problem> {
    let mut settings: DocumentMut = text.parse().map_err(|_| {
        Problem::usage(file, "the settings cannot be understood")
            .hint("`rapporteur check` says which line")
    })?;
    let mut taken = 0;
    for list in &proposal.lists {
        for column in list.columns.iter().filter(|c| !c.known && c.sure > Sure::Unsure) {
            let columns = section(&mut settings, &["columns", &list.list]);
            taken += usize::from(put(columns, &column.column, &column.heading));
        }
        for word in &list.words {
            let Some((code, _, Sure::Likely | Sure::Sure)) = &word.code else { continue };
            let words = section(&mut settings, &["codes", &list.list, &word.column]);
            taken += usize::from(put(words, &word.word, code));
        }
    }
    Ok((settings.to_string(), taken))
}

/// The table at the end of a path of names, made where it is not there.
fn section<'d>(settings: &'d mut DocumentMut, path: &[&str]) -> &'d mut Table {
    let mut table = settings.as_table_mut();
    for name in path {
        let item = table.entry(name).or_insert_with(|| {
            let mut new = Table::new();
            new.set_implicit(true);
            Item::Table(new)
        });
        if !item.is_table() {
            *item = Item::Table(Table::new());
        }
        table = item.as_table_mut().expect("it was just made one");
    }
    table.set_implicit(false);
    table
}

fn put(table: &mut Table, name: &str, text: &str) -> bool {
    if table.contains_key(name) {
        return false;
    }
    table.insert(name, value(text));
    true
}
