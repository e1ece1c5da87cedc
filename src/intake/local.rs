//! Local words: what a council's own exports call columns and codes, as its settings say. `map`
//! proposes them, or they are written by hand:
//!
//! ```toml
//! [columns.episodes]
//! CHILD = "Person ID"
//!
//! [codes.episodes.PLACE]
//! "In-house fostering" = "U6"
//! ```

use indexmap::IndexMap;

use crate::definitions::{Column, ColumnType, Declarations, List, plain};
use crate::intake::project::Project;
use crate::nouns::problem::{Problem, Problems, did_you_mean};

/// Tells the lists what the council calls their columns and codes. What the settings name and no
/// script declares is a problem of the settings.
pub fn apply(project: &Project, declared: &mut Declarations, problems: &mut Problems) {
    let settings = &project.settings;
    let mut faults = Faults { file: project.settings_file(), problems };
    for (name, columns) in &settings.columns {
        let Some(list) = faults.list(declared, name) else { continue };
        for (column, headings) in columns {
            if let Some(column) = faults.column(list, column) {
                column.local = headings.all().to_vec();
            }
        }
    }
    for (name, columns) in &settings.codes {
        let Some(list) = faults.list(declared, name) else { continue };
        for (column, words) in columns {
            if let Some(column) = faults.column(list, column) {
                faults.words(column, words);
            }
        }
    }
}

/// What is wrong with the settings, and the file that they stand in.
struct Faults<'p> {
    file: String,
    problems: &'p mut Problems,
}

impl Faults<'_> {
    fn unknown(&mut self, what: &str, name: &str, known: Vec<&str>) {
        let guess = did_you_mean(name, known);
        let message = format!("there is no {what} `{name}`{guess}");
        self.problems.add(
            Problem::usage(&self.file, message)
                .hint("`rapporteur map` with the return proposes what to write"),
        );
    }

    fn list<'d>(&mut self, declared: &'d mut Declarations, name: &str) -> Option<&'d mut List> {
        if !declared.lists.contains_key(name) {
            self.unknown("list", name, declared.lists.keys().map(String::as_str).collect());
        }
        declared.lists.get_mut(name)
    }

    fn column<'l>(&mut self, list: &'l mut List, name: &str) -> Option<&'l mut Column> {
        let Some(at) = list.columns.iter().position(|c| c.name.eq_ignore_ascii_case(name)) else {
            let known = list.columns.iter().map(|c| c.name.as_str()).collect();
            self.unknown(&format!("column of {}", list.name), name, known);
            return None;
        };
        list.columns.get_mut(at)
    }

    fn words(&mut self, column: &mut Column, words: &IndexMap<String, String>) {
        let ColumnType::Codes(codes) = &column.kind else {
            let message = format!("the column {} has no codes", column.name);
            self.problems.add(Problem::usage(&self.file, message).hint("take its section away"));
            return;
        };
        for (word, code) in words {
            let code = code.to_uppercase();
            if codes.contains_key(&code) {
                column.words.insert(plain(word), code);
            } else {
                let known = codes.keys().map(String::as_str).collect();
                self.unknown(&format!("code of {}", column.name), &code, known);
            }
        }
    }
}
