//! Numbers as they are printed: rounded once, half away from zero on their decimal value; and as
//! people type them, with separators, a percent sign, a pound sign.

/// The decimals that a typed number was given.
///
/// ```
/// use rapporteur::nouns::numbers::decimals_of;
///
/// assert_eq!(decimals_of(80.85), 2);
/// assert_eq!(decimals_of(90.0), 0);
/// ```
pub fn decimals_of(n: f64) -> u8 {
    let text = format!("{n}");
    text.split_once('.').map_or(0, |(_, decimals)| decimals.len().min(9) as u8)
}

/// A number rounded half away from zero on its decimal value, as text without separators: 2.675
/// with two decimals is 2.68, although the nearest binary number lies below.
///
/// ```
/// use rapporteur::nouns::numbers::{grouped, rounded};
///
/// assert_eq!(rounded(2.675, 2), "2.68");
/// assert_eq!(rounded(-0.5, 0), "-1");
/// assert_eq!(rounded(-0.04, 1), "0.0");
/// assert_eq!(grouped(&rounded(12345.65, 1)), "12,345.7");
/// ```
pub fn rounded(n: f64, decimals: u8) -> String {
    let shortest = format!("{}", n.abs());
    let (whole, fraction) = shortest.split_once('.').unwrap_or((&shortest, ""));
    let decimals = usize::from(decimals);
    let mut digits: Vec<u8> = whole
        .bytes()
        .chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(decimals))
        .collect();
    if fraction.as_bytes().get(decimals).is_some_and(|d| *d >= b'5') {
        let mut at = digits.len();
        loop {
            if at == 0 {
                digits.insert(0, b'1');
                break;
            }
            at -= 1;
            if digits[at] < b'9' {
                digits[at] += 1;
                break;
            }
            digits[at] = b'0';
        }
    }
    let point = digits.len() - decimals;
    let text = String::from_utf8(digits).expect("digits are ASCII");
    let number =
        if decimals == 0 { text } else { format!("{}.{}", &text[..point], &text[point..]) };
    let zero = number.bytes().all(|b| b == b'0' || b == b'.');
    if n < 0.0 && !zero { format!("-{number}") } else { number }
}

/// A rounded number with thousands separators: 12,345.6.
pub fn grouped(rounded: &str) -> String {
    let (sign, rest) = rounded.strip_prefix('-').map_or(("", rounded), |r| ("-", r));
    let (whole, fraction) = rest.split_once('.').map_or((rest, None), |(w, f)| (w, Some(f)));
    let groups: Vec<&str> =
        whole.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap_or("")).collect();
    let whole = groups.join(",");
    match fraction {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    }
}

/// A number with the decimals that it has: 12,345.6.
pub fn in_full(n: f64) -> String {
    grouped(&rounded(n, decimals_of(n)))
}

/// Money as it is printed: £1,234, −£500.
pub fn in_pounds(rounded: &str) -> String {
    match rounded.strip_prefix('-') {
        Some(digits) => format!("\u{2212}£{}", grouped(digits)),
        None => format!("£{}", grouped(rounded)),
    }
}

/// A count as a sentence says it: one to nine in words, all others in figures.
///
/// ```
/// use rapporteur::nouns::numbers::in_words;
///
/// assert_eq!(in_words("9"), "nine");
/// assert_eq!(in_words("10"), "10");
/// ```
pub fn in_words(printed: &str) -> String {
    const WORDS: [&str; 9] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    let word = printed.parse::<usize>().ok().and_then(|n| WORDS.get(n.wrapping_sub(1)));
    word.map_or(printed.to_string(), ToString::to_string)
}

/// A number in its shortest form, without an exponent where it can be helped.
pub fn plain_number(n: f64) -> String {
    if n.fract() == 0.0 && n.abs() < 1e15 { (n as i64).to_string() } else { format!("{n}") }
}

/// Takes off what multiplying a fraction by 100 adds: 80.80000000000001 is 80.8.
pub fn round_noise(n: f64) -> f64 {
    format!("{n:.12}").parse().unwrap_or(n)
}

/// A text without what reckoning in binary leaves behind its numbers: 4.900000000000006 is 4.9.
pub fn without_noise(text: &str) -> String {
    const LONGEST: usize = 10;
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let (mut tidy, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        tidy.push_str(before);
        let whole = digits(number);
        let decimals = number[whole..].strip_prefix('.').map_or(0, digits);
        let length = if decimals == 0 { whole } else { whole + 1 + decimals };
        let (number, behind) = number.split_at(length);
        match number.parse::<f64>() {
            Ok(n) if decimals > LONGEST => {
                let rounded = format!("{n:.LONGEST$}");
                tidy.push_str(rounded.trim_end_matches('0').trim_end_matches('.'));
            }
            _ => tidy.push_str(number),
        }
        rest = behind;
    }
    tidy.push_str(rest);
    tidy
}

/// The median: the middle one, or half-way between the middle two; none of nothing.
///
/// ```
/// use rapporteur::nouns::numbers::median;
///
/// assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
/// assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
/// assert_eq!(median(Vec::new()), None);
/// ```
pub fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => None,
        len if len % 2 == 1 => Some(numbers[middle]),
        _ => Some(f64::midpoint(numbers[middle - 1], numbers[middle])),
    }
}

/// Takes off spaces of every kind at both ends, and marks that no eye can see anywhere.
pub fn trimmed(text: &str) -> std::borrow::Cow<'_, str> {
    let invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}');
    if text.contains(invisible) {
        return text.replace(invisible, "").trim().to_string().into();
    }
    text.trim().into()
}

/// A number as typed: thousands separators and a pound sign are taken off.
pub fn typed(text: &str) -> Option<f64> {
    let text = trimmed(text);
    let plain: String = text
        .trim_start_matches('£')
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '\u{a0}'))
        .collect();
    let ordinary =
        plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    let grouped = text.contains(',');
    if grouped && !well_grouped(&text) {
        return None;
    }
    plain.parse::<f64>().ok().filter(|n| ordinary && n.is_finite())
}

/// `1,234` and `12,345.5`, but not `1,5`.
fn well_grouped(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default().trim_start_matches(['£', '-', ' ']);
    (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3)
}

/// A percentage with its sign: `80.8%` is 80.8.
pub fn typed_percent(text: &str) -> Option<f64> {
    typed(trimmed(text).strip_suffix('%')?)
}

/// A number as it stands in print or in a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Written {
    /// What it comes to: of `80.8%` it is 80.8.
    pub value: f64,
    /// The decimals that it has.
    pub decimals: u8,
    /// Whether it has a percent sign.
    pub percent: bool,
}

/// Reads what was printed: `1,234`, `80.8%`.
///
/// ```
/// use rapporteur::nouns::numbers::written;
///
/// let share = written("80.50%").expect("a number");
/// assert_eq!((share.value, share.decimals, share.percent), (80.5, 2, true));
/// assert_eq!(written("1,234").map(|count| count.value), Some(1234.0));
/// assert_eq!(written("about 5"), None);
/// ```
pub fn written(text: &str) -> Option<Written> {
    let text = trimmed(text);
    let (number, percent) = match text.strip_suffix('%') {
        Some(number) => (number, true),
        None => (&*text, false),
    };
    let fraction = number.split_once('.').map_or("", |(_, fraction)| fraction.trim_end());
    Some(Written { value: typed(number)?, decimals: fraction.len().min(9) as u8, percent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_number_keeps_its_decimals() {
        assert_eq!([90.0, 80.8, 80.85].map(decimals_of), [0, 1, 2]);
    }

    #[test]
    fn numbers_are_read_as_typed() {
        assert_eq!(typed(" 1,234.5 "), Some(1234.5));
        assert_eq!(typed("£2,000"), Some(2000.0));
        assert_eq!(typed("\u{a0}15"), Some(15.0));
        for text in ["1,5", "12,34", "1.2.3", "inf", "nan", "0x10", "", "n/a", "5 or 6"] {
            assert_eq!(typed(text), None, "{text}");
        }
        assert_eq!(typed_percent("80.8 %"), Some(80.8));
        assert_eq!(typed_percent("80.8"), None);
    }

    #[test]
    fn what_reckoning_leaves_behind_a_number_is_taken_off() {
        let texts = [
            ("Above by 4.900000000000006.", "Above by 4.9."),
            ("0.30000000000000004 of 3.3333333333333335", "0.3 of 3.3333333333"),
            ("1.0000000000000002%", "1%"),
            ("30.09.2026, 12.5 and 1,234.56", "30.09.2026, 12.5 and 1,234.56"),
            ("E06000999, 10.2 …", "E06000999, 10.2 …"),
        ];
        for (text, tidy) in texts {
            assert_eq!(without_noise(text), tidy);
        }
    }

    #[test]
    fn rounding_is_half_away_from_zero_on_the_decimal_value() {
        for (n, decimals, text) in [
            (2.675, 2, "2.68"),
            (0.5, 0, "1"),
            (-0.5, 0, "-1"),
            (-0.04, 1, "0.0"),
            (99.95, 1, "100.0"),
            (9.99, 1, "10.0"),
            (1e21, 0, "1000000000000000000000"),
            (12.5, 0, "13"),
            (80.8, 1, "80.8"),
            (0.0, 2, "0.00"),
        ] {
            assert_eq!(rounded(n, decimals), text, "{n} to {decimals}");
        }
        assert_eq!(grouped(&rounded(-1_234_567.85, 1)), "-1,234,567.9");
    }

    /// Every share up to 400: the float's rounding is the one of exact whole-number arithmetic.
    #[test]
    fn percentages_round_as_whole_numbers_would() {
        for den in 1u64..400 {
            for num in 0..=den {
                for (decimals, ten) in [(0u8, 1u64), (1, 10), (2, 100)] {
                    let exact = (2 * 100 * ten * num + den) / (2 * den);
                    let shown = rounded(num as f64 * 100.0 / den as f64, decimals).replace('.', "");
                    assert_eq!(shown.parse::<u64>().unwrap(), exact, "{num}/{den} to {decimals}");
                }
            }
        }
    }
}
