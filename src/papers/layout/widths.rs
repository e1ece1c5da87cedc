//! How wide columns are: none so narrow that a word breaks; as wide as the layout asks or as their
//! texts need; and where that is more than a page holds, so that the rows take the fewest lines.

use super::breaks::PAGE_PIXELS;
use super::metrics::{
    Measured, characters_for, column_pixels, longest_word_pixels, text_pixels, usable_pixels,
};
use crate::nouns::report::Style;

/// A column of figures grows no wider than this, in characters.
pub const WIDEST_FIGURE: f64 = 22.0;
/// What a cell's line more is worth where its row is as high anyway, as a share of a row's.
const OF_A_LINE: f64 = 1.0 / 4.0;
/// The pixels of a character of a column's width, and those of its edges.
const CHARACTER_PIXELS: f64 = 7.0;
const EDGES_PIXELS: f64 = 5.0;
/// Room is given and taken in these steps, in characters.
const STEP: f64 = 0.5;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The names of the rows.
    Names,
    /// Sentences, which are expected to wrap.
    Sentences,
    /// Figures, or words in the place of figures.
    Figures,
    /// Something else.
    Other,
}

/// A column whose width is to be found.
pub struct Column {
    asked: f64,
    holds: Holds,
    /// The least width in which no word breaks.
    least: f64,
    /// The width in which every cell stands in one line.
    one_line: f64,
    /// Its heading and its cells, row by row.
    cells: Vec<(Measured, Style)>,
}

impl Column {
    /// A column for which a layout asks this width, its heading, and its cells.
    pub fn of(
        asked: f64,
        holds: Holds,
        heading: (Style, &str),
        cells: &[(Style, String)],
    ) -> Column {
        let word =
            |style: Style, text: &str| characters_for(longest_word_pixels(text, style), style);
        let words = cells.iter().map(|(style, text)| word(*style, text));
        // A long word of a text may break.
        let most = usable_pixels(&[asked.max(WIDEST_FIGURE)], Style::Figure);
        let most = characters_for(most, Style::Figure);
        let lines = cells.iter().flat_map(|(style, text)| {
            text.split('\n').map(|line| characters_for(text_pixels(line, *style), *style))
        });
        let longest = lines.fold(0.0, f64::max);
        let one_line = match holds {
            Holds::Names => longest,
            Holds::Figures => longest.min(most),
            Holds::Sentences | Holds::Other => asked,
        };
        let measured = cells.iter().map(|(style, text)| (Measured::of(text, *style), *style));
        let heading_measured = (Measured::of(heading.1, heading.0), heading.0);
        Column {
            asked,
            holds,
            least: words.fold(word(heading.0, heading.1), f64::max).min(most),
            one_line,
            cells: std::iter::once(heading_measured).chain(measured).collect(),
        }
    }

    /// The lines that each row takes in a column of this width.
    fn lines(&self, width: f64) -> Vec<usize> {
        let cells = self.cells.iter();
        cells.map(|(text, style)| text.lines(usable_pixels(&[width], *style))).collect()
    }
}

/// The widths of columns that share so much room. Where the page has more, they take of it what
/// their texts need and no more.
pub fn widths(columns: &[Column], room: f64) -> Vec<f64> {
    let wanted = |column: &Column| column.asked.max(column.one_line).max(column.least);
    let mut widths: Vec<f64> = columns.iter().map(wanted).collect();
    let page = (PAGE_PIXELS - EDGES_PIXELS * columns.len() as f64) / CHARACTER_PIXELS;
    let mut over = widths.iter().sum::<f64>() - room.max(page);
    take_spare(columns, &mut widths, &mut over);
    take_where_fewest_lines_come(columns, &mut widths, &mut over);
    let free = room - widths.iter().sum::<f64>();
    give(columns, &mut widths, free);
    widths
}

/// Takes from the columns that have most more than their texts need, until no more is taken than
/// there is room for.
fn take_spare(columns: &[Column], widths: &mut [f64], over: &mut f64) {
    while *over > 0.0 {
        let spare = |at: &usize| widths[*at] - columns[*at].one_line.max(columns[*at].least);
        let most = (0..widths.len()).max_by(|a, b| spare(a).total_cmp(&spare(b)));
        let Some(at) = most.filter(|at| spare(at) >= STEP) else { break };
        widths[at] -= STEP;
        *over -= STEP;
    }
}

/// A column made narrower.
struct Cut {
    at: usize,
    steps: usize,
    /// How many lines more its rows take, for each character that it gives.
    price: f64,
    /// How much wider than asked it still is.
    beyond: f64,
}

/// Takes, again and again, from the column whose narrowing costs the rows the fewest lines.
fn take_where_fewest_lines_come(columns: &[Column], widths: &mut [f64], over: &mut f64) {
    if *over <= 0.0 {
        return;
    }
    // The lines of each column's rows when it is narrowed by so many steps.
    let narrowed: Vec<Vec<Vec<usize>>> = (columns.iter().zip(widths.iter()))
        .map(|(column, width)| {
            let steps = ((width - column.least).min(*over + STEP) / STEP).floor().max(0.0) as usize;
            (0..=steps).map(|step| column.lines(width - step as f64 * STEP)).collect()
        })
        .collect();
    let mut taken = vec![0; columns.len()];
    while *over > 0.0 {
        let cuts = (0..columns.len()).filter_map(|at| {
            let others = others(&narrowed, &taken, at);
            let now = &narrowed[at][taken[at]];
            let beyond = widths[at] - columns[at].asked;
            let most = (*over / STEP).ceil() as usize;
            let steps = 1..=most.min(narrowed[at].len() - 1 - taken[at]);
            let cuts = steps.map(|steps| {
                let (then, freed) = (&narrowed[at][taken[at] + steps], steps as f64 * STEP);
                let price = more_lines(&others, now, then) / freed;
                Cut { at, steps, price, beyond: beyond - freed }
            });
            cuts.min_by(dearer)
        });
        let Some(cut) = cuts.min_by(dearer) else { break };
        taken[cut.at] += cut.steps;
        widths[cut.at] -= cut.steps as f64 * STEP;
        *over -= cut.steps as f64 * STEP;
    }
}

/// How many lines more rows take when a column's cells go from so many lines to so many, beside
/// those of the other columns.
fn more_lines(others: &[usize], now: &[usize], then: &[usize]) -> f64 {
    let rows = others.iter().zip(now).zip(then);
    rows.map(|((other, now), then)| {
        let of_the_row = then.max(other).saturating_sub(*now.max(other)) as f64;
        of_the_row + then.saturating_sub(*now) as f64 * OF_A_LINE
    })
    .sum()
}

/// Which of two cuts costs more lines for its room; of equal ones, which leaves its column narrower
/// beside what was asked.
fn dearer(one: &Cut, other: &Cut) -> std::cmp::Ordering {
    one.price.total_cmp(&other.price).then(other.beyond.total_cmp(&one.beyond))
}

/// The lines that the rows take in all columns but one.
fn others(narrowed: &[Vec<Vec<usize>>], taken: &[usize], but: usize) -> Vec<usize> {
    let mut most = vec![1; narrowed[but][0].len()];
    for (at, column) in narrowed.iter().enumerate().filter(|(at, _)| *at != but) {
        for (most, lines) in most.iter_mut().zip(&column[taken[at]]) {
            *most = (*most).max(*lines);
        }
    }
    most
}

/// Gives room that is left to sentences, else to the narrowest figures, else to the names.
fn give(columns: &[Column], widths: &mut [f64], mut free: f64) {
    let holding = |what: Holds| columns.iter().position(|column| column.holds == what);
    while free >= STEP {
        let narrowest = narrowest_figures(columns, widths);
        let to = holding(Holds::Sentences).or(narrowest).or(holding(Holds::Names));
        let Some(at) = to else { break };
        widths[at] += STEP;
        free -= STEP;
    }
}

/// The narrowest of the columns of figures that may grow.
fn narrowest_figures(columns: &[Column], widths: &[f64]) -> Option<usize> {
    (0..widths.len())
        .filter(|at| columns[*at].holds == Holds::Figures && widths[*at] < WIDEST_FIGURE)
        .min_by(|a, b| widths[*a].total_cmp(&widths[*b]))
}

/// The pixels of columns of these widths.
pub fn pixels(widths: &[f64]) -> f64 {
    widths.iter().map(|width| column_pixels(*width)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(asked: f64, holds: Holds, heading: &str, cells: &[&str]) -> Column {
        let style = if holds == Holds::Names { Style::Name } else { Style::Figure };
        let cells: Vec<(Style, String)> =
            cells.iter().map(|text| (style, text.to_string())).collect();
        Column::of(asked, holds, (Style::HeadFigure, heading), &cells)
    }

    fn lines(columns: &[Column], widths: &[f64]) -> Vec<usize> {
        let each: Vec<Vec<usize>> =
            columns.iter().zip(widths).map(|(column, width)| column.lines(*width)).collect();
        (1..each[0].len()).map(|row| each.iter().map(|rows| rows[row]).max().unwrap_or(1)).collect()
    }

    /// Two measures with so many wide columns of figures, and a narrow one of words.
    fn chances_of(figures: usize) -> Vec<Column> {
        let names = ["Visits on time", "Children in care"];
        let mut columns = vec![column(30.0, Holds::Names, "Measure", &names)];
        for _ in 0..figures {
            columns.push(column(22.0, Holds::Figures, "2026/27 Q2", &["92.0%", "413"]));
        }
        let words = ["Within normal variation"; 2];
        columns.push(column(11.0, Holds::Figures, "Chance?", &words));
        columns
    }

    #[test]
    fn words_that_wrap_get_room_of_the_page_and_then_of_wide_columns() {
        // The page has room beside a small table; the figures of a large one need less than asked.
        for (measures, room) in [(1, 63.0), (4, 129.0)] {
            let columns = chances_of(measures);
            let widths = widths(&columns, room);
            assert_eq!(lines(&columns, &widths), [1, 1], "{widths:?}");
            assert!(pixels(&widths) <= PAGE_PIXELS, "{widths:?}");
        }
    }

    #[test]
    fn one_long_name_wraps_before_the_words_of_every_row_do() {
        let long = "Care leavers in education, employment or training, ages 19 to 21";
        let mut columns = vec![
            column(30.0, Holds::Names, "Measure", &["Visits on time", long, "Children in care"]),
            column(10.0, Holds::Figures, "Direction", &["Within normal variation"; 3]),
        ];
        for _ in 0..5 {
            columns.push(column(9.0, Holds::Figures, "Others", &["92.0% (2024/25)"; 3]));
        }
        let widths = widths(&columns, 85.0);
        assert_eq!(lines(&columns, &widths), [1, 2, 1], "{widths:?}");
    }

    #[test]
    fn what_is_asked_for_stands_where_it_is_enough() {
        let columns = [
            column(40.0, Holds::Names, "Measure", &["Visits on time"]),
            column(12.0, Holds::Figures, "2026/27 Q2", &["92.0%"]),
        ];
        assert_eq!(widths(&columns, 52.0), [40.0, 12.0]);
        // Room that is left goes to the figures.
        assert_eq!(widths(&columns, 54.0), [40.0, 14.0]);
    }

    #[test]
    fn no_word_is_broken_where_there_is_too_little_room() {
        let heading = "Unaccompanied";
        let columns: Vec<Column> =
            (0..12).map(|_| column(8.0, Holds::Figures, heading, &["92.0%"])).collect();
        let widths = widths(&columns, 96.0);
        assert!(columns.iter().zip(&widths).all(|(column, width)| *width >= column.least));
    }
}
