//! What a layout's function returns, read into a plan of sheets.

use std::cell::Cell;

use mlua::{Table, Value};

use super::errors::{complain, complain_with};
use super::fields::{Fields, described};
use super::values::LuaPeriod;
use crate::nouns::comparator::Comparator;
use crate::nouns::numbers::{in_full, plain_number, round_noise, without_noise};
use crate::nouns::period::Period;
use crate::nouns::plan::{
    CellPlan, ChartPlan, ColumnPlan, CommentaryPlace, Drawn, RowPlan, Says, SheetPlan,
};
use crate::nouns::problem::did_you_mean;
use crate::nouns::report::{Run, Style};
use crate::nouns::show::{Show, Whose};
use crate::scripts::reference::SHOWS;

/// What a report is made of.
#[derive(Debug, Clone, Copy)]
enum Part {
    Sheet,
    Row,
    Cell,
    Chart,
    Letter,
}

impl Part {
    /// The field that holds such, what they are called, and how many a report may have: what a
    /// person could still look through, and a machine lay out in seconds.
    fn limit(self) -> (&'static str, &'static str, usize) {
        match self {
            Part::Sheet => ("sheets", "sheets", 200),
            Part::Row => ("rows", "rows", 150_000),
            Part::Cell => ("cells", "cells", 1_000_000),
            Part::Chart => ("rows", "charts", 500),
            Part::Letter => ("rows", "letters", 20_000_000),
        }
    }
}

/// How much a layout has asked for so far: counted while it is read, so that what is too much is
/// never built.
#[derive(Debug, Default)]
struct Size {
    counts: [Cell<usize>; 5],
}

impl Size {
    fn count(&self, part: Part) -> mlua::Result<()> {
        self.count_many(part, 1)
    }

    /// Counts a text: one that a script has once may stand in every cell.
    fn text(&self, text: String) -> mlua::Result<String> {
        self.count_many(Part::Letter, text.len())?;
        Ok(text)
    }

    fn count_many(&self, part: Part, many: usize) -> mlua::Result<()> {
        let counted = &self.counts[part as usize];
        counted.set(counted.get().saturating_add(many));
        let (field, called, most) = part.limit();
        if counted.get() <= most {
            return Ok(());
        }
        Err(complain_with(
            format!(
                "`{field}` of the layout: a report has {} {called} at most",
                in_full(most as f64)
            ),
            "look for a loop that goes on too long, or a table that was made too large",
        ))
    }
}

/// The sheets of a layout.
pub fn sheets(value: Value, layout: &str) -> mlua::Result<Vec<SheetPlan>> {
    let Value::Table(table) = value else {
        return Err(complain(format!(
            "the layout `{layout}` must return a table of sheets, not {}",
            described(&value)
        )));
    };
    let size = Size::default();
    let sheets: Vec<SheetPlan> = each(&table, "sheets", |table| sheet(table, &size))?;
    if sheets.is_empty() {
        return Err(complain_with(
            format!("the layout `{layout}` returns no sheet"),
            "return { { name = \"…\", columns = …, rows = … } }",
        ));
    }
    Ok(sheets)
}

fn sheet(table: Table, size: &Size) -> mlua::Result<SheetPlan> {
    size.count(Part::Sheet)?;
    let mut fields = Fields::new("Sheet", table, "a sheet of the layout")?;
    let columns = tables(&mut fields, "columns", column)?;
    let rows = tables(&mut fields, "rows", |table| row(table, columns.len(), true, size))?;
    let plan = SheetPlan {
        name: fields.needed_text("name")?,
        title: fields.needed_text("title")?,
        subtitle: fields.text("subtitle")?,
        purpose: fields.text("purpose")?,
        header_left: fields.text("header_left")?.unwrap_or_default(),
        header_right: fields.text("header_right")?.unwrap_or_default(),
        footer_left: fields.text("footer_left")?.unwrap_or_default(),
        columns,
        rows,
        commentary: commentary(&mut fields)?,
    };
    fields.finish()?;
    if plan.columns.len() < 2 {
        return Err(complain("a sheet of a layout needs two columns or more"));
    }
    edges(&plan)?;
    Ok(plan)
}

/// Excel prints 255 characters at the edge of a page, those that name the font among them; it
/// prints nothing of a longer text.
const LONGEST_EDGE: usize = 180;

fn edges(plan: &SheetPlan) -> mlua::Result<()> {
    let header = plan.header_left.chars().count() + plan.header_right.chars().count();
    let footer = plan.footer_left.chars().count();
    for (field, length) in [("header_left", header), ("footer_left", footer)] {
        if length > LONGEST_EDGE {
            return Err(complain_with(
                format!("`{field}`: {length} characters are too many for the edge of a page"),
                "180 are the most, header_left and header_right together",
            ));
        }
    }
    Ok(())
}

/// Where the commentary of a sheet stands.
fn commentary(fields: &mut Fields) -> mlua::Result<CommentaryPlace> {
    Ok(match fields.text("commentary")?.as_deref() {
        None | Some("auto") => CommentaryPlace::Auto,
        Some("beside") => CommentaryPlace::Beside,
        Some("below") => CommentaryPlace::Below,
        Some(other) => {
            return Err(complain_with(
                format!(
                    "commentary cannot stand `{other}`{}",
                    did_you_mean(other, ["auto", "beside", "below"])
                ),
                "commentary = \"beside\", \"below\", or \"auto\": below where most figures have \
                 none",
            ));
        }
    })
}

/// A field that is a table of tables, each of which is read.
fn tables<T>(
    fields: &mut Fields,
    name: &'static str,
    read: impl Fn(Table) -> mlua::Result<T>,
) -> mlua::Result<Vec<T>> {
    match fields.value(name)? {
        Value::Table(all) => each(&all, name, read),
        other => Err(fields.wrong(name, &format!("a table of {name}"), &other)),
    }
}

/// The tables of a table, each of which is read.
fn each<T>(
    all: &Table,
    name: &'static str,
    read: impl Fn(Table) -> mlua::Result<T>,
) -> mlua::Result<Vec<T>> {
    let (one, example) = match name {
        "sheets" => ("a sheet", "{ name = \"…\", title = \"…\", columns = …, rows = … }"),
        "columns" => ("a column", "{ heading = \"Now\", show = \"value\" }"),
        _ => ("a row", "{ indicator = \"cla_n\" }, or { heading = \"…\" } for a text"),
    };
    in_order(name, all, |value| match value {
        Value::Table(table) => read(table),
        other => Err(complain_with(
            format!("`{name}`: {one} of the layout must be a table, not {}", described(&other)),
            format!("write  {example}"),
        )),
    })
}

/// What stands in a table, in order. A gap would lose what is behind it without a word.
fn in_order<T>(
    name: &str,
    all: &Table,
    read: impl Fn(Value) -> mlua::Result<T>,
) -> mlua::Result<Vec<T>> {
    let values: Vec<T> =
        all.sequence_values::<Value>().map(|value| read(value?)).collect::<mlua::Result<_>>()?;
    if without_names(name, all)? != values.len() {
        return Err(complain_with(
            format!(
                "`{name}` of the layout: one of them is nothing, those behind it would be lost"
            ),
            "put it in by  if … then table.insert(…) end",
        ));
    }
    Ok(values)
}

/// How many values a table holds, in which a name would say something that nobody hears. They are
/// not held at once: a table may be longer than there is room for.
fn without_names(name: &str, all: &Table) -> mlua::Result<usize> {
    let mut count = 0;
    for pair in all.pairs::<Value, Value>() {
        if let (Value::String(field), _) = pair? {
            let field = field.to_string_lossy();
            return Err(complain_with(
                format!("`{name}` of the layout is a list, and has no field `{field}`"),
                "its values stand one behind the other, without names: { \"A\", \"B\" }",
            ));
        }
        count += 1;
    }
    Ok(count)
}

fn column(table: Table) -> mlua::Result<ColumnPlan> {
    let mut fields = Fields::new("SheetColumn", table, "a column of the layout")?;
    let show = show(&mut fields)?.unwrap_or(Show::Nothing);
    let width = fields.number("width")?.unwrap_or(13.0);
    if !(1.0..=255.0).contains(&width) {
        return Err(complain("a column's width must be from 1 to 255 characters"));
    }
    let plan =
        ColumnPlan { heading: fields.text("heading")?, over: fields.text("over")?, width, show };
    fields.finish()?;
    Ok(plan)
}

/// The own figure that a change is told from: the previous outturn where none is named.
fn since(from: Option<&str>) -> mlua::Result<Comparator> {
    let Some(from) = from else { return Ok(Comparator::PreviousOutturn) };
    own(from).ok_or_else(|| {
        let own = Comparator::names_of(true);
        complain_with(
            format!("`from` cannot be `{from}`{}", did_you_mean(from, own.iter().copied())),
            format!("it is the council's own figure of another time: {}", own.join(", ")),
        )
    })
}

/// What a column or a cell shows; nothing where it has no `show`.
fn show(fields: &mut Fields) -> mlua::Result<Option<Show>> {
    let name = fields.text("show")?;
    let from = fields.text("from")?;
    let with = fields.texts("with")?;
    let within = fields.number("within")?;
    let period = match fields.value("period")? {
        Value::Nil => None,
        value => {
            Some(self::period(&value).ok_or_else(|| fields.wrong("period", A_PERIOD, &value))?)
        }
    };
    if within.is_some_and(|within| within < 0.0)
        || (within.is_some() && name.as_deref() != Some("comparison"))
    {
        return Err(complain_with(
            "`within` goes with `show = \"comparison\"`, and is not below 0",
            "within = 2: figures no more than two apart are in line",
        ));
    }
    let Some(name) = name else {
        return match (from, with.is_empty(), period) {
            (None, true, None) => Ok(None),
            // A period without more asks for the figure of that period.
            (None, true, Some(period)) => Ok(Some(Show::Figure(Whose::Own, Some(period)))),
            _ => Err(complain(format!("{} has no `show`", fields.what()))),
        };
    };
    let used = (from.is_some(), !with.is_empty(), period.is_some());
    let since = || since(from.as_deref());
    let (shown, takes) = match name.as_str() {
        "number" => (Show::Number, ""),
        "title" => (Show::Title, ""),
        "value" => (Show::Figure(Whose::Own, period), "period"),
        "commentary" => (Show::Commentary, ""),
        "target" => (Show::Target, ""),
        "tolerance" => (Show::Tolerance, ""),
        "status" => (Show::Status, ""),
        "direction" => (Show::Direction(since()?), "from"),
        "change" => (Show::Change(since()?), "from"),
        "chance" => (Show::Chance(since()?), "from"),
        "assurance" => (Show::Assurance, ""),
        "variation" => (Show::Variation, ""),
        "best_neighbour" => (Show::BestNeighbour, ""),
        "quartile_threshold" => (Show::QuartileThreshold, ""),
        "comparison" => {
            let with: Vec<Comparator> =
                with.iter().map(|name| another(name)).collect::<mlua::Result<_>>()?;
            let usual =
                [Comparator::StatisticalNeighbours, Comparator::Region, Comparator::England];
            let with = if with.is_empty() { usual.to_vec() } else { with };
            (Show::Comparison(with, within), "with")
        }
        "share" => (Show::Share, ""),
        "running" => (Show::Running, ""),
        "rank" => (Show::Rank, ""),
        "neighbour_rank" => (Show::NeighbourRank, ""),
        "band" => (Show::Band, ""),
        "numerator" => (Show::Numerator, ""),
        "denominator" => (Show::Denominator, ""),
        "definition" => (Show::Definition, ""),
        "better" => (Show::Better, ""),
        "note" => (Show::Note, ""),
        "code" => (Show::Code, ""),
        other => match (own(other), whose(other)) {
            (Some(own), _) => (Show::Figure(Whose::Comparator(own), None), ""),
            (None, Some(whose)) => (Show::Figure(whose, period), "period"),
            (None, None) => {
                let names: Vec<_> =
                    SHOWS.iter().flat_map(|(names, _)| names.iter().copied()).collect();
                return Err(complain_with(
                    format!(
                        "a layout cannot show `{other}`{}",
                        did_you_mean(other, names.iter().copied())
                    ),
                    format!(
                        "it shows {}, or a council by its code, such as E06000015",
                        names.join(", ")
                    ),
                ));
            }
        },
    };
    for (given, field) in [(used.0, "from"), (used.1, "with"), (used.2, "period")] {
        if given && takes != field {
            return Err(complain_with(
                format!("`{field}` does not go with this `show`"),
                "from goes with direction, change and chance, with with comparison, period with \
                 value and with other areas",
            ));
        }
    }
    Ok(Some(shown))
}

/// A comparator that is the council itself at another time.
fn own(name: &str) -> Option<Comparator> {
    Comparator::named(name).filter(|one| one.is_own())
}

/// Another area: a comparator's name, or a council's code.
fn whose(name: &str) -> Option<Whose> {
    Comparator::named(name).filter(|one| !one.is_own()).map(Whose::of)
}

/// The same, where nothing but an area will do.
fn another(name: &str) -> mlua::Result<Comparator> {
    Comparator::named(name).filter(|one| !one.is_own()).ok_or_else(|| {
        let areas = Comparator::names_of(false);
        complain_with(
            format!(
                "`{name}` is no area to compare with{}",
                did_you_mean(name, areas.iter().copied())
            ),
            format!("areas are {}, or a council's code, such as E06000015", areas.join(", ")),
        )
    })
}

const A_PERIOD: &str = "a period, such as report.period.previous_year";

fn period(value: &Value) -> Option<Period> {
    let Value::UserData(data) = value else { return None };
    data.borrow::<LuaPeriod>().ok().map(|period| period.0)
}

/// The kinds of rows, by the field that tells them.
const KINDS: [&str; 10] = [
    "indicator",
    "area",
    "heading",
    "cells",
    "spacer",
    "page_break",
    "block",
    "side_by_side",
    "trend",
    "bars",
];

fn row(table: Table, columns: usize, blocks: bool, size: &Size) -> mlua::Result<RowPlan> {
    size.count(Part::Row)?;
    let mut kinds = Vec::new();
    for kind in KINDS {
        if !table.raw_get::<Value>(kind)?.is_nil() {
            kinds.push(kind);
        }
    }
    let mut fields = Fields::new("Row", table, "a row of the layout")?;
    let row = match kinds[..] {
        ["indicator"] => RowPlan::Indicator {
            indicator: fields.needed_text("indicator")?,
            beside: fields.text("beside")?,
            beside_words: fields.text("beside_words")?,
            number: match fields.value("number")? {
                Value::Nil => None,
                number => Some(words(&number)?),
            },
        },
        ["area"] => RowPlan::Narrative {
            area: fields.needed_text("area")?,
            text: size.text(fields.needed_text("text")?)?,
        },
        ["heading"] => RowPlan::Heading(size.text(fields.needed_text("heading")?)?),
        ["cells"] => RowPlan::Cells(cells(&mut fields, columns, size)?),
        ["spacer"] if fields.flag("spacer")? => RowPlan::Spacer,
        ["page_break"] if fields.flag("page_break")? => RowPlan::PageBreak,
        ["block"] if blocks => {
            RowPlan::Block(tables(&mut fields, "block", |table| row(table, columns, false, size))?)
        }
        ["block"] => return Err(complain("a block cannot stand inside a block")),
        ["side_by_side"] => {
            let rows =
                tables(&mut fields, "side_by_side", |table| row(table, columns, false, size))?;
            match rows.split_last() {
                Some((RowPlan::Chart(_), cells))
                    if cells.iter().all(|row| matches!(row, RowPlan::Cells(_))) => {}
                _ => {
                    return Err(complain_with(
                        "`side_by_side` takes rows of cells and behind them one chart",
                        "side_by_side = { { cells = { \"Target\", \"90%\" } }, { trend = \
                         \"cla_n\" } }",
                    ));
                }
            }
            RowPlan::SideBySide(rows)
        }
        ["trend"] => {
            let code = fields.needed_text("trend")?;
            let periods = match fields.value("periods")? {
                Value::Nil => Vec::new(),
                Value::Table(all) => in_order("periods", &all, |one| {
                    period(&one).ok_or_else(|| fields.wrong("periods", "a table of periods", &one))
                })?,
                other => return Err(fields.wrong("periods", "a table of periods", &other)),
            };
            RowPlan::Chart(chart(&mut fields, Drawn::Trend(code, periods), size)?)
        }
        ["bars"] => {
            let codes = fields.texts("bars")?;
            if codes.is_empty() {
                return Err(complain_with(
                    "`bars` names no indicator",
                    "bars = { \"foster_pct\", \"homes_pct\" }",
                ));
            }
            RowPlan::Chart(chart(&mut fields, Drawn::Bars(codes), size)?)
        }
        _ => {
            return Err(complain_with(
                "a row of the layout is of no known kind",
                format!("a row has one of {}, as in {{ indicator = \"cla_n\" }}", KINDS.join(", ")),
            ));
        }
    };
    fields.finish()?;
    Ok(row)
}

fn chart(fields: &mut Fields, of: Drawn, size: &Size) -> mlua::Result<ChartPlan> {
    size.count(Part::Chart)?;
    let areas = fields.texts("areas")?;
    Ok(ChartPlan {
        title: fields.text("title")?,
        beside: areas
            .iter()
            .map(|name| another(name).map(Whose::of))
            .collect::<mlua::Result<_>>()?,
        target: fields.flag("target")?,
        limits: fields.flag("limits")?,
        upright: fields.flag("upright")?,
        of,
    })
}

/// The looks that rows and cells can have.
const STYLES: [(&str, Style); 11] = [
    ("head", Style::HeadText),
    ("figure_head", Style::HeadFigure),
    ("section", Style::Section),
    ("area", Style::Area),
    ("name", Style::Name),
    ("text", Style::Text),
    ("figure", Style::Figure),
    ("total", Style::Total),
    ("total_figure", Style::TotalFigure),
    ("subtitle", Style::Subtitle),
    ("plain", Style::Purpose),
];

fn style(fields: &mut Fields) -> mlua::Result<Option<Style>> {
    let Some(name) = fields.text("style")? else { return Ok(None) };
    let names = || STYLES.iter().map(|(name, _)| *name);
    STYLES.iter().find(|(known, _)| *known == name).map(|(_, style)| Some(*style)).ok_or_else(
        || {
            complain_with(
                format!("there is no style `{name}`{}", did_you_mean(&name, names())),
                format!("styles are {}", names().collect::<Vec<_>>().join(", ")),
            )
        },
    )
}

fn cells(fields: &mut Fields, columns: usize, size: &Size) -> mlua::Result<Vec<CellPlan>> {
    let row_style = style(fields)?;
    let Value::Table(table) = fields.value("cells")? else {
        return Err(complain("`cells` must be a table of cells"));
    };
    let cells: Vec<CellPlan> = table
        .sequence_values::<Value>()
        .map(|value| cell(value?, row_style, size))
        .collect::<mlua::Result<_>>()?;
    // A blank in the middle would cut the row off without a word.
    if without_names("cells", &table)? != cells.len() {
        return Err(complain_with("a cell of the row is nothing", "write \"\" for an empty cell"));
    }
    if cells.iter().map(|cell| usize::from(cell.span)).sum::<usize>() > columns {
        return Err(complain_with(
            "a row has more cells than the sheet has columns",
            "a cell covers one column, or as many as its `span` says",
        ));
    }
    Ok(cells)
}

fn cell(value: Value, row_style: Option<Style>, size: &Size) -> mlua::Result<CellPlan> {
    size.count(Part::Cell)?;
    let Value::Table(table) = value else {
        let says = Says::Text(vec![Run { text: size.text(words(&value)?)?, bold: false }]);
        return Ok(CellPlan { says, span: 1, style: row_style });
    };
    let mut fields = Fields::new("Cell", table, "a cell of the layout")?;
    let style = style(&mut fields)?.or(row_style);
    let span = fields.number("span")?.unwrap_or(1.0);
    if !(1.0..=1000.0).contains(&span) || span.fract() != 0.0 {
        return Err(complain("a cell's span must be a number of columns"));
    }
    let bold = fields.flag("bold")?;
    let shown = show(&mut fields)?;
    let says = match (fields.text("indicator")?, fields.value("text")?) {
        (Some(code), Value::Nil) => Says::Of(code, shown.unwrap_or(Show::Figure(Whose::Own, None))),
        (None, Value::Table(runs)) if shown.is_none() => {
            Says::Text(in_order("text", &runs, |one| run(one, size))?)
        }
        (None, text) if shown.is_none() && !text.is_nil() => {
            Says::Text(vec![Run { text: size.text(words(&text)?)?, bold }])
        }
        _ => {
            return Err(complain_with(
                "a cell of the layout has to have a text, or an indicator",
                "cells are \"…\", { text = \"…\" } or { indicator = \"cla_n\", show = \"value\" }",
            ));
        }
    };
    fields.finish()?;
    Ok(CellPlan { says, span: span as u16, style })
}

fn run(value: Value, size: &Size) -> mlua::Result<Run> {
    let Value::Table(table) = value else {
        return Ok(Run { text: size.text(words(&value)?)?, bold: false });
    };
    let text = size.text(words(&table.raw_get(1)?)?)?;
    let mut fields = Fields::new("Piece", table, "a piece of a cell's text")?;
    let bold = fields.flag("bold")?;
    fields.finish()?;
    Ok(Run { text, bold })
}

/// A text, or a number as one.
fn words(value: &Value) -> mlua::Result<String> {
    match value {
        Value::String(text) => Ok(without_noise(&text.to_str()?)),
        Value::Integer(n) => Ok(n.to_string()),
        Value::Number(n) => Ok(plain_number(round_noise(*n))),
        other => Err(complain_with(
            format!("a cell of the layout must be a text, not {}", described(other)),
            "cells are \"…\", { text = \"…\" } or { indicator = \"cla_n\", show = \"value\" }",
        )),
    }
}
