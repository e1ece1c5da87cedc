//! The list of what is to be mended as a web page, to be sent to whoever fills the return in. It
//! says where things are, and what cells hold only where that was asked for.

use maud::{Markup, html};

use crate::nouns::effect::Effect;
use crate::nouns::left_out::{FigureLeftOut, LeftOut};
use crate::nouns::moved::{self, Moved};
use crate::nouns::page::{page_with_style, table};
use crate::nouns::problem::{Kind, Problem, Problems, Severity, clean, told_together};
use crate::nouns::words::{capital, listed, several};

/// How many cells are named before the rest is counted.
const MOST_CELLS: usize = 200;
/// How many figures are named before the rest is counted.
const MOST_FIGURES: usize = 8;

/// What the list looks like beside what every page does: cells are many and each says little, and
/// the parts follow one another on paper.
const STYLE: &str = "\
    section th[scope=\"row\"] { width: 34%; }\n\
    section th p, section td p { margin: 0 0 .3rem; }\n\
    .cells { font-weight: normal; font-size: .85em; color: #404040; }\n\
    section th p:not(.cells) { break-after: avoid; }\n\
    @media print { section + section { break-before: auto; } tr { break-inside: auto; } }\n";

/// What a page of problems tells.
pub struct ProblemList<'a> {
    /// What was found.
    pub problems: &'a Problems,
    /// The files of the return.
    pub files: &'a [String],
    /// What it is about, where that is known.
    pub period: Option<&'a str>,
    /// The appendix that was made, where one was.
    pub appendix: Option<&'a str>,
    /// Why figures are missing.
    pub gaps: &'a LeftOut,
    /// Whether the values of cells are told.
    pub show_values: bool,
}

/// The page: the same for the same problems, on any day and machine.
pub fn problems_page(list: &ProblemList) -> String {
    let files: Vec<String> = list.files.iter().map(|file| clean(file)).collect();
    let title = match files.is_empty() {
        true => "What to mend".to_string(),
        false => format!("What to mend in {}", listed(&files)),
    };
    let body = html! {
        header {
            p class="title" { "Not for publication" }
            h1 { (title) }
            @if let Some(period) = list.period { p { "The return for " (period) "." } }
            p class="title" { (tally(list.problems)) }
            p { (privacy(list.show_values)) }
        }
        "\n"
        main {
            @for effect in Effect::TO_MEND { (group(effect, list)) }
            (missing(list))
            (group(Effect::None, list))
        }
        "\n"
        footer { p { (what_next(list)) } }
        "\n"
    };
    page_with_style(&title, &[("robots", "noindex")], STYLE, &body)
}

fn privacy(show_values: bool) -> &'static str {
    match show_values {
        true => {
            "This list shows what cells hold, and they may be about children: send it to nobody \
             who may not see the return."
        }
        false => {
            "This list says where to look, and nothing of what the cells hold: it can be sent to \
             whoever fills the return in."
        }
    }
}

fn what_next(list: &ProblemList) -> String {
    let made = match list.appendix {
        Some(appendix) => format!("The appendix is {}.", clean(appendix)),
        None => "No appendix was written.".to_string(),
    };
    if list.problems.any() {
        format!("{made} Mend the cells in Excel, save the return, and drop it on Rapporteur again.")
    } else {
        made
    }
}

/// `2 to mend, 1 to look at`.
fn tally(problems: &Problems) -> String {
    let counted = [(Severity::Error, "to mend"), (Severity::Warning, "to look at")];
    let parts: Vec<String> = counted
        .into_iter()
        .map(|(severity, what)| (problems.count(severity), what))
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if parts.is_empty() { "Nothing is left to mend.".into() } else { parts.join(", ") + "." }
}

/// The problems with one effect, the same fault in several columns of a sheet once.
fn group(effect: Effect, list: &ProblemList) -> Markup {
    let these = list.problems.iter().filter(|problem| Effect::of(problem) == effect);
    let mut told = match list.show_values {
        true => these.map(|problem| vec![problem]).collect(),
        false => told_together(these),
    };
    // What does most to the figures comes first, and all else as the sheets stand.
    told.sort_by(|a, b| moved::effect(&b[0].moves).total_cmp(&moved::effect(&a[0].moves)));
    let moved = told.iter().any(|same| !same[0].moves.is_empty());
    let mut headings = vec!["Where", "What is wrong", "What to do"];
    headings.extend(moved.then_some("Figures that mending it moves, or may move"));
    let rows = html! {
        @for same in &told {
            @let problem = same[0];
            tr {
                th scope="row" { @for place in same { (place_of(place, list.files.len() > 1)) } }
                td { (fault(problem, list.show_values)) }
                td { @if let Some(hint) = problem.officers_hint() { (sentence(hint)) } }
                @if moved { td { (moves(&problem.moves)) } }
            }
            "\n"
        }
    };
    html! {
        @if !told.is_empty() {
            section {
                h2 { (effect.heading()) " (" (told.len()) ")" }
                (table("", effect.meaning(), &headings, &rows))
            }
            "\n"
        }
    }
}

/// A file by its name alone: folders say whose machine it was. Scripts lie in folders of their own.
fn file_of(problem: &Problem) -> String {
    let file = &problem.place.file;
    let name = file.rsplit(['/', '\\']).next().filter(|_| problem.kind != Kind::Script);
    clean(name.unwrap_or(file))
}

/// Where a problem is: file where there are several, sheet, column, and below it the cells.
fn place_of(problem: &Problem, several_files: bool) -> Markup {
    let place = &problem.place;
    let file = file_of(problem);
    let sheet = place.sheet.as_ref().map(|sheet| format!("sheet {}", clean(sheet)));
    let line = place.line.map(|line| format!("line {line}"));
    let columns = clean(&problem.columns.join(", "));
    let column = (!columns.is_empty()).then(|| format!("column {columns}"));
    let named = several_files || sheet.is_none();
    let parts = [named.then_some(file), sheet, line, column].into_iter().flatten();
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    let cells: Vec<String> =
        place.cell.iter().chain(&problem.more).map(|cell| place.called(*cell)).collect();
    let more = cells.len().saturating_sub(MOST_CELLS);
    html! {
        p { (capital_of_ours(&parts.join(", "), named)) }
        @if !cells.is_empty() {
            p class="cells" {
                (cells[..cells.len() - more].join(", "))
                @if more > 0 { " and " (more) " more" }
            }
        }
    }
}

/// With a capital letter, but for the name of a file, which stays as it is.
fn capital_of_ours(text: &str, named: bool) -> String {
    if named { text.to_string() } else { capital(text) }
}

fn fault(problem: &Problem, show_values: bool) -> Markup {
    html! {
        p {
            @if let Some(rule) = &problem.rule { "Rule " (clean(rule)) ": " }
            (sentence(&problem.message))
        }
        @for context in &problem.context { p { "While " (clean(context)) "." } }
        @if let (true, Some(value)) = (show_values, &problem.value) {
            p { "The cell holds " code { (clean(value)) } "." }
        }
    }
}

/// Figures that are not in the appendix, by what they lack.
fn missing(list: &ProblemList) -> Markup {
    let rows = html! {
        @for (reason, figures) in list.gaps {
            tr {
                th scope="row" { (sentence(reason)) }
                td { (names(figures)) }
            }
            "\n"
        }
    };
    html! {
        @if !list.gaps.is_empty() {
            section {
                h2 { "Figures that the return does not allow" }
                (table("", "They are not in the appendix.", &["What is missing", "Figures"], &rows))
            }
            "\n"
        }
    }
}

/// Figures that a problem moves: those first of which it is known from what to what they go.
fn moves(moved: &[Moved]) -> Markup {
    let counted = |moved: &&Moved| moved.change.is_some();
    let (counted, others): (Vec<&Moved>, Vec<&Moved>) = moved.iter().partition(counted);
    let more = moved.len().saturating_sub(MOST_FIGURES);
    html! {
        @for moved in counted.into_iter().chain(others).take(MOST_FIGURES) {
            p { (sentence(&moved.said(usize::MAX))) }
        }
        @if more > 0 { p { "And " (several(more, "other")) "." } }
    }
}

/// Indicators by their titles.
fn names(figures: &[FigureLeftOut]) -> String {
    let named = figures.iter().take(MOST_FIGURES).map(FigureLeftOut::named);
    let mut text = named.collect::<Vec<_>>().join("; ");
    let more = figures.len().saturating_sub(MOST_FIGURES);
    if more > 0 {
        text.push_str(&format!("; and {}", several(more, "other")));
    }
    text
}

/// With a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let text = capital(&clean(text));
    let ends = text.ends_with(['.', '?', '!', '…']);
    if ends { text } else { text + "." }
}
