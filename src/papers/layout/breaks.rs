//! Where printed pages end: a heading does not stand alone at a page's foot, and a block is not
//! parted.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::nouns::report::{Row, Style};

/// What a printed page holds: A4 landscape between its margins, in points.
const PAGE_POINTS: f64 = 508.0;
/// Programs differ by so much in what a page holds: it is left free.
const DIFFERENCE_POINTS: f64 = 8.0;
/// What is counted on.
pub const PRINTED_POINTS: f64 = PAGE_POINTS - DIFFERENCE_POINTS;
/// The pixels that it holds across.
pub const PAGE_PIXELS: f64 = 1026.0;

/// What the rows ask of pages.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Rows that begin a page.
    pub forced: Vec<u32>,
    /// Rows that stay together where one page holds them; none lies in two.
    pub blocks: Vec<Range<u32>>,
}

/// By how much a sheet of so many pixels shrinks when it is printed one page wide.
pub fn scale(pixels: f64) -> f64 {
    (PAGE_PIXELS / pixels).min(1.0)
}

/// How rows lie on pages.
pub struct Paged {
    /// The rows that begin a page, the first among them. Each but the first has a break before it:
    /// programs differ in what a page holds, and would part what stays together.
    pub starts: Vec<u32>,
    /// The share of the last page that is used.
    pub last: f64,
    /// The share of the page of which least is used.
    pub least: f64,
}

impl Paged {
    /// Lays rows on pages, of each of which a share is used.
    pub fn of(
        rows: &[Row],
        repeated: Option<(u32, u32)>,
        wanted: &Wanted,
        scale: f64,
        share: f64,
    ) -> Paged {
        let page = PRINTED_POINTS / scale;
        let of_all =
            repeated.map_or(&[][..], |(first, last)| &rows[first as usize..=last as usize]);
        let repeated: f64 = of_all.iter().map(|row| row.height).sum();
        let wholes = undivided(rows, &wanted.blocks, page - repeated);
        let ends: HashSet<u32> = wanted.forced.iter().copied().collect();
        let (mut starts, mut used, mut least) = (vec![0], 0.0, f64::INFINITY);
        for ((index, row), whole) in (0..).zip(rows).zip(wholes) {
            let forced = ends.contains(&index) && index > 0;
            // Room without cells ends no page: what comes after it does.
            let full = used + whole > page * share && used > repeated && !row.cells.is_empty();
            if forced || full {
                starts.push(index);
                least = used.min(least);
                used = repeated;
            }
            used += row.height;
        }
        Paged { starts, last: used / page, least: used.min(least) / page }
    }
}

/// For each row the height of what it begins and what may not be parted from it. From the last row
/// up, since a heading goes with what stands below it, which may be a heading too.
fn undivided(rows: &[Row], blocks: &[Range<u32>], most: f64) -> Vec<f64> {
    let whole_blocks: HashMap<usize, f64> = blocks
        .iter()
        .map(|block| block.start as usize..block.end as usize)
        .filter(|block| !block.is_empty())
        .map(|block| (block.start, rows[block].iter().map(|row| row.height).sum::<f64>()))
        .filter(|(_, height)| *height <= most)
        .collect();
    let mut wholes = vec![0.0; rows.len()];
    for (index, row) in rows.iter().enumerate().rev() {
        if let Some(whole) = whole_blocks.get(&index) {
            wholes[index] = *whole;
            continue;
        }
        // A heading needs room for itself and for what it stands over.
        let heads = row.cells.first().is_some_and(|c| {
            matches!(
                c.style,
                Style::Section | Style::Subtitle | Style::HeadText | Style::HeadFigure
            )
        });
        let below = if heads { wholes.get(index + 1).copied().unwrap_or_default() } else { 0.0 };
        wholes[index] = if row.height + below <= most { row.height + below } else { row.height };
    }
    wholes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nouns::report::{Cell, Content, MadeOf, RowKind};

    fn row(height: f64, style: Style) -> Row {
        let cell =
            Cell { column: 0, span: 1, style, content: Content::Blank, made_of: MadeOf::Words };
        Row { kind: RowKind::Cells, height, cells: vec![cell], aside: 0 }
    }

    fn breaks(rows: &[Row], repeated: Option<(u32, u32)>, wanted: &Wanted, scale: f64) -> Vec<u32> {
        Paged::of(rows, repeated, wanted, scale, 1.0).starts[1..].to_vec()
    }

    fn rows(heights: &[f64]) -> Vec<Row> {
        heights.iter().map(|height| row(*height, Style::Text)).collect()
    }

    /// Rows that are kept together, from the first up to the end.
    fn blocks(blocks: &[(u32, u32)]) -> Wanted {
        let blocks = blocks.iter().map(|(first, end)| *first..*end).collect();
        Wanted { blocks, ..Wanted::default() }
    }

    #[test]
    fn a_block_goes_to_the_next_page_where_it_fits_on_one() {
        let heights = rows(&[320.0, 100.0, 100.0, 200.0]);
        assert_eq!(breaks(&heights, None, &Wanted::default(), 1.0), [2]);
        assert_eq!(breaks(&heights, None, &blocks(&[(1, 3)]), 1.0), [1]);
        assert_eq!(breaks(&heights, None, &blocks(&[(0, 1), (1, 2), (2, 4)]), 1.0), [2]);
        // It fits where it is, with what programs differ by, or because the sheet is shrunk.
        let just = |first| breaks(&rows(&[first, 100.0, 100.0]), None, &blocks(&[(1, 3)]), 1.0);
        assert_eq!(just(300.0), [] as [u32; 0]);
        assert_eq!(just(304.0), [1]);
        assert_eq!(breaks(&heights, None, &blocks(&[(1, 3)]), 0.9), [3]);
        // No page holds it: not with the row that every page repeats.
        let long = rows(&[100.0, 310.0, 200.0]);
        assert_eq!(breaks(&long, None, &blocks(&[(1, 3)]), 1.0), [2]);
        let heights = rows(&[20.0, 100.0, 310.0, 190.0]);
        assert_eq!(breaks(&heights, None, &blocks(&[(2, 4)]), 1.0), [2]);
        assert_eq!(breaks(&heights, Some((0, 0)), &blocks(&[(2, 4)]), 1.0), [3]);
    }

    #[test]
    fn a_heading_goes_with_the_block_below_it() {
        let mut rows = rows(&[300.0, 20.0, 20.0, 100.0, 100.0]);
        rows[1] = row(20.0, Style::Section);
        rows[2] = row(20.0, Style::HeadText);
        let wanted = Wanted { blocks: std::iter::once(3..5).collect(), ..Wanted::default() };
        assert_eq!(breaks(&rows, None, &wanted, 1.0), [1]);
        assert_eq!(breaks(&rows, None, &Wanted::default(), 1.0), [4]);
        rows[0].height = 400.0;
        assert_eq!(breaks(&rows, None, &Wanted::default(), 1.0), [1]);
    }

    #[test]
    fn room_that_a_page_just_does_not_hold_leaves_the_block_behind_it_a_break() {
        let mut rows = rows(&[400.0, 84.0, 6.0, 20.0, 20.0]);
        rows[2].cells.clear();
        let wanted = Wanted { blocks: std::iter::once(3..5).collect(), ..Wanted::default() };
        assert_eq!(breaks(&rows, None, &wanted, 1.0), [3]);
    }

    #[test]
    fn a_forced_break_begins_a_page_anew() {
        let wanted = Wanted { forced: vec![0, 2], blocks: std::iter::once(3..5).collect() };
        // 300 and 180 fit behind the break, so the block needs none of its own.
        assert_eq!(breaks(&rows(&[200.0, 200.0, 300.0, 90.0, 90.0]), None, &wanted, 1.0), [2]);
    }
}
