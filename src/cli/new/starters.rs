//! What `new` starts from. The projects are those of `examples/`, so that what is made can be
//! looked at there too.

use std::fmt::Write;

use clap::ValueEnum;

use crate::definitions::{Column, ColumnType, Declarations, List};
use crate::desk::cases::toml_text;
use crate::door::EXAMPLE;
use crate::figures::suppress::Shown;
use crate::intake::project::Project;
use crate::intake::project::Source;
use crate::intake::read::Excerpt;
use crate::nouns::problem::Problems;
use crate::pipeline::{self, Wishes};

/// The period of made-up returns.
const PERIOD: &str = "2026/27 Q2";

/// A project to start from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Starter {
    /// A list of complaints, two indicators and a layout: small enough to read in five minutes.
    #[default]
    Complaints,
    /// A council that reports on children in care with the scripts that ship.
    ChildrenInCare,
    /// Housing repairs: two lists, seven indicators, a layout with a chart.
    HousingRepairs,
    /// Annex A: the eleven lists that Ofsted asks for, their measures, two layouts.
    AnnexA,
}

/// Returns and what is made of them stay out of git; the made-up return may stay in.
const GIT_IGNORE: &str = "\
# Returns and what is made of them may be about people: they stay out of git.
*.xlsx
*.xlsm
*.xlsb
*.xls
*.ods
*.csv
*-appendix.html
# The made-up return, and earlier reports' figures after disclosure control, may stay in.
!/q2.xlsx
!/q2/*.csv
!/return/*.csv
!/history/*.csv
";

macro_rules! files {
    ($folder:literal: $($name:literal),+ $(,)?) => {
        &[$((
            $name,
            include_bytes!(concat!("../../../examples/", $folder, "/", $name)).as_slice(),
        )),+]
    };
}

const COMPLAINTS: &[(&str, &[u8])] = files!(
    "complaints": "README.md", "rapporteur.toml", "scripts/complaints.luau",
    "templates/complaints.luau",
    "tests/complaints.toml", "q2.xlsx",
);
const CHILDREN_IN_CARE: &[(&str, &[u8])] = files!(
    "children-in-care": "README.md", "rapporteur.toml", "scripts/README.md", "tests/example.toml"
);
const HOUSING_REPAIRS: &[(&str, &[u8])] = files!(
    "housing-repairs": "README.md", "rapporteur.toml", "scripts/lists.luau",
    "scripts/measures.luau",
    "templates/repairs.luau", "tests/repairs.toml", "tests/q2.toml", "q2.xlsx",
);
const ANNEX_A: &[(&str, &[u8])] = files!(
    "annex-a": "README.md", "rapporteur.toml", "scripts/lists.luau", "scripts/front_door.luau",
    "scripts/assessment_and_protection.luau", "scripts/care.luau", "scripts/rules.luau",
    "scripts/shared/working_days.luau", "templates/overview.luau", "templates/stages.luau",
    "templates/shared/stages.luau",
    "pack.toml",
    "tests/care.toml", "tests/timeliness.toml", "return/cover.csv", "return/list-1.csv",
    "return/list-2.csv", "return/list-3.csv", "return/list-4.csv", "return/list-5.csv",
    "return/list-6.csv", "return/list-7.csv",
    "return/list-8.csv", "return/list-9.csv", "return/list-10.csv", "return/list-11.csv",
);

impl Starter {
    /// Its files, by their paths in the project.
    pub fn files(self) -> Vec<(String, Vec<u8>)> {
        let own = match self {
            Starter::Complaints => COMPLAINTS,
            Starter::ChildrenInCare => CHILDREN_IN_CARE,
            Starter::HousingRepairs => HOUSING_REPAIRS,
            Starter::AnnexA => ANNEX_A,
        };
        let mut files: Vec<(String, Vec<u8>)> =
            own.iter().map(|(name, bytes)| (name.to_string(), bytes.to_vec())).collect();
        if self == Starter::ChildrenInCare {
            files.push(("q2.xlsx".to_string(), EXAMPLE.to_vec()));
        }
        files.push((".gitignore".to_string(), GIT_IGNORE.as_bytes().to_vec()));
        files
    }

    /// Its return, as a command line names it.
    pub fn made_up(self) -> &'static str {
        match self {
            Starter::AnnexA => "return",
            _ => "q2.xlsx",
        }
    }

    /// What is in it, in a few words.
    pub fn holds(self) -> &'static str {
        match self {
            Starter::Complaints => "settings, a list, two indicators, a layout, a return, a test",
            Starter::ChildrenInCare => {
                "settings, a made-up return, a test; scripts and layouts ship"
            }
            Starter::HousingRepairs => {
                "settings, two lists, seven indicators, a layout, a return, tests"
            }
            Starter::AnnexA => {
                "settings, eleven lists, their indicators, two layouts, a return, tests"
            }
        }
    }
}

/// What an indicator can count to begin with: the children in care where there are such, else what
/// the project's own scripts declared first.
fn counted(declared: &Declarations) -> Option<&str> {
    let usual = declared.populations.get_key_value("looked_after").map(|(name, _)| name);
    usual
        .or(declared.populations.keys().next())
        .or(declared.lists.keys().next())
        .map(String::as_str)
}

/// The list that a population is taken from in the end.
fn list_of<'d>(declared: &'d Declarations, name: &str) -> Option<&'d List> {
    let mut name = name;
    for _ in 0..crate::definitions::LONGEST_CHAIN {
        match declared.populations.get(name) {
            Some(population) => name = &population.from,
            None => break,
        }
    }
    declared.lists.get(name)
}

/// An indicator that is valid from the start and says what to change.
pub fn indicator(declared: &Declarations, code: &str, title: &str) -> String {
    let title = title.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ");
    let percentage = code.ends_with("_pct");
    let mut lines: Vec<(String, &str)> = Vec::new();
    let mut say = |line: String, what| lines.push((line, what));
    say(format!("title       = \"{title}\","), "as members read it");
    say("-- theme    = \"Placements\",".to_string(), "the service it belongs to");
    say(format!("unit        = \"{}\",", if percentage { "percentage" } else { "number" }), "");
    say("better      = \"neither\",".to_string(), "or \"higher\", \"lower\"");
    match counted(declared) {
        Some(name) => {
            let key = list_of(declared, name).map_or("COLUMN", |list| list.key.as_str());
            let of_what = if percentage { "denominator" } else { "population " };
            say(format!("{of_what} = \"{name}\","), "out of which records: a population or a list");
            let off = if percentage { "" } else { "-- " };
            say(
                format!("{off}numerator   = {{ {key} = rap.filled }},"),
                "what such a record must be to count",
            );
        }
        None => say(
            "typed       = true,".to_string(),
            "there is nothing to count yet: managers type it",
        ),
    }
    say("-- target   = 80, tolerance = { low = 5, high = 5 },".to_string(), "");
    say("definition  = \"To be written: what is counted, out of what.\",".to_string(), "");
    say("source      = \"To be written: where the records come from.\",".to_string(), "");
    let width = lines
        .iter()
        .filter(|(_, what)| !what.is_empty())
        .map(|(l, _)| l.chars().count())
        .max()
        .unwrap_or(0);
    let mut text = format!(
        "-- {title}. Say here why the committee wants to know.\nrap.indicator \"{code}\" {{\n"
    );
    for (line, what) in lines {
        let line = if what.is_empty() { line } else { format!("{line:width$}   -- {what}") };
        let _ = writeln!(text, "  {line}");
    }
    text + "}\n"
}

/// A test case for it: a return of two made-up rows, and what the program makes of them now. What
/// must come out is left for its author to work out.
pub fn case(
    project: &Project,
    declared: &Declarations,
    (code, title): (&str, &str),
    script: &str,
) -> String {
    let mut text = format!(
        "# A small return, and what must come out of it: small enough to count by hand.\n\
         about  = {}\nperiod = \"{PERIOD}\"\n",
        toml_text(title)
    );
    let mut value = "false".to_string();
    if let Some((name, list)) =
        counted(declared).and_then(|name| Some((name, list_of(declared, name)?)))
    {
        let span =
            declared.populations.get(name).is_some_and(|population| population.when.is_some());
        let columns: Vec<&Column> =
            list.columns.iter().filter(|c| !c.optional || c.required).collect();
        let cells =
            |n: u32| columns.iter().map(|c| sample(list, c, span, n)).collect::<Vec<String>>();
        let rows = [columns.iter().map(|c| c.name.clone()).collect(), cells(1), cells(2)];
        let widths: Vec<usize> = (0..columns.len())
            .map(|at| rows.iter().map(|row| row[at].len() + 1).max().unwrap_or(0))
            .collect();
        let mut table = String::new();
        for row in &rows {
            let (last, most) = row.split_last().expect("a list has columns");
            for (cell, width) in most.iter().zip(&widths) {
                let _ = write!(table, "{:width$} ", format!("{cell},"));
            }
            table.push_str(last);
            table = table.trim_end().to_string() + "\n";
        }
        let _ = write!(text, "\n[lists]\n{} = \"\"\"\n{table}\"\"\"\n", toml_key(&list.title));
        value = made_now(project, code, script, &list.title, &table)
            .map_or(value, |now| toml_text(&now));
    }
    let _ =
        write!(text, "\n[figures]\n{code} = {value}    # work it out by hand, and say here how\n");
    text
}

/// What the program makes of a list with a script that is not in the project yet.
fn made_now(
    project: &Project,
    code: &str,
    script: &str,
    list: &str,
    table: &str,
) -> Option<String> {
    let excerpt =
        Excerpt { list: list.to_string(), file: String::new(), line: 1, text: table.to_string() };
    let mut project = project.clone();
    let name = format!("scripts/{code}.luau");
    project.sources.push(Source::own(name, script.as_bytes()));
    let wishes =
        Wishes { excerpts: vec![excerpt], period: Some(PERIOD.to_string()), ..Wishes::default() };
    let mut problems = Problems::default();
    let received = pipeline::receive(&project, &wishes, &mut problems)?;
    received.shown(&project, &wishes, &mut problems)?.own(code).map(Shown::text)
}

/// What stands in a made-up row: what must be there, and days, so that whatever happened did so in
/// the period.
fn sample(list: &List, column: &Column, span: bool, row: u32) -> String {
    let day = matches!(column.kind, ColumnType::Date)
        && !(span && list.ends.as_ref() == Some(&column.name));
    if !column.required && !day && column.name != list.key {
        return String::new();
    }
    match &column.kind {
        ColumnType::Id | ColumnType::Text => format!("T{row}"),
        ColumnType::Quarter => "Q1".to_string(),
        // What is still open began some time ago: of a beginning in the year more is asked.
        ColumnType::Date if span => format!("{row:02}/07/2024"),
        ColumnType::Date => format!("{row:02}/07/2026"),
        ColumnType::Number { min, max, .. } => min.or(*max).unwrap_or(1.0).to_string(),
        ColumnType::Percentage => "50".to_string(),
        ColumnType::Codes(codes) => {
            let usable = codes.iter().find(|(_, code)| code.in_use("2026/27"));
            usable.map(|(code, _)| code.clone()).unwrap_or_default()
        }
    }
}

/// A key as TOML writes it.
fn toml_key(text: &str) -> String {
    let plain =
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if plain { text.to_string() } else { toml_text(text) }
}

/// A layout of one table, to make one's own.
pub fn layout(name: &str) -> String {
    include_str!("layout.luau").replace("NAME", name)
}
