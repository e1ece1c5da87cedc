//! What a number format makes of a number: a date, a time, a percentage, or the number itself.

use std::collections::HashMap;

use super::serial::dated;
use super::sheet::Value;

/// What each cell format of a binary workbook makes of a number.
#[derive(Debug, Default)]
pub struct CellFormats {
    looks: Vec<Looks>,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
}

impl CellFormats {
    /// By the number format of each cell format, and the codes that the file gives of them.
    pub fn new(numbers: &[u16], codes: &HashMap<u16, Looks>, from_1904: bool) -> Self {
        let looks = |n: &u16| codes.get(n).copied().unwrap_or_else(|| Looks::built_in(*n));
        CellFormats { looks: numbers.iter().map(looks).collect(), from_1904 }
    }

    /// How a cell of a format is shown. A file may leave all formats out; one that has some has the
    /// one that a cell names.
    pub fn looks(&self, format: usize) -> Option<Looks> {
        let missing = self.looks.is_empty().then(Looks::default);
        self.looks.get(format).copied().or(missing)
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
    /// By a format's code, such as `0.0%` or `dd/mm/yyyy`. What stands in quotation marks or behind
    /// `\`, `_` and `*` is shown as it is and makes nothing of the number: `0.0"%"` of 80.8 is
    /// 80.8%. But a unit may stand there: `0" km"`.
    pub fn of_code(code: &str) -> Self {
        let mut looks = Looks::Plain;
        let mut words = Words::default();
        let mut letters = code.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => letters.next().into_iter().for_each(|letter| words.add(letter)),
                '_' | '*' => {
                    letters.next();
                }
                '"' => letters.by_ref().take_while(|c| *c != '"').for_each(|c| words.add(c)),
                '[' => {
                    // A colour, a condition, a currency, or a span of time: `[h]`, `[mm]`.
                    let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                    let first = inside.chars().next().map(|c| c.to_ascii_lowercase());
                    let same = inside.chars().all(|c| Some(c.to_ascii_lowercase()) == first);
                    if same && matches!(first, Some('h' | 'm' | 's')) {
                        return Looks::Time;
                    }
                }
                // Numbers below 0 may have a format of their own.
                ';' => words.add(' '),
                '%' => return Looks::Percent,
                'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => looks = Looks::Date,
                _ => {}
            }
        }
        match looks {
            Looks::Plain if !words.text().is_empty() => Looks::Worded(words),
            looks => looks,
        }
    }

    /// By what a cell shows of its number, such as `32 km`.
    pub fn of_shown(text: &str) -> Self {
        let mut words = Words::default();
        text.chars().for_each(|letter| words.add(letter));
        if words.text().is_empty() { Looks::Plain } else { Looks::Worded(words) }
    }

    /// By the number of a format that has no code in the file: the formats that every workbook has.
    /// Numbers 27 to 36 and 50 to 58 are dates where the file says nothing else of them.
    pub fn built_in(number: u16) -> Self {
        match number {
            9 | 10 => Looks::Percent,
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Looks::Date,
            46 => Looks::Time,
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
                assert_eq!(Looks::of_code(code), looks, "{code}");
            }
        }
    }

    #[test]
    fn words_that_stand_beside_a_number_are_known() {
        for (code, words) in [
            ("0\" km\"", "km"),
            ("0\\ \\k\\m", "km"),
            ("#,##0.0\"(km)\";-0\"(km)\"", "km   km "),
            ("\"days\" 0", "days"),
            ("\\Y000", "Y"),
            ("0\" kilometres by road\"", "kilometres by"),
        ] {
            let Looks::Worded(found) = Looks::of_code(code) else { panic!("{code}") };
            assert_eq!(found.text(), words, "{code}");
        }
        assert!(matches!(Looks::of_shown("32.5 km"), Looks::Worded(words) if words.text() == "km"));
        assert_eq!(Looks::of_shown("1,032.50"), Looks::Plain);
        assert_eq!(Looks::of_code("0.0\" km\"%"), Looks::Percent);
        assert_eq!(Looks::of_code("d\" day\""), Looks::Date);
    }
}
