//! The command line: what can be typed, and the help that teaches it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use rapporteur::cli::new::Starter;

/// Turns a quarterly return workbook into the formatted appendix that the committee reads.
#[derive(Debug, Parser)]
#[command(name = "rapporteur", version, after_help = EXAMPLES, max_term_width = 80)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  rapporteur q2.xlsx                    make q2-appendix.xlsx beside it
  rapporteur check q2.xlsx              list what is wrong with the return
  rapporteur explain ha_pct q2.xlsx     say where a figure comes from
  rapporteur new my-council             begin a project of your own

Exit codes: 0 done, 1 problems in the return or differences found, 2 wrong
use, 3 a script is at fault, 4 a file cannot be read or written";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the appendix from a return
    #[command(after_help = "\
Examples:
  rapporteur build q2.xlsx
  rapporteur build q2.xlsx -o appendix.xlsx --figures figures.csv
  rapporteur build ssda903-lists/ cover.xlsx --period \"2026/27 Q1/Q2\"
  rapporteur build q2.xlsx --template targets
  rapporteur build --period 2024/25 --template annual   from published figures

The appendix is written even where the return has problems (exit code 1), so
that you can see it; --strict writes nothing then.")]
    Build(Build),
    /// Check a return and list its problems, writing nothing
    Check(Check),
    /// Make an empty return to send to service managers
    #[command(after_help = "\
Examples:
  rapporteur blank q1.xlsx -o q2.xlsx
  rapporteur blank --period \"2026/27 Q2\"
  rapporteur blank --period \"2026/27 Q2\" --by \"Friday 16 October\" -o q2.xlsx
  rapporteur blank --figures pep_completed,rev_pct --no-lists
  rapporteur blank --template board --history q1-figures.csv
  rapporteur blank --lists episodes,oc2

It asks for the figures that no list gives, for commentary, and for the lists
about services. Lists of children are left out unless they are named: they come
out of the case management system. What comes back is read by `rapporteur
build`, together with those lists.")]
    Blank(Blank),
    /// Show what is in a workbook or CSV file, as the reader sees it
    Show(Show),
    /// Begin a project, or an indicator or layout in one
    #[command(
        args_conflicts_with_subcommands = true,
        subcommand_negates_reqs = true,
        after_help = "\
Examples:
  rapporteur new my-council                        a small project that works
  rapporteur new my-council --from children-in-care    on the scripts that ship
  rapporteur new indicator kin_pct --title \"Fostered by relatives\"
  rapporteur new layout panel

Nothing is ever overwritten."
    )]
    New(New),
    /// Make the appendix again whenever a script or the return changes
    #[command(after_help = "\
Examples:
  rapporteur watch q2.xlsx
  rapporteur watch q2.xlsx --template targets --html q2.html

Says which figures changed. Ctrl-C ends it. Close the appendix in Excel while
you work: an open file cannot be replaced, and is waited for.")]
    Watch(Build),
    /// Hold small returns and layouts against what should come of them
    #[command(after_help = "\
Examples:
  rapporteur test                    every case under tests/
  rapporteur test health ha_pct      those with these words in their names,
                                     figures or layouts
  rapporteur test --accept           take what came as what should come
  rapporteur test --html what.html   before and after, as a page
  rapporteur test --check            short, for a machine; writes nothing

A case is tests/NAME.toml, with a small return and the figures that should come
of it; its appendix is kept as text under snapshots/.
Exit code 1 where anything differs, is new or unused.")]
    Test(Test),
    /// Show what changed between two workbooks
    #[command(after_help = "\
Examples:
  rapporteur diff q1-appendix.xlsx q2-appendix.xlsx
  rapporteur diff old.xlsx new.xlsx --only figures
  rapporteur diff old.xlsx new.xlsx --html changes.html

Any two .xlsx or .xlsm files will do, whichever program made them. Rows,
columns and sheets that moved are known again by what they say. Where the
cursor stands, and who saved the file when, is not compared. A snapshot (.snap)
that `rapporteur test` keeps may take the place of a workbook.

What is in the cells is printed: take care with returns, which are about
children.

Exit codes: 0 nothing differs, 1 something does, 4 a file cannot be read")]
    Diff(Diff),
    /// Say where a figure comes from: rows, cells, script line, rule
    #[command(after_help = "\
Examples:
  rapporteur explain ha_pct q2.xlsx
  rapporteur explain ha_pct,dent_pct q2.xlsx --html where-from.html
  rapporteur explain Health q2.xlsx          all figures of a theme
  rapporteur explain --cell \"Performance indicators!D7\" q2.xlsx

What it tells is for your own desk: it says which rows count, and shows
figures that the report may hide.")]
    Explain(Explain),
    /// List what the project declares: lists, indicators, layouts
    List(List),
    /// Write the catalogue of indicators as a page
    #[command(after_help = "\
Examples:
  rapporteur docs -o indicators.html    a page to read, print or put online
  rapporteur docs -o indicators.md      the same as Markdown
  rapporteur docs --reference           what scripts can say
  rapporteur docs --json                the catalogue for a program

Made from the project's scripts: no return is needed, and nothing of one is
in it. Without -o the Markdown is printed.")]
    Docs(Docs),
    /// Write what an editor needs to complete and check scripts
    #[command(after_help = "\
Examples:
  rapporteur types                      into the folder at hand
  rapporteur types -o housing/

Writes types/rap.d.luau, .vscode/ and .luaurc. Open the folder in VS Code with
the extension that it recommends, Luau Language Server. Settings that are there
already are left as they are. Run it again after an update of the program.")]
    Types(Types),
    /// List what DfE's newer releases say otherwise than the older ones
    #[command(after_help = "\
Examples:
  rapporteur restated
  rapporteur restated -o ledger.csv

Exit code 1 where anything was restated.")]
    Restated(Restated),
    /// Print what a shell needs to complete commands
    #[command(after_help = "\
Examples:
  rapporteur completions bash >> ~/.bashrc
  rapporteur completions powershell >> $PROFILE
  rapporteur completions zsh > ~/.zfunc/_rapporteur
  rapporteur completions fish > ~/.config/fish/completions/rapporteur.fish

The names of layouts, rules and indicators are those of the project at hand.")]
    Completions(Completions),
    /// Print the manual, or write its pages into a folder
    #[command(after_help = "\
Examples:
  rapporteur man | man -l -
  rapporteur man -o /usr/local/share/man/man1")]
    Man(Man),
}

/// `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: rapporteur::cli::completions::Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub struct Man {
    /// Write a page for each command into this folder
    #[arg(short, long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
}

/// Options that say which project.
#[derive(Debug, Clone, Args)]
pub struct Which {
    /// The project's folder, with rapporteur.toml, scripts/ and templates/
    #[arg(long, value_name = "DIR")]
    pub project: Option<PathBuf>,
    /// Print for a program to read
    #[arg(long)]
    pub json: bool,
}

/// Options that say how a return is read.
#[derive(Debug, Clone, Args)]
pub struct Reading {
    /// The return: a workbook, CSV lists, or a folder of CSV lists. Without one,
    /// the report is made from published figures alone
    #[arg(value_name = "FILE")]
    pub inputs: Vec<PathBuf>,
    /// The period, where the Cover sheet does not say it ("2026/27 Q1/Q2")
    #[arg(long)]
    pub period: Option<String>,
    /// The figures.csv of earlier reports, or a folder of them
    #[arg(long, value_name = "FILE")]
    pub history: Vec<PathBuf>,
    /// Show the values of cells in messages (they may be about children)
    #[arg(long)]
    pub show_values: bool,
    /// Allow files this many times as large as usual
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=16))]
    pub limit: u32,
}

/// `build`.
#[derive(Debug, Args)]
pub struct Build {
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub which: Which,
    /// Where to write the appendix [default: beside the return, or appendix.xlsx]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The layout: board, annual, targets, services, or one of the project's
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// The rule of disclosure control: none, dfe, under_5, under_10, round_to_5
    #[arg(long, value_name = "NAME")]
    pub disclosure: Option<String>,
    /// Write every figure as a tidy CSV table too
    #[arg(long, value_name = "FILE")]
    pub figures: Option<PathBuf>,
    /// Write an accessible workbook too: NAME-accessible.xlsx beside the appendix
    #[arg(long)]
    pub accessible: bool,
    /// Write a web page too
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write which records each figure is made of (private: not for publication)
    #[arg(long, value_name = "FILE")]
    pub trail: Option<PathBuf>,
    /// Write nothing where the return has problems
    #[arg(long)]
    pub strict: bool,
}

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub which: Which,
    /// Say too which sheets and header rows were chosen, and why
    #[arg(short, long)]
    pub verbose: bool,
}

/// `show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The workbook or CSV file
    pub file: PathBuf,
    #[command(flatten)]
    pub which: Which,
    /// Print one line a filled cell: sheet, address, text, parted by tabs
    #[arg(long)]
    pub cells: bool,
    /// Allow files this many times as large as usual
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=16))]
    pub limit: u32,
}

/// `list`.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    pub which: Which,
}

/// `restated`.
#[derive(Debug, Args)]
pub struct Restated {
    #[command(flatten)]
    pub which: Which,
    /// Write the ledger as a tidy CSV table
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The workbook as it was
    pub old: PathBuf,
    /// The workbook as it is
    pub new: PathBuf,
    /// Only differences of this kind; may be given more than once
    #[arg(long, value_name = "KIND", value_parser = ["figures", "wording", "formatting"])]
    pub only: Vec<String>,
    /// Write a web page with before and after side by side
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print for a program to read
    #[arg(long)]
    pub json: bool,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The indicator's code, such as ha_pct; several parted by commas; or a theme
    #[arg(required_unless_present = "cell")]
    pub code: Option<String>,
    #[command(flatten)]
    pub reading: Reading,
    #[command(flatten)]
    pub which: Which,
    /// Explain what stands in a cell of the appendix ("Performance indicators!D7")
    #[arg(long, value_name = "CELL")]
    pub cell: Option<String>,
    /// The layout of the appendix
    #[arg(long, value_name = "NAME")]
    pub template: Option<String>,
    /// The rule of disclosure control of the appendix
    #[arg(long, value_name = "NAME")]
    pub disclosure: Option<String>,
    /// Write a web page (private: not for publication)
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// `blank`.
#[derive(Debug, Args)]
pub struct Blank {
    /// The last return: its figures, titles, targets and Cover are taken over
    #[arg(value_name = "LAST")]
    pub last: Vec<PathBuf>,
    /// The period that it is for ("2026/27 Q1/Q2") [default: the one after LAST's]
    #[arg(long)]
    pub period: Option<String>,
    #[command(flatten)]
    pub which: Which,
    /// Where to write it [default: blank.xlsx]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The figures.csv of earlier reports, or a folder of them: last quarter's
    /// values are shown beside the cells
    #[arg(long, value_name = "FILE")]
    pub history: Vec<PathBuf>,
    /// Ask for these figures
    #[arg(long, value_name = "CODE,…", value_delimiter = ',', conflicts_with = "layout")]
    pub figures: Vec<String>,
    /// Ask only for the figures that this layout prints
    #[arg(long = "template", alias = "layout", value_name = "NAME")]
    pub layout: Option<String>,
    /// Ask for these lists
    #[arg(long, value_name = "LIST,…", value_delimiter = ',', conflicts_with_all = ["with_lists", "no_lists"])]
    pub lists: Vec<String>,
    /// Ask for every list, those of children too
    #[arg(long, conflicts_with = "no_lists")]
    pub with_lists: bool,
    /// Ask for no list: figures and commentary only
    #[arg(long)]
    pub no_lists: bool,
    /// By when it is to be sent back: said in the guidance
    #[arg(long, value_name = "DAY")]
    pub by: Option<String>,
}

/// `types`.
#[derive(Debug, Args)]
pub struct Types {
    /// The project's folder [default: the one at hand]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Print for a program to read
    #[arg(long)]
    pub json: bool,
}

/// `new`.
#[derive(Debug, Args)]
pub struct New {
    #[command(subcommand)]
    pub part: Option<NewPart>,
    /// The new project's folder
    #[arg(value_name = "PROJECT", required = true)]
    pub folder: Option<PathBuf>,
    /// What to start from
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    pub from: Starter,
    /// Print for a program to read
    #[arg(long)]
    pub json: bool,
}

/// What can be added to a project.
#[derive(Debug, Subcommand)]
pub enum NewPart {
    /// Begin an indicator, with a test for it
    Indicator {
        /// Its code, such as kin_pct
        code: String,
        /// What members read
        #[arg(long)]
        title: Option<String>,
        #[command(flatten)]
        which: Which,
    },
    /// Begin a layout: one table of every figure
    Layout {
        /// Its name, such as panel
        name: String,
        #[command(flatten)]
        which: Which,
    },
}

/// `test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Words from the names of cases, indicators or layouts; all cases without one
    #[arg(value_name = "NAME")]
    pub words: Vec<String>,
    #[command(flatten)]
    pub which: Which,
    /// Take what came as what should come: writes snapshots and expected figures
    #[arg(long)]
    pub accept: bool,
    /// Delete snapshots that no case makes any more
    #[arg(long, conflicts_with = "words")]
    pub remove_unused: bool,
    /// Short output for a machine that watches over the project; writes nothing
    #[arg(long, conflicts_with_all = ["accept", "remove_unused"])]
    pub check: bool,
    /// Write a web page that shows every change, before and after
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
}

/// `docs`.
#[derive(Debug, Args)]
pub struct Docs {
    #[command(flatten)]
    pub which: Which,
    /// Where to write it: a name that ends with .html or .md
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The reference of what scripts can say, in place of the catalogue
    #[arg(long)]
    pub reference: bool,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    /// A longer line would be broken anywhere, an example too.
    #[test]
    fn examples_fit_the_width_of_a_terminal() {
        for command in super::Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in help.lines() {
                assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
            }
        }
    }
}
