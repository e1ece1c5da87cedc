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

/// Settings as they are edited, which keeps what stands around.
fn parsed(file: &str, text: &str) -> Result<DocumentMut, Problem> {
    text.parse().map_err(|_| {
        Problem::usage(file, "the settings cannot be understood")
            .hint("`rapporteur check` says which line")
    })
}

/// The settings' text with what somebody decided, written as settings are: columns by list, codes
/// by list and column. What stood there for the same gives way.
pub fn with_choices(file: &str, text: &str, choices: &str) -> Result<(String, usize), Problem> {
    let (mut settings, choices) = (parsed(file, text)?, parsed(file, choices)?);
    let mut taken = 0;
    for (path, name, chosen) in decided(&choices) {
        section(&mut settings, &path).insert(name, value(chosen));
        taken += 1;
    }
    Ok((settings.to_string(), taken))
}

/// Each decision: the section that it belongs to, a column or a word, and its heading or code.
fn decided(choices: &DocumentMut) -> Vec<(Vec<&str>, &str, &str)> {
    let mut all = Vec::new();
    for part in ["columns", "codes"] {
        let lists = choices.get(part).and_then(Item::as_table).into_iter().flat_map(Table::iter);
        for (list, of_list) in lists {
            for (name, item) in of_list.as_table().into_iter().flat_map(Table::iter) {
                if let Some(text) = item.as_str() {
                    all.push((vec![part, list], name, text));
                }
                let words = item.as_table().into_iter().flat_map(Table::iter);
                let words = words.filter_map(|(word, code)| Some((word, code.as_str()?)));
                all.extend(words.map(|(word, code)| (vec![part, list, name], word, code)));
            }
        }
    }
    all
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

#[cfg(test)]
mod tests {
    use super::with_choices;

    #[test]
    fn what_somebody_decides_takes_the_place_of_what_the_settings_said() {
        let settings = "layout = \"board\" # ours\n\n[columns.episodes]\nCHILD = \"Ref\"\n";
        let choices = "[columns.episodes]\nCHILD = \"Person ID\"\nDECOM = \"Start \\\"day\\\"\"\n\n\
                       [codes.episodes.PLACE]\n\"In-house fostering\" = \"U6\"\n";
        let (text, taken) = with_choices("rapporteur.toml", settings, choices).expect("understood");
        assert_eq!(taken, 3);
        for line in [
            "layout = \"board\" # ours",
            "CHILD = \"Person ID\"",
            "DECOM = 'Start \"day\"'",
            "[codes.episodes.PLACE]",
            "\"In-house fostering\" = \"U6\"",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        assert!(!text.contains("Ref"), "{text}");
        assert!(with_choices("rapporteur.toml", settings, "[[").is_err());
    }
}
