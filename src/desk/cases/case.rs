//! A case as its file says it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::conflict;
use super::expect::{Expected, Want};
use crate::intake::read::{Excerpt, Limits, file_bytes};
use crate::nouns::problem::{Place, Problem, did_you_mean};
use crate::pipeline::Wishes;

/// What a case may say.
const KEYS: [&str; 9] = [
    "about",
    "period",
    "return",
    "history",
    "disclosure",
    "layouts",
    "lists",
    "figures",
    "problems",
];
/// The longest case that is read: a longer one holds a whole return, which belongs into a file of
/// its own.
const LONGEST: u64 = 4 << 20;
/// What a figure between braces may say.
const PARTS: [&str; 3] = ["value", "numerator", "denominator"];

/// A case.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name, by its file or folder.
    pub name: String,
    /// Its file, as messages show it.
    pub file: String,
    /// Its file, to be written again.
    pub path: PathBuf,
    /// Its file from the project's folder: `tests/name.toml`.
    pub source: String,
    /// What it is about.
    pub about: String,
    /// The layouts whose appendix is kept.
    pub layouts: Layouts,
    /// The figures that should come of it, in the file's order.
    pub figures: Vec<Expected>,
    /// The problems that the return should have.
    pub problems: Option<ExpectedProblems>,
    /// The file's text, to be rewritten where the new figures are accepted.
    pub text: String,
    period: Option<String>,
    inputs: Vec<PathBuf>,
    history: Vec<PathBuf>,
    excerpts: Vec<Excerpt>,
    disclosure: Option<String>,
}

/// The layouts whose appendix is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layouts {
    /// Every one of the project.
    All,
    /// These, each with its line in the file.
    Named(Vec<(String, u32)>),
}

/// The problems that a return should have, and where the file says it.
#[derive(Debug, Clone)]
pub struct ExpectedProblems {
    /// How many, or in which words.
    pub problems: Want<Vec<String>>,
    /// Where in the file's text.
    pub span: Range<usize>,
    /// On which line.
    pub line: u32,
}

type Value<'t> = Spanned<DeValue<'t>>;

impl Case {
    /// Reads a case.
    pub fn open(path: &Path) -> Result<Case, Problem> {
        let file = path.display().to_string().replace('\\', "/");
        let file = file.strip_prefix("./").unwrap_or(&file).to_string();
        let unreadable =
            |why: &str| Problem::unreadable(&file, format!("the case cannot be read: {why}"));
        if std::fs::metadata(path).is_ok_and(|about| about.len() > LONGEST) {
            return Err(unreadable("it is too long")
                .hint("keep the lists in a workbook, and name that in `return`"));
        }
        let text = String::from_utf8(file_bytes(path, &Limits::default())?)
            .map_err(|_| unreadable("it is not text in UTF-8").hint("save it as UTF-8"))?;
        // A folder's name may have a dot in it, which begins no ending.
        let name = match path.file_name().filter(|name| *name == "case.toml").and(path.parent()) {
            Some(folder) => folder.file_name(),
            None => path.file_stem(),
        };
        let name = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let reader = Reader::new(&file, &text);
        let mut case = reader.case(path.parent().unwrap_or(Path::new(".")))?;
        (case.name, case.source) = (name, file.clone());
        case.text.clone_from(&text);
        (case.file, case.path) = (file, path.to_path_buf());
        Ok(case)
    }

    /// The case with its file from the project's folder, as snapshots name it.
    pub fn from_file(mut self, source: &str) -> Case {
        self.source = source.to_string();
        self
    }

    /// What a snapshot of the case is called: `late-visits__board`.
    pub fn snapshot_name(&self, layout: &str) -> String {
        format!("{}__{layout}", self.name)
    }

    /// What the case asks of a run by one layout, or by the settings' where none is named.
    pub fn wishes_by(&self, layout: Option<String>) -> Wishes {
        Wishes { template: layout, ..self.wishes() }
    }

    /// What the case asks of a run.
    pub fn wishes(&self) -> Wishes {
        Wishes {
            inputs: self.inputs.clone(),
            excerpts: self.excerpts.clone(),
            period: self.period.clone(),
            disclosure: self.disclosure.clone(),
            history: self.history.clone(),
            only_inputs: true,
            limits: Limits::default(),
            ..Wishes::default()
        }
    }
}

/// A case's file while it is read.
struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    /// Where its lines end: every value asks for its line.
    ends: Vec<usize>,
}

impl Reader<'_> {
    fn new<'t>(file: &'t str, text: &'t str) -> Reader<'t> {
        Reader { file, text, ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }

    fn line(&self, at: usize) -> u32 {
        self.ends.partition_point(|end| *end < at) as u32 + 1
    }

    fn fault(&self, at: usize, message: impl Into<String>) -> Problem {
        Problem { place: Place::line(self.file, self.line(at)), ..Problem::usage("", message) }
    }

    fn case(&self, folder: &Path) -> Result<Case, Problem> {
        if let Some(line) = conflict(self.text) {
            let problem =
                Problem::usage("", "git left a conflict in the case that nobody has decided");
            return Err(Problem { place: Place::line(self.file, line), ..problem }
                .hint("keep one side, then test again"));
        }
        let table = DeTable::parse(self.text).map_err(|e| {
            let first = e.message().lines().next().unwrap_or_default();
            self.fault(
                e.span().map_or(0, |span| span.start),
                format!("the case cannot be understood: {first}"),
            )
            .hint(
                "texts stand in quotation marks, lists in \"\"\"…\"\"\"; rapporteur's \
                 docs/testing.md has examples",
            )
        })?;
        let mut case = Case {
            name: String::new(),
            file: String::new(),
            path: PathBuf::new(),
            source: String::new(),
            about: String::new(),
            layouts: Layouts::Named(Vec::new()),
            figures: Vec::new(),
            problems: None,
            text: String::new(),
            period: None,
            inputs: Vec::new(),
            history: Vec::new(),
            excerpts: Vec::new(),
            disclosure: None,
        };
        for (key, value) in in_order(table.get_ref()) {
            let at = value.span().start;
            match key.get_ref().as_ref() {
                "about" => case.about = self.text_of(value, "a sentence")?,
                "period" => {
                    case.period = Some(self.text_of(value, "a period, such as \"2026/27 Q1/Q2\"")?)
                }
                "disclosure" => case.disclosure = Some(self.text_of(value, "the name of a rule")?),
                "return" => case.inputs = self.files(value, folder)?,
                "history" => case.history = self.files(value, folder)?,
                "layouts" => {
                    let names = self.texts(value, "the names of layouts, or \"all\"")?;
                    let all = names.iter().any(|(name, _)| name == "all");
                    case.layouts = if all { Layouts::All } else { Layouts::Named(names) };
                }
                "lists" => case.excerpts = self.lists(value)?,
                "figures" => case.figures = self.figures(value)?,
                "problems" => {
                    let problems = match value.get_ref() {
                        DeValue::Integer(n) => Want::Number(self.whole(n.as_str(), at)? as f64),
                        _ => Want::Text(texts_alone(
                            self.texts(value, "how many problems, or their words")?,
                        )),
                    };
                    case.problems = Some(ExpectedProblems {
                        problems,
                        span: value.span(),
                        line: self.line(at),
                    });
                }
                other => {
                    let guess = did_you_mean(other, KEYS);
                    return Err(self
                        .fault(key.span().start, format!("a case has no `{other}`{guess}"))
                        .hint(format!("it may have {}", KEYS.join(", "))));
                }
            }
        }
        if case.inputs.is_empty() && case.excerpts.is_empty() {
            return Err(self
                .fault(0, "the case has no return")
                .hint("name files in `return`, or type lists in [lists]"));
        }
        if case.figures.is_empty()
            && case.problems.is_none()
            && case.layouts == Layouts::Named(Vec::new())
        {
            return Err(self
                .fault(0, "the case expects nothing")
                .hint("give it [figures], layouts or problems"));
        }
        Ok(case)
    }

    fn lists(&self, value: &Value) -> Result<Vec<Excerpt>, Problem> {
        let lists = self.table(value, "lists by their names")?;
        let made = in_order(lists).into_iter().map(|(name, value)| {
            let text = self.text_of(value, "a list as text, between \"\"\" and \"\"\"")?;
            // The line end behind the opening marks is no part of the text.
            let start = value.span().start;
            let opening = self.text[start..].lines().next().unwrap_or_default();
            let below = matches!(opening, "\"\"\"" | "'''");
            Ok(Excerpt {
                list: name.get_ref().to_string(),
                file: self.file.to_string(),
                line: (self.line(start) + u32::from(below)) as usize,
                text,
            })
        });
        made.collect()
    }

    fn figures(&self, value: &Value) -> Result<Vec<Expected>, Problem> {
        let figures = self.table(value, "figures by the codes of their indicators")?;
        in_order(figures)
            .into_iter()
            .map(|(code, value)| self.figure(code.get_ref(), value))
            .collect()
    }

    fn figure(&self, code: &str, value: &Value) -> Result<Expected, Problem> {
        let mut expected = Expected::of(code, self.line(value.span().start));
        let DeValue::Table(parts) = value.get_ref() else {
            expected.value = Some((self.want(value)?, value.span()));
            return Ok(expected);
        };
        expected.braces =
            Some(value.span()).filter(|span| self.text[span.clone()].starts_with('{'));
        for (key, value) in in_order(parts) {
            let number = || self.number(value);
            match key.get_ref().as_ref() {
                "value" => expected.value = Some((self.want(value)?, value.span())),
                "numerator" => expected.numerator = Some((number()?, value.span())),
                "denominator" => expected.denominator = Some((number()?, value.span())),
                other => {
                    let guess = did_you_mean(other, PARTS);
                    let message = format!("a figure has no `{other}`{guess}");
                    return Err(self.fault(key.span().start, message).hint(format!(
                        "it may have value, numerator and denominator; the code of a part stands \
                         in quotation marks: \"{code}.{other}\""
                    )));
                }
            }
        }
        Ok(expected)
    }

    fn want(&self, value: &Value) -> Result<Want<String>, Problem> {
        match value.get_ref() {
            DeValue::String(text) => Ok(Want::Text(text.to_string())),
            DeValue::Boolean(false) => Ok(Want::Nothing),
            DeValue::Integer(_) | DeValue::Float(_) => Ok(Want::Number(self.number(value)?)),
            _ => Err(self.fault(value.span().start, "this is not a figure").hint(
                "write it as it is printed, \"50.0%\"; or a number; or false where there \
                       should be none",
            )),
        }
    }

    fn number(&self, value: &Value) -> Result<f64, Problem> {
        let text = match value.get_ref() {
            DeValue::Integer(n) => n.as_str(),
            DeValue::Float(n) => n.as_str(),
            _ => "",
        };
        let parsed = text.replace('_', "").parse::<f64>().ok().filter(|n| n.is_finite());
        parsed.ok_or_else(|| self.fault(value.span().start, "this is not a number"))
    }

    fn whole(&self, text: &str, at: usize) -> Result<u32, Problem> {
        text.replace('_', "")
            .parse()
            .map_err(|_| self.fault(at, "this is not how many problems there are"))
    }

    fn table<'v, 't>(&self, value: &'v Value<'t>, what: &str) -> Result<&'v DeTable<'t>, Problem> {
        let wrong = || self.fault(value.span().start, format!("here should stand {what}"));
        value.get_ref().as_table().ok_or_else(wrong)
    }

    /// Files that are named in the case, from its folder.
    fn files(&self, value: &Value, folder: &Path) -> Result<Vec<PathBuf>, Problem> {
        let names = self.texts(value, "the names of files")?;
        Ok(names.into_iter().map(|(name, _)| beside(folder, &name)).collect())
    }

    fn text_of(&self, value: &Value, what: &str) -> Result<String, Problem> {
        let text = value.get_ref().as_str().map(ToString::to_string);
        text.ok_or_else(|| {
            let message = format!("here should stand {what}, in quotation marks");
            self.fault(value.span().start, message)
        })
    }

    /// One text or several, each with its line.
    fn texts(&self, value: &Value, what: &str) -> Result<Vec<(String, u32)>, Problem> {
        let one = |value: &Value| Ok((self.text_of(value, what)?, self.line(value.span().start)));
        match value.get_ref() {
            DeValue::Array(values) => values.iter().map(one).collect(),
            _ => Ok(vec![one(value)?]),
        }
    }
}

fn texts_alone(texts: Vec<(String, u32)>) -> Vec<String> {
    texts.into_iter().map(|(text, _)| text).collect()
}

/// A file that a case names from its folder; `tests` and `../examples/q2.xlsx` are
/// `examples/q2.xlsx`.
fn beside(folder: &Path, name: &str) -> PathBuf {
    let (mut folder, mut name) = (folder, Path::new(name));
    while let (Ok(rest), Some(parent), true) =
        (name.strip_prefix(".."), folder.parent(), folder.file_name().is_some())
    {
        (folder, name) = (parent, rest);
    }
    let path = folder.join(name);
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

/// A table's entries as they stand in the file.
fn in_order<'v, 't>(
    table: &'v DeTable<'t>,
) -> Vec<(&'v Spanned<std::borrow::Cow<'t, str>>, &'v Value<'t>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}
