//! What the page asks for: a command with its options, and the files that it works on. Only what
//! the page needs is taken; a name names a file of the run's own folder and can lead nowhere else.

use hyper::StatusCode;
use serde::Deserialize;

/// Why a question is not answered: the status, and a sentence for whoever asked.
#[derive(Debug)]
pub struct Refused(pub StatusCode, pub String);

impl Refused {
    /// A question that is not understood.
    pub fn wrong(why: impl Into<String>) -> Refused {
        Refused(StatusCode::BAD_REQUEST, why.into())
    }
}

/// A run that is asked for. The bytes of the files follow, one file after the other.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What the page calls the run, to ask how far it is.
    #[serde(default)]
    pub id: String,
    /// The command and its options, as on a command line.
    pub args: Vec<String>,
    /// The files.
    pub files: Vec<Named>,
}

/// A file by its name, and how long it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// The name, without folders.
    pub name: String,
    /// How many bytes.
    pub size: u64,
}

/// The commands that the page uses. Those that change a project, or never end, are not among them.
const COMMANDS: [&str; 8] = ["blank", "build", "check", "diff", "docs", "explain", "list", "map"];

/// What stands behind an option.
#[derive(Clone, Copy)]
enum Takes {
    Nothing,
    Text,
    File,
}

/// The options that the page uses.
const OPTIONS: [(&str, Takes); 20] = [
    ("--accept", Takes::Nothing),
    ("--accessible", Takes::Nothing),
    ("--cell", Takes::Text),
    ("--choices", Takes::File),
    ("--commentary", Takes::File),
    ("--disclosure", Takes::Text),
    ("--figures", Takes::File),
    ("--history", Takes::File),
    ("--html", Takes::File),
    ("--json", Takes::Nothing),
    ("--no-problems", Takes::Nothing),
    ("--ods", Takes::Nothing),
    ("--period", Takes::Text),
    ("--printed", Takes::File),
    ("--problems", Takes::File),
    ("--settings", Takes::File),
    ("--show-values", Takes::Nothing),
    ("--template", Takes::Text),
    ("--verbose", Takes::Nothing),
    ("-o", Takes::File),
];

/// How many files a question may bring, and how long a name or an argument may be.
const MOST_FILES: usize = 500;
const LONGEST: usize = 200;
/// How long the name of a run may be.
pub const LONGEST_ID: usize = 64;

impl Asked {
    /// Understands the head of a question, whose files are as long as it says.
    pub fn parse(head: &[u8], left: u64) -> Result<Asked, Refused> {
        let asked: Asked = serde_json::from_slice(head)
            .map_err(|_| Refused::wrong("the question is not understood"))?;
        if asked.id.len() > LONGEST_ID {
            return Err(Refused::wrong("the question is not understood"));
        }
        if asked.files.len() > MOST_FILES {
            return Err(Refused::wrong(format!("these are more than {MOST_FILES} files")));
        }
        let sizes = asked.files.iter().try_fold(0_u64, |sum, file| sum.checked_add(file.size));
        if sizes != Some(left) {
            return Err(Refused::wrong("the files are not as long as was said"));
        }
        for (at, file) in asked.files.iter().enumerate() {
            plain(&file.name)?;
            let twice = |other: &Named| other.name.eq_ignore_ascii_case(&file.name);
            if asked.files[..at].iter().any(twice) {
                return Err(Refused::wrong("two files have the same name"));
            }
        }
        asked.understood()?;
        Ok(asked)
    }

    /// Whether each argument is one that the page uses; files that are read are among those sent.
    fn understood(&self) -> Result<(), Refused> {
        let Some((command, rest)) = self.args.split_first() else {
            return Err(Refused::wrong("there is no command"));
        };
        if !COMMANDS.contains(&command.as_str()) {
            return Err(Refused::wrong("this is no command of the page's"));
        }
        let mut rest = rest.iter();
        while let Some(option) = rest.next() {
            if option == "--" {
                return rest.try_for_each(|name| self.sent(name));
            }
            let takes = OPTIONS.iter().find(|(name, _)| name == option).map(|(_, takes)| takes);
            let unknown = || Refused::wrong("this is no option of the page's");
            match takes.ok_or_else(unknown)? {
                Takes::Nothing => {}
                Takes::Text => text(rest.next())?,
                Takes::File => plain(rest.next().map_or("", String::as_str))?,
            }
        }
        Ok(())
    }

    fn sent(&self, name: &str) -> Result<(), Refused> {
        match self.files.iter().any(|file| file.name == name) {
            true => Ok(()),
            false => Err(Refused::wrong("a file is named that was not sent")),
        }
    }
}

/// Refuses what is no text of an option.
fn text(given: Option<&String>) -> Result<(), Refused> {
    match given.is_some_and(|text| is_plain(text)) {
        true => Ok(()),
        false => Err(Refused::wrong("an option is not understood")),
    }
}

/// Whether a text can be no option and no line of its own.
fn is_plain(text: &str) -> bool {
    !text.starts_with('-') && text.len() <= 4 * LONGEST && !text.contains(char::is_control)
}

/// Names that Windows keeps for its devices, whatever their ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Whether a name is one of a file in the run's own folder, on any system.
fn plain(name: &str) -> Result<(), Refused> {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let port = |kind: &str| stem.strip_prefix(kind).is_some_and(|rest| rest.chars().count() == 1);
    let fits = !name.is_empty()
        && name.len() <= LONGEST
        && !name.starts_with(['.', '-', ' '])
        && !name.ends_with(['.', ' '])
        && !name.contains(|c: char| c.is_control() || "/\\:*?\"<>|".contains(c))
        && !DEVICES.contains(&stem.as_str())
        && !port("com")
        && !port("lpt");
    match fits {
        true => Ok(()),
        false => Err(Refused::wrong("a file's name cannot be used: give it another")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(args: &[&str], names: &[&str]) -> bool {
        let files: Vec<_> = names.iter().map(|name| json!({ "name": name, "size": 2 })).collect();
        let head = json!({ "args": args, "files": files }).to_string();
        Asked::parse(head.as_bytes(), 2 * names.len() as u64).is_err()
    }

    #[test]
    fn a_name_leads_nowhere_but_into_the_run_s_own_folder() {
        for name in ["q2.xlsx", "Return for Q2 (final).xlsx", "Élan & Söhne.csv", "a..b.csv"] {
            assert!(!refused(&["check", "--", name], &[name]), "{name}");
        }
        for name in [
            "",
            ".",
            "..",
            "../q2.xlsx",
            "/etc/passwd",
            "a/b.xlsx",
            "a\\b.xlsx",
            "C:q2.xlsx",
            ".hidden",
            "-o",
            "q2.xlsx\n",
            "nul",
            "CON.xlsx",
            "com1.csv",
            "LPT9",
            "q2.xlsx.",
            "q2.xlsx:stream",
        ] {
            assert!(refused(&["check"], &[name]), "{name:?} as a file that is sent");
            assert!(refused(&["check", "-o", name], &[]), "{name:?} as a file that is written");
        }
        assert!(refused(&["check"], &["q2.xlsx", "Q2.XLSX"]), "two that are one on Windows");
    }

    #[test]
    fn only_what_the_page_needs_is_run() {
        assert!(!refused(&["build", "--json", "--template", "board", "--", "a.csv"], &["a.csv"]));
        for wrong in [
            &[][..],
            &["new", "x"],
            &["serve"],
            &["build", "--project", "x"],
            &["build", "--trail", "x"],
            &["build", "other.xlsx"],
            &["build", "--", "other.xlsx"],
            &["build", "--template"],
            &["build", "--template", "--project"],
            &["build", "--period", "a\nb"],
        ] {
            assert!(refused(wrong, &["a.csv"]), "{wrong:?}");
        }
    }

    #[test]
    fn files_are_as_long_as_was_said() {
        let files = json!([{ "name": "a", "size": u64::MAX }, { "name": "b", "size": 2 }]);
        let head = json!({ "args": ["list"], "files": files });
        assert!(Asked::parse(head.to_string().as_bytes(), 1).is_err());
        assert!(Asked::parse(b"{}", 0).is_err());
    }
}
