//! What a number format makes of a number: a date, a time, a percentage, or the number itself.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::str::Chars;

use super::serial::dated;
use super::sheet::Value;

/// What each cell format of a binary workbook makes of a number.
#[derive(Debug, Default)]
pub struct CellFormats {
    formats: Vec<NumberFormat>,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
}

impl CellFormats {
    /// By the number format of each cell format, and the codes that the file gives of them.
    pub fn new(numbers: &[u16], codes: &HashMap<u16, NumberFormat>, from_1904: bool) -> Self {
        let built_in = |n: &u16| NumberFormat::built_in(*n);
        let format = |n: &u16| codes.get(n).cloned().unwrap_or_else(|| built_in(n));
        CellFormats { formats: numbers.iter().map(format).collect(), from_1904 }
    }

    /// How a number in a cell of a format is shown. A file may leave all formats out; one that has
    /// some has the one that a cell names.
    pub fn looks(&self, format: usize, number: f64) -> Option<Looks> {
        let missing = self.formats.is_empty().then(Looks::default);
        self.formats.get(format).map(|format| format.looks(number)).or(missing)
    }
}

/// A format of numbers. It may have sections, each for the numbers that keep its condition:
/// `[<=1]0.0%;0.0"%"` shows 0.808 and 80.8 as 80.8%.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NumberFormat {
    sections: Box<[(Condition, Looks)]>,
}

impl NumberFormat {
    /// By its code, such as `0.0%` or `dd/mm/yyyy;@`.
    pub fn of_code(code: &str) -> Self {
        let (mut letters, mut sections) = (code.chars(), Vec::new());
        let mut more = true;
        while more && sections.len() < 4 {
            let section;
            (section, more) = Section::read(&mut letters);
            sections.push(section);
        }
        // The fourth is for texts, as is one that says so.
        sections.truncate(3);
        sections.retain(|section| !section.of_text);
        let usual = (0..).map(|nth| Condition::usual(nth, sections.len()));
        let sections = sections.iter().zip(usual);
        let sections = sections.map(|(one, usual)| (one.condition.unwrap_or(usual), one.looks));
        NumberFormat { sections: sections.collect() }
    }

    /// By the number of a format that has no code in the file; see [`Looks::built_in`].
    pub fn built_in(number: u16) -> Self {
        NumberFormat { sections: [(Condition::ANY, Looks::built_in(number))].into() }
    }

    /// How a number is shown: by the first section whose condition it keeps.
    pub fn looks(&self, number: f64) -> Looks {
        let section = self.sections.iter().find(|(condition, _)| condition.holds(number));
        section.map_or(Looks::Plain, |(_, looks)| *looks)
    }
}

/// Which numbers a section is for: those below, at or above a limit.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Condition {
    below: bool,
    at: bool,
    above: bool,
    limit: f64,
}

impl Condition {
    const ANY: Condition = Condition { below: true, at: true, above: true, limit: 0.0 };

    /// As it is written: `<=100`.
    fn of(written: &str) -> Option<Self> {
        let limit = written.trim_start_matches(['<', '=', '>']);
        let (below, at, above) = match &written[..written.len() - limit.len()] {
            "<" => (true, false, false),
            "<=" => (true, true, false),
            "=" => (false, true, false),
            "<>" => (true, false, true),
            ">=" => (false, true, true),
            ">" => (false, false, true),
            _ => return None,
        };
        Some(Condition { below, at, above, limit: limit.trim().parse().ok()? })
    }

    /// Of a section that has none written: above 0, below 0, and 0; of two, the first is for 0
    /// too. The last is for whatever is left.
    fn usual(nth: usize, sections: usize) -> Self {
        match (nth, sections) {
            (0, 2) => Condition { below: false, ..Condition::ANY },
            (0, 3) => Condition { below: false, at: false, ..Condition::ANY },
            (1, 3) => Condition { at: false, above: false, ..Condition::ANY },
            _ => Condition::ANY,
        }
    }

    fn holds(&self, number: f64) -> bool {
        match number.partial_cmp(&self.limit) {
            Some(Ordering::Less) => self.below,
            Some(Ordering::Equal) => self.at,
            Some(Ordering::Greater) => self.above,
            None => false,
        }
    }
}

/// A section of a code as it is written.
#[derive(Default)]
struct Section {
    condition: Option<Condition>,
    looks: Looks,
    of_text: bool,
}

impl Section {
    /// Reads up to the next section, and says whether there is one. What stands in quotation marks
    /// or behind `\`, `_` and `*` is shown as it is and makes nothing of the number: `0.0"%"` of
    /// 80.8 is 80.8%. But a unit may stand there: `0" km"`.
    fn read(letters: &mut Chars) -> (Section, bool) {
        let (mut section, mut words) = (Section::default(), Words::default());
        let mut more = false;
        while let Some(letter) = letters.next() {
            match letter {
                ';' => {
                    more = true;
                    break;
                }
                '\\' => letters.next().into_iter().for_each(|letter| words.add(letter)),
                '_' | '*' => {
                    letters.next();
                }
                '"' => letters.by_ref().take_while(|c| *c != '"').for_each(|c| words.add(c)),
                '[' => {
                    let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                    section.bracket(&inside);
                }
                '@' => section.of_text = true,
                '%' => section.is_of(Looks::Percent),
                'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => {
                    section.is_of(Looks::Date);
                }
                _ => {}
            }
        }
        if section.looks == Looks::Plain && !words.text().is_empty() {
            section.looks = Looks::Worded(words);
        }
        (section, more)
    }

    /// A colour, a condition, a currency, or a span of time: `[h]`, `[mm]`.
    fn bracket(&mut self, inside: &str) {
        let first = inside.chars().next().map(|c| c.to_ascii_lowercase());
        let same = inside.chars().all(|c| Some(c.to_ascii_lowercase()) == first);
        if same && matches!(first, Some('h' | 'm' | 's')) {
            self.is_of(Looks::Time);
        }
        self.condition = self.condition.or_else(|| Condition::of(inside));
    }

    /// Percent signs and spans of time say more than the letters of days.
    fn is_of(&mut self, looks: Looks) {
        if self.looks == Looks::Plain || (self.looks == Looks::Date && looks != Looks::Date) {
            self.looks = looks;
        }
    }
}

/// How a workbook shows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Looks {
    /// As the number that it is.
    #[default]
    Plain,
    /// A hundred times as large, with a percent sign.
    Percent,
    /// As a day, or a time of day.
    Date,
    /// As a span of time, such as hours beyond 24.
    Time,
    /// As the number that it is, with words beside it, such as ` km`.
    Worded(Words),
}

/// Words that a format shows beside a number: as many letters as a unit has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Words {
    letters: [u8; 13],
    length: u8,
}

impl Words {
    /// The words themselves, in the letters of English and spaces.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.letters[..usize::from(self.length)]).unwrap_or_default()
    }

    fn add(&mut self, letter: char) {
        let letter = if letter.is_ascii_alphabetic() { letter as u8 } else { b' ' };
        let begins = self.length == 0 && letter == b' ';
        if let Some(place) = self.letters.get_mut(usize::from(self.length)).filter(|_| !begins) {
            *place = letter;
            self.length += 1;
        }
    }
}

impl Looks {
    /// By what a cell shows of its number, such as `32 km`, where its own kind says nothing else.
    pub fn of_shown(text: &str, number: f64, is_percent: bool) -> Self {
        if shown_as_percent(text, number).unwrap_or(is_percent) {
            return Looks::Percent;
        }
        let mut words = Words::default();
        text.chars().for_each(|letter| words.add(letter));
        if words.text().is_empty() { Looks::Plain } else { Looks::Worded(words) }
    }

    /// By the number of a format that has no code in the file: the formats that every workbook has.
    /// Numbers 27 to 36 and 50 to 58 are dates where the file says nothing else of them, and so are
    /// most of 71 to 81.
    fn built_in(number: u16) -> Self {
        match number {
            9 | 10 | 67 | 68 => Looks::Percent,
            14..=22 | 27..=36 | 45 | 47 | 50..=58 | 71..=78 | 80 | 81 => Looks::Date,
            46 | 79 => Looks::Time,
            _ => Looks::Plain,
        }
    }

    /// What a number is in a cell that looks like this; a percentage stays the number that it is.
    pub fn of_number(self, number: f64, from_1904: bool) -> Value<'static> {
        match self {
            Looks::Date => dated(number, from_1904),
            Looks::Time => Value::NotADate(number),
            Looks::Plain | Looks::Percent | Looks::Worded(_) => Value::Number(number),
        }
    }
}

/// Whether a text with a percent sign shows a number a hundred times as large, or as it is; nothing
/// where it shows neither.
fn shown_as_percent(text: &str, number: f64) -> Option<bool> {
    let digits = text.trim().strip_suffix('%')?.trim().replace(',', ".");
    let shown: f64 = digits.parse().ok()?;
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    let rounded_away = 0.501 * 10_f64.powi(-decimals);
    let is_shown = |meant: f64| (meant - shown).abs() <= rounded_away;
    let (times_100, as_it_is) = (is_shown(number * 100.0), is_shown(number));
    (times_100 != as_it_is).then_some(times_100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_what_a_number_looks_like() {
        let cases = [
            (
                Looks::Plain,
                ["General", "0.00", "#,##0_);[Red](#,##0)", "0.0\"%\"", "0\\%", "_Y000"],
            ),
            (Looks::Plain, ["\" \"0", "[>=100][Magenta]0", "#,##0*y", "@", "", "[$-809]0"]),
            (Looks::Percent, ["0%", "0.00%", "0.0%;[Red]-0.0%", "[=0]\\-;0.0%", "\"d\"0%", "0 %"]),
            (
                Looks::Date,
                ["dd/mm/yyyy", "d mmm yy", "[$-F800]dddd", "h:mm AM/PM", "*-yyyy", "mm:ss"],
            ),
            (
                Looks::Time,
                ["[h]:mm:ss", "[mm]", "[Blue]\\+[h]:mm", "[ss].00", "[H]", "[h]:mm;[=0]\\-"],
            ),
        ];
        for (looks, codes) in cases {
            for code in codes {
                assert_eq!(NumberFormat::of_code(code).looks(0.5), looks, "{code}");
            }
        }
    }

    #[test]
    fn words_that_stand_beside_a_number_are_known() {
        for (code, words) in [
            ("0\" km\"", "km"),
            ("0\\ \\k\\m", "km"),
            ("#,##0.0\"(km)\";-0\"(miles)\"", "km "),
            ("\"days\" 0", "days"),
            ("\\Y000", "Y"),
            ("0\" kilometres by road\"", "kilometres by"),
        ] {
            let looks = NumberFormat::of_code(code).looks(5.0);
            let Looks::Worded(found) = looks else { panic!("{code}") };
            assert_eq!(found.text(), words, "{code}");
        }
        let shown = Looks::of_shown("32.5 km", 32.5, false);
        assert!(matches!(shown, Looks::Worded(words) if words.text() == "km"));
        assert_eq!(Looks::of_shown("1,032.50", 1032.5, false), Looks::Plain);
        assert_eq!(NumberFormat::of_code("0.0\" km\"%").looks(1.0), Looks::Percent);
        assert_eq!(NumberFormat::of_code("d\" day\"").looks(1.0), Looks::Date);
    }

    #[test]
    fn a_section_is_for_the_numbers_that_keep_its_condition() {
        use Looks::{Date, Percent, Plain};
        let cases: [(&str, &[(f64, Looks)]); 11] = [
            ("[<=1]0.0%;0.0\"%\"", &[(0.808, Percent), (1.0, Percent), (80.8, Plain)]),
            ("[>=1]0.0;0.0%", &[(1.0, Plain), (0.808, Percent), (-0.5, Percent)]),
            ("0.0;-0.0%", &[(42.0, Plain), (0.0, Plain), (-0.5, Percent)]),
            ("0%;0;d", &[(0.5, Percent), (-1.0, Plain), (0.0, Date)]),
            ("0%;-0%;0;@", &[(0.5, Percent), (-0.5, Percent), (0.0, Plain)]),
            ("[<0]0;[<=1]0%;0", &[(-1.0, Plain), (0.5, Percent), (5.0, Plain)]),
            ("[=0]0;[<>1]0%", &[(0.0, Plain), (0.5, Percent), (1.0, Plain)]),
            ("[Red][>40000]dd/mm/yyyy;0", &[(46_295.0, Date), (118.0, Plain)]),
            ("dd/mm/yyyy;@", &[(46_295.0, Date), (-1.0, Date)]),
            ("\"a;b\"0\\;%", &[(0.5, Percent), (-0.5, Percent)]),
            ("[<=1]0%", &[(0.5, Percent), (80.8, Plain)]),
        ];
        for (code, numbers) in cases {
            let format = NumberFormat::of_code(code);
            for (number, looks) in numbers {
                assert_eq!(format.looks(*number), *looks, "{code} of {number}");
            }
        }
        for (number, looks) in [(67, Percent), (71, Date), (79, Looks::Time), (59, Plain)] {
            assert_eq!(NumberFormat::built_in(number).looks(1.0), looks, "{number}");
        }
    }

    #[test]
    fn what_a_cell_shows_says_whether_it_is_a_percentage() {
        for (text, number, is_percent, percent) in [
            ("80.8%", 0.808, false, true),
            ("80,8 %", 0.808, false, true),
            ("81%", 0.8084, false, true),
            ("80.8%", 80.8, true, false),
            ("0%", 0.0, true, true),
            ("0%", 0.0, false, false),
            ("81", 0.808, true, true),
            ("", 0.808, true, true),
            ("n/a%", 0.808, true, true),
        ] {
            let looks = Looks::of_shown(text, number, is_percent);
            assert_eq!(looks == Looks::Percent, percent, "{text} of {number}");
        }
    }
}
