//! A sheet as a document: headings, texts and tables, without the printed page's rows, pages and
//! merged cells. Every edition but the committee's is written from this.

use std::borrow::Cow;

use crate::nouns::report::{Cell, Chart, Content, Row, RowKind, Sheet, Style};
use crate::nouns::unit::Unit;

/// A sheet's title, and what follows.
pub struct Outline<'r> {
    /// Its title.
    pub title: Cow<'r, str>,
    /// The rest, in order.
    pub parts: Vec<Part<'r>>,
}

/// A piece of a sheet.
pub enum Part<'r> {
    /// A heading over what follows.
    Heading(Cow<'r, str>),
    /// A text. A sign is of use only where the figures are printed as on the committee's page.
    Text {
        /// What it says.
        content: &'r Content,
        /// Whether it explains a sign of the printed page.
        sign: bool,
    },
    /// A table.
    Table(Table<'r>),
}

/// A table: its lines stand under its headings cell for cell.
#[derive(Default)]
pub struct Table<'r> {
    /// The headings; none where the first cell of each line says what it is.
    pub head: &'r [Cell],
    /// Its lines.
    pub lines: Vec<Line<'r>>,
    /// A chart of it.
    pub chart: Option<&'r Chart>,
    /// Whether a table with other headings stands under the same heading before it: what this one
    /// is about, only its own headings say.
    pub another: bool,
    /// Whether it stands at the left of another: each line is a name and what is printed of it.
    pub aside: bool,
}

/// A line of a table.
#[derive(Clone)]
pub enum Line<'r> {
    /// A heading over the lines that follow.
    Section(Cow<'r, str>),
    /// Cells, the unit of its figures where they have one in common, and the sheet's row, from 0.
    Cells(Option<Unit>, Vec<Cell>, u32),
    /// Commentary on the line before.
    Commentary(Cell),
    /// An area and paragraphs about it.
    Narrative(Cow<'r, str>, Vec<Cow<'r, str>>),
}

/// The outline of a sheet.
pub fn outline(sheet: &Sheet) -> Outline<'_> {
    let mut outline = Outline { title: "".into(), parts: Vec::new() };
    // The headings of the sheet's own columns, to which rows of indicators come back.
    let mut columns: &[Cell] = &[];
    let mut open = false;
    for row in read(sheet) {
        let index = row.at;
        let text = || row.cells.first().map_or("".into(), |cell| cell.content.printed());
        match row.kind {
            RowKind::Spacer | RowKind::Over => open = false,
            RowKind::Text if index == 0 => outline.title = text(),
            RowKind::Text if row.cells.iter().any(|c| c.style == Style::Subtitle) && index != 1 => {
                outline.parts.push(Part::Heading(text()));
            }
            RowKind::Text | RowKind::Sign => {
                let sign = row.kind == RowKind::Sign;
                outline.parts.extend(
                    row.cells.first().map(|cell| Part::Text { content: &cell.content, sign }),
                );
                open = false;
            }
            RowKind::Head => {
                if sheet.head == Some(index) {
                    columns = row.cells;
                }
                let (head, aside) = (row.cells, row.aside);
                outline.parts.push(Part::Table(Table { head, aside, ..Table::default() }));
                open = true;
            }
            RowKind::Section => {
                match outline.table().filter(|table| open && std::ptr::eq(table.head, columns)) {
                    Some(table) => table.lines.push(Line::Section(text())),
                    None => {
                        outline.parts.push(Part::Heading(text()));
                        open = false;
                    }
                }
            }
            RowKind::Continued => outline.go_on(&row),
            RowKind::Commentary => {
                let said = row.cells.first().cloned().map(Line::Commentary);
                outline.table().into_iter().for_each(|table| table.lines.extend(said.clone()));
            }
            RowKind::Indicator(_) | RowKind::Narrative | RowKind::Cells | RowKind::Point(_) => {
                let of_columns = matches!(row.kind, RowKind::Indicator(_) | RowKind::Narrative);
                let head = if of_columns { columns } else { &[] };
                let fits = outline.table().is_some_and(|table| match of_columns {
                    true => std::ptr::eq(table.head, columns),
                    false => table.head.is_empty() || under(row.cells, table.head),
                });
                if !open || !fits {
                    outline.parts.push(Part::Table(Table { head, ..Table::default() }));
                    open = true;
                }
                if let Some(table) = outline.table() {
                    table.put(&row, index);
                    let chart = sheet.charts.iter().find(|chart| begins(&row, chart));
                    table.chart = chart.or(table.chart);
                }
            }
        }
    }
    // Headings over nothing are no table.
    outline.parts.retain(|part| !matches!(part, Part::Table(table) if table.lines.is_empty()));
    outline.tell_apart();
    outline
}

/// What headings say, those that say something.
fn said(head: &[Cell]) -> Vec<String> {
    let texts = head.iter().map(|cell| words_only(&cell.content.printed()));
    let lines = texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|text| !text.is_empty()).collect()
}

/// A row as it is read: of one that stands beside another, its own part.
struct Read<'r> {
    /// The sheet's row, from 0.
    at: u32,
    kind: RowKind,
    cells: &'r [Cell],
    /// Whether it stands at the left of another.
    aside: bool,
}

/// The rows in the order in which they are read: what stands at the left of a chart's table comes
/// before it.
fn read(sheet: &Sheet) -> Vec<Read<'_>> {
    let mut rows = Vec::new();
    let numbered: Vec<(u32, &Row)> = (0..).zip(&sheet.rows).collect();
    for beside in numbered.chunk_by(|one, next| (one.1.aside > 0) == (next.1.aside > 0)) {
        let aside = beside.iter().filter(|(_, row)| row.aside > 0);
        rows.extend(aside.map(|(at, row)| of_aside(*at, &row.cells[..row.aside])));
        let own = beside.iter().filter(|(_, row)| row.aside == 0 || row.aside < row.cells.len());
        rows.extend(own.map(|(at, row)| Read {
            at: *at,
            kind: row.kind,
            cells: &row.cells[row.aside..],
            aside: false,
        }));
    }
    rows
}

fn of_aside(at: u32, cells: &[Cell]) -> Read<'_> {
    let heads = cells.iter().all(|c| matches!(c.style, Style::HeadText | Style::HeadFigure));
    Read { at, kind: if heads { RowKind::Head } else { RowKind::Cells }, cells, aside: true }
}

/// Whether the points of a chart begin in a row.
fn begins(row: &Read, chart: &Chart) -> bool {
    chart.rows.0 == row.at && row.cells.iter().any(|cell| cell.column == chart.names)
}

/// Whether each cell stands under a heading that is as wide.
fn under(cells: &[Cell], head: &[Cell]) -> bool {
    cells
        .iter()
        .all(|cell| head.iter().any(|head| (head.column, head.span) == (cell.column, cell.span)))
}

impl<'r> Outline<'r> {
    fn table(&mut self) -> Option<&mut Table<'r>> {
        match self.parts.last_mut() {
            Some(Part::Table(table)) => Some(table),
            _ => None,
        }
    }

    /// Finds the tables that their heading does not speak of: it speaks of the first below it.
    fn tell_apart(&mut self) {
        let mut first: Option<Vec<String>> = None;
        for part in &mut self.parts {
            match part {
                Part::Heading(_) => first = None,
                Part::Table(table) if table.chart.is_none() && !table.head.is_empty() => {
                    let head = said(table.head);
                    table.another = first.as_ref().is_some_and(|first| *first != head);
                    first.get_or_insert(head);
                }
                Part::Table(_) | Part::Text { .. } => {}
            }
        }
    }

    /// Puts what the row above had no room for back to the rest.
    fn go_on(&mut self, row: &Read<'r>) {
        match self.table().and_then(|table| table.lines.last_mut()) {
            Some(Line::Commentary(cell)) => {
                row.cells.first().into_iter().for_each(|more| join(cell, more));
            }
            Some(Line::Cells(_, cells, _)) => {
                cells.iter_mut().zip(row.cells).for_each(|(cell, more)| join(cell, more))
            }
            Some(Line::Narrative(_, paragraphs)) => {
                if let (Some(last), Some(more)) = (paragraphs.last_mut(), row.cells.last()) {
                    *last = format!("{last} {}", more.content.printed()).into();
                }
            }
            None => {
                let texts =
                    row.cells.iter().map(|cell| Part::Text { content: &cell.content, sign: false });
                self.parts.extend(texts);
            }
            Some(Line::Section(_)) => {}
        }
    }
}

/// A text and its second part: where a sentence ended, most likely a paragraph did.
fn join(cell: &mut Cell, more: &Cell) {
    match (&mut cell.content, &more.content) {
        (Content::Text(text), Content::Text(more)) => {
            text.push_str(if text.ends_with(['.', '!', '?', ':', ';']) { "\n" } else { " " });
            text.push_str(more);
        }
        (Content::Rich(runs), Content::Rich(more)) => {
            if let Some(last) = runs.last_mut() {
                last.text.push(' ');
            }
            runs.extend(more.iter().cloned());
        }
        _ => {}
    }
}

impl<'r> Table<'r> {
    /// What its headings say that it is about, where the heading over it does not.
    pub fn own_title(&self) -> Option<String> {
        self.another.then(|| said(self.head).join(", "))
    }

    fn put(&mut self, row: &Read<'r>, index: u32) {
        match row.kind {
            RowKind::Narrative => {
                for cell in row.cells.iter().filter(|cell| cell.content != Content::Blank) {
                    let text = cell.content.printed();
                    match (cell.style, self.lines.last_mut()) {
                        (Style::Area | Style::Section, _) | (_, None) => {
                            self.lines.push(Line::Narrative(text, Vec::new()));
                        }
                        (_, Some(Line::Narrative(_, paragraphs))) => paragraphs.push(text),
                        (_, Some(_)) => {}
                    }
                }
            }
            RowKind::Indicator(unit) | RowKind::Point(unit) => {
                self.lines.push(Line::Cells(Some(unit), row.cells.to_vec(), index));
            }
            _ => self.lines.push(Line::Cells(None, row.cells.to_vec(), index)),
        }
    }
}

/// The signs that stand before words on the printed page: arrows and bullets.
const SIGNS: [char; 6] = ['▲', '▼', '►', '↑', '↓', '●'];

/// A text in words only: what stands in it to line texts up on paper is left out as well.
pub fn words_only(text: &str) -> String {
    let mut words = String::new();
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        if SIGNS.contains(&c) {
            letters.next_if_eq(&' ');
        } else if c != ' ' || !words.ends_with(' ') {
            words.push(c);
        }
    }
    words
}

/// Whether a character is one of these signs.
pub fn is_sign(c: char) -> bool {
    SIGNS.contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nouns::report::{MadeOf, Page};

    fn row(kind: RowKind, aside: usize, cells: &[(Style, &str)]) -> Row {
        let cells = (0..).zip(cells).map(|(column, (style, text))| Cell {
            column,
            span: 1,
            style: *style,
            content: Content::text(text),
            made_of: MadeOf::Words,
        });
        Row { kind, height: 12.0, cells: cells.collect(), aside }
    }

    #[test]
    fn what_stands_at_the_left_of_a_table_is_read_before_it() {
        let (head, name, figure) = (Style::HeadText, Style::Name, Style::Figure);
        let point = RowKind::Point(Unit::Percentage);
        let (item, year) = ((head, "Item"), (head, "Period"));
        let sheet = Sheet {
            name: "Measures".to_string(),
            columns: vec![10.0; 4],
            rows: vec![
                row(RowKind::Text, 0, &[(Style::Title, "Measures")]),
                row(RowKind::Head, 2, &[item, (head, "Figure"), year, (head, "Council")]),
                row(point, 2, &[(name, "Target"), (figure, "9"), (name, "2025"), (figure, "7")]),
                row(RowKind::Cells, 2, &[(name, "England"), (figure, "8")]),
            ],
            head: None,
            below: None,
            charts: Vec::new(),
            page: Page::default(),
            notes: false,
            in_a_table: None,
        };
        let outline = outline(&sheet);
        let tables = outline.parts.iter().filter_map(|part| match part {
            Part::Table(table) => Some(table),
            _ => None,
        });
        let told: Vec<(String, Vec<u32>)> = tables
            .map(|table| {
                let lines = table.lines.iter().filter_map(|line| match line {
                    Line::Cells(_, _, at) => Some(*at),
                    _ => None,
                });
                (table.head[0].content.printed().into_owned(), lines.collect())
            })
            .collect();
        assert_eq!(told, [("Item".to_string(), vec![2, 3]), ("Period".to_string(), vec![2])]);
    }
}
