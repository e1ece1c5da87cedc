//! How wide text is and how many lines it takes: from the advance widths of Liberation Sans, which
//! are Arial's. Excel does not size rows that hold merged, wrapped text, so the height is worked
//! out here.

use std::sync::OnceLock;

use unicode_linebreak::{BreakOpportunity, linebreaks};

use crate::nouns::report::{Run, Style};

/// Points from line to line for each point of size. Printed, Arial takes 1.12 to 1.15; on Excel's
/// screen at 100% a line of 10 points takes 16 pixels, which are 12 points.
const LINE_SHARE: f64 = 1.2;
/// Pixels of a cell's width that its text cannot use: the edges, and each step of indent, which is
/// 14 pixels in LibreOffice and fewer in Excel.
const EDGE_PIXELS: f64 = 6.0;
const INDENT_PIXELS: f64 = 14.0;
/// Programs round a little differently: this share of the width is counted on.
const SAFE_SHARE: f64 = 0.995;

/// Characters that follow each other in a font: the first, and how wide each is.
type Stretch = (u32, &'static [u16]);

/// A font as its build script finds it: the units of its size, and its characters in order.
type Font = (u16, &'static [Stretch]);

// REGULAR and BOLD, of the fonts in `fonts/`: of a font nothing but its widths is needed.
include!(concat!(env!("OUT_DIR"), "/widths.rs"));

/// A font's advance widths in thousandths of its size.
struct Widths {
    /// The widths of the first 0x250 characters, looked up once: nearly all of any text.
    common: Vec<f64>,
    font: Font,
}

impl Widths {
    fn of(font: Font) -> Widths {
        let mut widths = Widths { common: Vec::new(), font };
        widths.common = (0..0x250).map(|c| widths.look_up(c)).collect();
        widths
    }

    fn look_up(&self, c: u32) -> f64 {
        let (em, stretches) = self.font;
        let before = stretches.partition_point(|(first, _)| *first <= c);
        let (first, advances) = before.checked_sub(1).map_or((0, &[][..]), |at| stretches[at]);
        // A character that the font lacks comes from another font; an em is wide enough for any.
        let advance = advances.get((c - first) as usize);
        advance.map_or(1000.0, |a| f64::from(*a) * 1000.0 / f64::from(em))
    }

    fn width(&self, c: char) -> f64 {
        self.common.get(c as usize).copied().unwrap_or_else(|| self.look_up(c.into()))
    }
}

fn widths(bold: bool) -> &'static Widths {
    static KEPT_REGULAR: OnceLock<Widths> = OnceLock::new();
    static KEPT_BOLD: OnceLock<Widths> = OnceLock::new();
    if bold {
        KEPT_BOLD.get_or_init(|| Widths::of(BOLD))
    } else {
        KEPT_REGULAR.get_or_init(|| Widths::of(REGULAR))
    }
}

/// Pixels that a column of so many characters has on screen, at Arial 10 (digits of 7 pixels).
pub fn column_pixels(characters: f64) -> f64 {
    (characters * 7.0 + 5.0).trunc()
}

/// The width that text of a style may use in a cell over these columns, in pixels.
pub fn usable_pixels(columns: &[f64], style: Style) -> f64 {
    let all: f64 = columns.iter().map(|c| column_pixels(*c)).sum();
    ((all - lost_pixels(style)) * safe_share(style)).max(1.0)
}

/// The share of a width that is counted on. A screen draws letters in whole pixels: 8 points are
/// 10.7 of them and drawn as 11, so that text is wider there than in print.
fn safe_share(style: Style) -> f64 {
    let pixels = style.font().0 * 96.0 / 72.0;
    SAFE_SHARE * (pixels / pixels.round()).min(1.0)
}

fn lost_pixels(style: Style) -> f64 {
    EDGE_PIXELS + INDENT_PIXELS * f64::from(style.indent())
}

/// The width, in characters, of a column in which text of so many pixels stands in one line.
pub fn characters_for(pixels: f64, style: Style) -> f64 {
    (((pixels / safe_share(style) + lost_pixels(style) - 4.0) / 7.0).max(1.0) * 10.0).ceil() / 10.0
}

/// The width of the longest word of a text, which no line can be narrower than.
pub fn longest_word_pixels(text: &str, style: Style) -> f64 {
    text_pixels(longest_word(text, style), style)
}

/// The word of a text that takes most room.
pub fn longest_word(text: &str, style: Style) -> &str {
    let all = words(text).map(str::trim_end);
    let width = |word: &&str| text_pixels(word, style);
    all.max_by(|a, b| width(a).total_cmp(&width(b))).unwrap_or_default()
}

/// The width of a text in one line, in pixels at 96 to the inch.
pub fn text_pixels(text: &str, style: Style) -> f64 {
    let (points, bold) = style.font();
    text.chars().map(|c| pixels(c, points, bold)).sum()
}

fn pixels(c: char, points: f64, bold: bool) -> f64 {
    widths(bold).width(c) * points * 96.0 / 72.0 / 1000.0
}

/// The lines that a text takes when it is wrapped greedily, as spreadsheets do.
pub fn lines(text: &str, style: Style, usable: f64) -> usize {
    let (points, bold) = style.font();
    wrapped(text, &mut text.chars().map(|c| pixels(c, points, bold)), usable)
}

/// The same of text with some words in bold.
pub fn lines_of_runs(runs: &[Run], style: Style, usable: f64) -> usize {
    let (points, bold) = style.font();
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    let mut widths = runs
        .iter()
        .flat_map(|run| run.text.chars().map(move |c| pixels(c, points, bold || run.bold)));
    wrapped(&text, &mut widths, usable)
}

/// The lines of a text whose characters have these widths.
fn wrapped(text: &str, widths: &mut dyn Iterator<Item = f64>, usable: f64) -> usize {
    let paragraphs = text.split('\n').map(|paragraph| {
        let lines = lines_of_paragraph(paragraph, widths, usable);
        widths.next(); // the line break's
        lines
    });
    paragraphs.sum()
}

fn lines_of_paragraph(
    paragraph: &str,
    widths: &mut dyn Iterator<Item = f64>,
    usable: f64,
) -> usize {
    let mut lines = 1;
    let mut used = 0.0;
    for word in words(paragraph) {
        let each: Vec<f64> = widths.take(word.chars().count()).collect();
        let whole: f64 = each.iter().sum();
        let letters = &each[..word.trim_end().chars().count()];
        let solid: f64 = letters.iter().sum();
        if used > 0.0 && used + solid > usable {
            lines += 1;
            used = 0.0;
        }
        if solid > usable {
            // Last resort: a word wider than the cell breaks wherever the line is full.
            for width in letters {
                if used > 0.0 && used + width > usable {
                    lines += 1;
                    used = 0.0;
                }
                used += width;
            }
        } else {
            // Spaces at a line's end hang over it.
            used += whole;
        }
    }
    lines
}

/// The pieces between which a line may end: behind spaces and hyphens. Unicode allows more (behind
/// a slash), but not every program does.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut from = 0;
    let ends: Vec<usize> = linebreaks(text)
        .filter(|(at, kind)| {
            let before = text[..*at].chars().next_back();
            *kind == BreakOpportunity::Mandatory
                || before.is_some_and(|c| c.is_whitespace() || matches!(c, '-' | '–' | '—'))
        })
        .map(|(at, _)| at)
        .collect();
    ends.into_iter().map(move |end| {
        let word = &text[from..end];
        from = end;
        word
    })
}

/// A text whose words are measured once, to be wrapped to many widths.
pub struct Measured {
    /// Of each word, its width without and with the space behind it; a line break between parts.
    paragraphs: Vec<Vec<(f64, f64)>>,
}

impl Measured {
    /// Measures a text.
    pub fn of(text: &str, style: Style) -> Measured {
        let word = |word: &str| (text_pixels(word.trim_end(), style), text_pixels(word, style));
        let paragraphs = text.split('\n').map(|paragraph| words(paragraph).map(word).collect());
        Measured { paragraphs: paragraphs.collect() }
    }

    /// The lines that it takes in so many pixels, which are more than its longest word has.
    pub fn lines(&self, usable: f64) -> usize {
        self.paragraphs.iter().map(|words| lines_of(words, usable)).sum()
    }
}

/// The lines that words take side by side, each with its width and that with the space behind it.
fn lines_of(words: &[(f64, f64)], usable: f64) -> usize {
    let (mut lines, mut used) = (1, 0.0);
    for (solid, whole) in words {
        if used > 0.0 && used + solid > usable {
            lines += 1;
            used = 0.0;
        }
        used += whole;
    }
    lines
}

/// The height that so many lines need, in points.
pub fn height(lines: usize, style: Style) -> f64 {
    lines as f64 * line_points(style) + style.air()
}

fn line_points(style: Style) -> f64 {
    LINE_SHARE * style.font().0
}

/// How many lines fit into a height.
pub fn lines_within(points: f64, style: Style) -> usize {
    (((points - style.air()) / line_points(style)).floor() as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_arials() {
        // Arial's own table: a digit is 556 thousandths, W 944, i 222; bold W is the same, bold i
        // 278.
        for (c, bold, thousandths) in
            [('0', false, 556.0), ('W', false, 944.0), ('i', false, 222.0), ('i', true, 278.0)]
        {
            assert!((widths(bold).width(c) - thousandths).abs() < 1.0, "{c}");
        }
        // Beyond the first table: a dash, the euro sign; and what the font lacks is an em.
        for (c, thousandths) in [('—', 1000.0), ('–', 556.0), ('€', 556.0), ('漢', 1000.0)] {
            assert!((widths(false).width(c) - thousandths).abs() < 1.0, "{c}");
        }
    }

    #[test]
    fn heights_grow_by_whole_lines() {
        assert!((height(14, Style::Text) - 175.0).abs() < 1e-9);
        assert_eq!(lines_within(290.0, Style::Text), 23);
        assert!((height(2, Style::Note) - 22.2).abs() < 1e-9);
    }

    #[test]
    fn a_measured_text_takes_the_lines_of_the_text() {
        let text = "Most children who come into our care do so because home has stopped being \
                    safe.\nA \
                    weekly panel considers every child who could go home, or to a relative.";
        let measured = Measured::of(text, Style::Note);
        for pixels in [120.0, 200.0, 333.0, 500.0, 2000.0] {
            assert_eq!(measured.lines(pixels), lines(text, Style::Note, pixels), "{pixels}");
        }
    }

    #[test]
    fn a_column_that_is_made_for_a_text_holds_it_in_one_line() {
        for text in ["Statistical", "Information only", "i", "Children in care, per 10,000"] {
            for style in [Style::HeadText, Style::HeadFigure, Style::Name, Style::Note] {
                let width = characters_for(text_pixels(text, style), style);
                assert_eq!(
                    lines(text, style, usable_pixels(&[width], style)),
                    1,
                    "{text} {style:?}"
                );
            }
        }
    }

    #[test]
    fn bold_words_are_wider() {
        let run = |text: &str, bold| Run { text: text.to_string(), bold };
        let usable = text_pixels("fifteen fifteen", Style::Text);
        assert_eq!(
            lines_of_runs(&[run("fifteen ", false), run("fifteen", false)], Style::Text, usable),
            1
        );
        assert_eq!(
            lines_of_runs(&[run("fifteen ", false), run("fifteen", true)], Style::Text, usable),
            2
        );
        assert_eq!(lines_of_runs(&[run("a\nb", true), run("\nc", false)], Style::Text, usable), 3);
    }

    #[test]
    fn wrapping_is_greedy_and_breaks_long_words_last() {
        let usable = text_pixels("aaaa aaaa", Style::Text);
        assert_eq!(lines("aaaa aaaa aaaa", Style::Text, usable), 2);
        assert_eq!(lines("aaaa\n\naaaa", Style::Text, usable), 3);
        assert_eq!(lines("aaaaaaaaaaaaaaaaaaaaaaaa", Style::Text, usable), 3);
        assert_eq!(lines("", Style::Text, usable), 1);
        assert_eq!(lines("aaaa-aaaa-aaaa", Style::Text, text_pixels("aaaa-aaaa-", Style::Text)), 2);
    }
}
