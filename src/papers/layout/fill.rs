//! Filling a plan with what is shown.

use std::collections::{HashMap, HashSet};

use super::breaks::scale;
use super::builder::{Builder, POINTS_A_PIXEL, SPACER_POINTS, page};
use super::cells::{CellMaker, Pair};
use super::columns::{Fitted, fitted};
use super::{cells, charts, notes};
use crate::figures::suppress::{Shown, ShownFigures};
use crate::nouns::area::Areas;
use crate::nouns::figure::Symbol;
use crate::nouns::house::{HouseStyle, Logo};
use crate::nouns::plan::{CellPlan, ChartPlan, Drawn, RowPlan, Says, SheetPlan};
use crate::nouns::problem::{Place, Problem, Problems};
use crate::nouns::report::{Cell, Content, MadeOf, Properties, Report, RowKind, Run, Sheet, Style};
use crate::nouns::show::{Show, Whose};

/// What stands where no figure was supplied. The notes sheet explains it.
pub const NO_FIGURE: &str = "–";
/// A sheet that prints smaller than this is hard to read.
const SMALLEST_PRINT: f64 = 0.85;

/// Room between the logo and the table.
const LOGO_AIR_POINTS: f64 = 6.0;

/// The texts of a report: commentary by indicator code.
#[derive(Debug, Default)]
pub struct Texts {
    /// What is said of an indicator; drafts are marked.
    pub commentary: HashMap<String, String>,
    /// The indicators of which a draft is said: no officer confirmed it.
    pub drafts: HashSet<String>,
}

/// Whose report it is.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'f> {
    /// What areas are called: the report is the council's.
    pub areas: &'f Areas,
    /// What the report is about.
    pub subject: &'f str,
    /// Where the layout was declared.
    pub place: &'f Place,
    /// How its papers look.
    pub house: &'f HouseStyle,
}

/// Makes the report of the sheets that a layout plans, and says what is wrong with them.
pub fn fill(
    plans: &[SheetPlan],
    shown: &ShownFigures,
    texts: &Texts,
    frame: &Frame,
    problems: &mut Problems,
) -> Report {
    let title = plans.first().map_or(String::new(), |p| p.title.clone());
    let mut listed: Vec<String> = Vec::new();
    for code in plans.iter().flat_map(SheetPlan::indicators) {
        // A part means what its total means.
        let code = shown.indicators[code].part_of.as_deref().unwrap_or(code);
        if !listed.iter().any(|l| l == code) {
            listed.push(code.to_string());
        }
    }
    let maker = CellMaker { shown, texts };
    let fitted: Vec<Fitted> = plans.iter().map(|plan| fitted(plan, &maker)).collect();
    let mut sheets: Vec<Sheet> = Vec::new();
    for fitted in &fitted {
        let logo = frame.house.logo.as_ref().filter(|_| sheets.is_empty());
        sheets.push(sheet(fitted, &maker, frame, logo, problems));
    }
    if !fitted.is_empty() {
        let pages = sheets.iter().map(|sheet| sheet.page.starts.len()).sum();
        sheets.push(notes::sheet(&maker, frame, &listed, &fitted, pages));
    }
    let keywords =
        format!("{}; {}; performance; appendix", frame.areas.authority, shown.period.label());
    Report {
        properties: Properties {
            title,
            author: frame.areas.authority.clone(),
            subject: frame.subject.to_string(),
            keywords,
            created: shown.period.end,
            origin: None,
        },
        sheets,
        house: frame.house.clone(),
    }
}

/// Every figure that the plans print.
pub fn printed<'s>(fitted: &[Fitted], maker: &CellMaker<'s>) -> Vec<&'s Shown> {
    let mut printed = Vec::new();
    for plan in fitted.iter().map(|fitted| &fitted.plan) {
        for row in plan.all_rows() {
            match row {
                RowPlan::Indicator { indicator, beside, .. } => {
                    for code in std::iter::once(indicator).chain(beside) {
                        printed.extend(
                            plan.columns
                                .iter()
                                .filter_map(|column| maker.shown(&column.show, code)),
                        );
                    }
                }
                RowPlan::Cells(cells) => {
                    printed.extend(cells.iter().filter_map(|cell| match &cell.says {
                        Says::Of(code, show) => maker.shown(show, code),
                        Says::Text(_) => None,
                    }))
                }
                RowPlan::Chart(ChartPlan { of: Drawn::Trend(code, periods), beside, .. }) => {
                    for whose in std::iter::once(&Whose::Own).chain(beside) {
                        let points = periods.iter();
                        let shows = points.map(|at| Show::Figure(whose.clone(), Some(*at)));
                        printed.extend(shows.filter_map(|show| maker.shown(&show, code)));
                    }
                }
                _ => {}
            }
        }
    }
    printed
}

/// A sheet that is being filled.
struct Filling<'f> {
    builder: Builder,
    fitted: &'f Fitted,
    maker: &'f CellMaker<'f>,
    frame: &'f Frame<'f>,
    faults: Vec<String>,
}

/// What stands over the table, at the left of the logo where there is one, and as high as it. A
/// sheet that is too narrow for both has the logo below.
fn head_of_sheet(builder: &mut Builder, plan: &SheetPlan, logo: Option<&Logo>) {
    let (width, height) = logo.map_or((0.0, 0.0), Logo::printed);
    let height = height * POINTS_A_PIXEL;
    let beside = (1..builder.columns()).rev().find(|at| builder.pixels_from(*at) >= width);
    let span = beside.filter(|_| logo.is_some()).unwrap_or(builder.columns());
    let texts = [
        (Some(&plan.title), Style::Title),
        (plan.subtitle.as_ref(), Style::Subtitle),
        (plan.purpose.as_ref(), Style::Purpose),
    ];
    for (text, style) in texts {
        if let Some(text) = text {
            builder.over_columns(span as u16, text, style);
        }
    }
    let above = if span < builder.columns() { builder.points_from(0) } else { 0.0 };
    builder.room(f64::max(SPACER_POINTS, height + LOGO_AIR_POINTS - above));
}

fn sheet(
    fitted: &Fitted,
    maker: &CellMaker,
    frame: &Frame,
    logo: Option<&Logo>,
    problems: &mut Problems,
) -> Sheet {
    let plan = &fitted.plan;
    let mut builder = Builder::new(plan.columns.iter().map(|c| c.width).collect());
    head_of_sheet(&mut builder, plan, logo);
    let (mut head, mut first) = (None, 0);
    if plan.columns.iter().any(|c| c.heading.is_some()) {
        let over: Vec<Option<&str>> = plan.columns.iter().map(|c| c.over.as_deref()).collect();
        first = builder.next_row();
        builder.over(&over);
        head = Some(builder.next_row());
        let shows = plan.columns.iter().map(|column| &column.show);
        let cells = fitted.headings.iter().map(|(heading, _)| heading.clone()).zip(shows);
        builder.headings(
            cells.map(|(text, show)| (text, show.is_figure(), MadeOf::Heading(show.clone()))),
        );
    }
    let mut filling = Filling { builder, fitted, maker, frame, faults: Vec::new() };
    for row in &plan.rows {
        filling.row(row);
    }
    let Filling { mut builder, faults, .. } = filling;
    for fault in faults {
        let hint = "a chart draws what can be compared, and its table needs a column for each \
                    area, target and limit";
        problems.add(
            Problem::script(frame.place.clone(), format!("sheet {}: {fault}", plan.name))
                .hint(hint),
        );
    }
    let pixels = builder.pixels_from(0);
    if scale(pixels) < SMALLEST_PRINT {
        let percent = (scale(pixels) * 100.0).floor();
        let message = format!(
            "the columns of the sheet {} are {pixels} pixels wide together: it prints at \
             {percent}% of its size",
            plan.name
        );
        let hint = "1,026 pixels print at full size; a column has 7 for each character of its \
                    width, and 5 more";
        problems.add(Problem::warning(frame.place.clone(), message).hint(hint));
    }
    // What is not under the headings has no use for them on its pages.
    let repeated = head.filter(|head| builder.heads_every_page(*head)).map(|head| (first, head));
    let below = fitted.below.clone();
    Sheet { head, below, ..builder.finish(&plan.name, page(plan, repeated)) }
}

impl Filling<'_> {
    fn row(&mut self, row: &RowPlan) {
        match row {
            RowPlan::Heading(text) => self.builder.across(text, Style::Section, 0.0),
            RowPlan::Narrative { area, text } => self.narrative(area, text),
            RowPlan::Indicator { indicator, beside, beside_words, number } => {
                self.indicator(Pair {
                    code: indicator,
                    beside: beside.as_deref(),
                    words: beside_words.as_deref(),
                    number: number.as_deref(),
                });
            }
            RowPlan::Cells(cells) => self.cells(cells),
            RowPlan::Spacer => self.builder.spacer(),
            RowPlan::PageBreak => self.builder.pages.forced.push(self.builder.next_row()),
            RowPlan::Block(rows) => {
                let first = self.builder.next_row();
                for row in rows {
                    self.row(row);
                }
                self.builder.together(first);
            }
            RowPlan::Chart(chart) => {
                let first = self.builder.next_row();
                if let Err(fault) = charts::chart(&mut self.builder, chart, self.maker, self.frame)
                {
                    self.faults.push(fault);
                }
                self.builder.together(first);
            }
            RowPlan::SideBySide(rows) => {
                let first = self.builder.next_row();
                let cells = rows.iter().filter_map(|row| match row {
                    RowPlan::Cells(cells) => Some(self.cells_of(cells)),
                    _ => None,
                });
                self.builder.beside(cells.collect());
                for row in rows.iter().filter(|row| matches!(row, RowPlan::Chart(_))) {
                    self.row(row);
                }
                self.builder.no_longer_beside();
                self.builder.together(first);
            }
        }
    }

    /// An area's name, and a row for each paragraph: beside it, or below it across the table where
    /// commentary stands so too.
    fn narrative(&mut self, area: &str, text: &str) {
        if self.fitted.below.is_some() {
            return self.narrative_below(area, text);
        }
        let rest = self.fitted.plan.columns.len() as u16 - 1;
        let mut name = Content::Text(area.to_string());
        for paragraph in text.split('\n').map(str::trim).filter(|p| !p.is_empty()) {
            let name = std::mem::replace(&mut name, Content::Blank);
            let made_of = MadeOf::Narrative(area.to_string());
            let content = Content::typed(paragraph);
            let cells = vec![
                Cell {
                    column: 0,
                    span: 1,
                    style: Style::Area,
                    content: name,
                    made_of: made_of.clone(),
                },
                Cell { column: 1, span: rest, style: Style::Text, content, made_of },
            ];
            self.builder.push(RowKind::Narrative, cells, 0.0);
        }
    }

    fn narrative_below(&mut self, area: &str, text: &str) {
        let (span, first) = (self.fitted.plan.columns.len() as u16, self.builder.next_row());
        let paragraphs = text.split('\n').map(str::trim).filter(|p| !p.is_empty());
        let below = paragraphs.map(|paragraph| (Style::Text, paragraph));
        for (style, text) in std::iter::once((Style::Section, area)).chain(below) {
            let content = Content::typed(text);
            let made_of = MadeOf::Narrative(area.to_string());
            let cell = Cell { column: 0, span, style, content, made_of };
            self.builder.push(RowKind::Narrative, vec![cell], 0.0);
            if self.builder.next_row() == first + 2 {
                self.builder.together(first);
            }
        }
    }

    fn indicator(&mut self, pair: Pair) {
        let mut cells: Vec<Cell> = Vec::new();
        let columns = self.fitted.plan.columns.iter().zip(&self.fitted.headings);
        for (index, (column, (_, year))) in columns.enumerate() {
            if column.show == Show::Nothing {
                continue;
            }
            let (style, content) = self.maker.cell(&column.show, pair, year.as_deref());
            // A gap that has its own wording may lie over the empty cells behind it.
            if content == Content::Blank
                && matches!(column.show, Show::Figure(..))
                && let Some(last) = cells.last_mut()
                && usize::from(last.column + last.span) == index
                && is_wording(self.maker.shown, pair.code, &last.content)
            {
                last.span += 1;
                continue;
            }
            let content = or_dash(&column.show, style, content);
            let made_of = self.maker.made_of(&column.show, pair);
            cells.push(Cell { column: index as u16, span: 1, style, content, made_of });
        }
        let unit = self.maker.shown.indicators[pair.code].unit;
        let first = self.builder.next_row();
        self.builder.push(RowKind::Indicator(unit), cells, 0.0);
        if self.fitted.below.is_some() {
            self.commentary_below(pair, first);
        }
    }

    /// The commentary on the row above, across the table; both stay on one page.
    fn commentary_below(&mut self, pair: Pair, row: u32) {
        let (_, content) = self.maker.cell(&Show::Commentary, pair, None);
        if content == Content::Blank {
            return;
        }
        let (span, style) = (self.fitted.plan.columns.len() as u16, Style::Below);
        let made_of = self.maker.made_of(&Show::Commentary, pair);
        let cell = Cell { column: 0, span, style, content, made_of };
        self.builder.push(RowKind::Commentary, vec![cell], 0.0);
        self.builder.together(row);
    }

    /// The cells of a free row.
    fn cells_of(&self, plans: &[CellPlan]) -> Vec<Cell> {
        let mut column = 0;
        let mut cells = Vec::new();
        for plan in plans {
            let (style, content) = match &plan.says {
                Says::Text(runs) if runs.iter().all(|run| run.text.is_empty()) => {
                    (Style::Text, Content::Blank)
                }
                Says::Text(runs) => (Style::Text, said(runs)),
                Says::Of(code, show) => {
                    let pair = Pair { code, ..Pair::default() };
                    let (style, content) = self.maker.cell(show, pair, None);
                    (style, or_dash(show, style, content))
                }
            };
            let style = match (plan.style, style) {
                (_, status @ Style::Status(_)) => status,
                (Some(Style::Total), Style::Figure) => Style::TotalFigure,
                (Some(Style::HeadText), Style::Figure) => Style::HeadFigure,
                (given, own) => given.unwrap_or(own),
            };
            let made_of = match &plan.says {
                Says::Text(_) => MadeOf::Words,
                Says::Of(code, show) => self.maker.made_of(show, Pair { code, ..Pair::default() }),
            };
            cells.push(Cell { column, span: plan.span, style, content, made_of });
            column += plan.span;
        }
        cells
    }

    fn cells(&mut self, plans: &[CellPlan]) {
        let cells = self.cells_of(plans);
        let whole = |cell: &Cell| usize::from(cell.span) == self.builder.columns();
        let kind = match &cells[..] {
            [only] if only.style == Style::Section => RowKind::Section,
            [only] if whole(only) => RowKind::Text,
            all if all.iter().all(|c| matches!(c.style, Style::HeadText | Style::HeadFigure)) => {
                RowKind::Head
            }
            _ => RowKind::Cells,
        };
        self.builder.push(kind, cells, 0.0);
    }
}

/// Pieces of a text; what managers typed bold stays so in those that the layout does not set bold.
fn said(runs: &[Run]) -> Content {
    let typed = |run: &Run| if run.bold { vec![run.clone()] } else { Run::typed(&run.text) };
    let runs: Vec<Run> = runs.iter().flat_map(typed).collect();
    match runs.iter().any(|run| run.bold) {
        true => Content::Rich(runs),
        false => Content::Text(runs.iter().map(|run| run.text.as_str()).collect()),
    }
}

/// No figure where there might be one; nothing to tell where it takes a target or another figure.
fn or_dash(show: &Show, style: Style, content: Content) -> Content {
    let missing = matches!(
        show,
        Show::Figure(..) | Show::Numerator | Show::Denominator | Show::Running | Show::Share
    );
    match content {
        Content::Blank if style == Style::Figure => {
            cells::dash(if missing { Symbol::Unavailable } else { Symbol::NotApplicable })
        }
        content => content,
    }
}

fn is_wording(shown: &ShownFigures, code: &str, content: &Content) -> bool {
    let Content::Gap { wording: text, .. } = content else { return false };
    shown.of(code).any(|s| s.wording() == Some(text.as_str()))
}
