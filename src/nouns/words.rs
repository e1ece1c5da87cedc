//! Words as people read them: what messages, pages and the appendix put together in the same way.

/// With a capital first letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// `1 figure`, `3 figures`.
pub fn several(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed<T: AsRef<str>>(items: &[T]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_string(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// The first letters of a text's words: `dob` of `Date of Birth`.
pub fn initials(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
    words.flat_map(char::to_lowercase).collect()
}

/// Whether somebody who wrote the one may have meant the other: a slip of a letter or two, another
/// ending (`Adopted`, `Adoption`), its initials (`RI`), or a part of it.
pub fn looks_like(written: &str, meant: &str) -> bool {
    let (a, b) = (plain(written), plain(meant));
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let shorter = a.chars().count().min(b.chars().count());
    let alike = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let same_stem = alike >= 4 && alike * 5 >= shorter * 3;
    let of_initials =
        (a.len() >= 2 && a == initials(meant)) || (b.len() >= 2 && b == initials(written));
    let slip = nearest(&a, [b.as_str()]).is_some() && shorter >= 4;
    let within = shorter >= 3 && (a.contains(&b) || b.contains(&a));
    same_stem || of_initials || slip || within
}

/// A text's letters and digits, in small letters.
fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// So many characters of a message stand in a line of a terminal, behind `warning: `.
pub const WIDEST_MESSAGE: usize = 71;
/// So many characters of a hint stand in a line of a terminal.
pub const WIDEST_HINT: usize = 72;

/// As many names as there is room for, one at least, and how many more: `A, B and 3 more`.
pub fn as_many_as_fit(names: &[&str], room: usize) -> String {
    let fits = |text: &String| text.chars().count() <= room;
    let some = (1..=names.len()).rev().map(|n| first_of(names, n)).find(fits);
    some.unwrap_or_else(|| match names {
        [] => String::new(),
        [first, rest @ ..] => {
            let more = more_of(rest.len());
            cut(first, room.saturating_sub(more.len())) + &more
        }
    })
}

/// The first so many names, and how many more there are.
fn first_of(names: &[&str], n: usize) -> String {
    names[..n].join(", ") + &more_of(names.len() - n)
}

/// ` and 3 more`, or nothing.
fn more_of(n: usize) -> String {
    if n > 0 { format!(" and {n} more") } else { String::new() }
}

/// A text of so many characters at most, with an ellipsis where it was longer.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    text.chars().take(most.saturating_sub(1)).collect::<String>().trim_end().to_string() + "…"
}

/// Numbers that rise, as stretches of neighbours: first and last of each.
pub fn stretches(numbers: impl IntoIterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut stretches: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match stretches.last_mut() {
            Some((_, last)) if *last + 1 >= number => *last = number,
            _ => stretches.push((number, number)),
        }
    }
    stretches
}

/// The nearest known name, for "did you mean": none where nothing is near.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = name.to_lowercase();
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(&wanted, &k.to_lowercase()), k))
        .filter(|(distance, k)| *distance <= (k.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, k)| k)
}

/// How alike two texts are letter by letter, from 0 to 1; a common beginning counts for more.
pub fn letters_alike(a: &str, b: &str) -> f64 {
    strsim::jaro_winkler(a, b)
}

/// ` Did you mean X?` or nothing, to end a sentence with.
pub fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|k| format!("; did you mean `{k}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_looks_like_another() {
        for (written, meant) in [
            ("Adopted", "Adoption"),
            ("Outsanding", "Outstanding"),
            ("RI", "Requires improvement"),
            ("Date of Birth", "DOB"),
            ("DOB (child)", "DOB"),
            ("Reunited", "Reunification"),
            ("approved", "approvals"),
        ] {
            assert!(looks_like(written, meant), "{written}, {meant}");
        }
        for (written, meant) in [("Good", "Adoption"), ("", "DOB"), ("SEX", "DEC"), ("RNE", "REC")]
        {
            assert!(!looks_like(written, meant), "{written}, {meant}");
        }
    }

    #[test]
    fn words_are_put_together_as_people_read_them() {
        assert_eq!([capital("état"), capital("")], ["État", ""]);
        assert_eq!([several(1, "figure"), several(0, "figure")], ["1 figure", "0 figures"]);
        let all = ["a", "b", "c"];
        assert_eq!(
            (0..=3).map(|n| listed(&all[..n])).collect::<Vec<_>>(),
            ["", "a", "a and b", "a, b and c"]
        );
        assert_eq!(stretches([2, 3, 3, 5, 7, 8]), [(2, 3), (5, 5), (7, 8)]);
        assert_eq!([cut("née", 3), cut("one two", 5), cut("one", 0)], ["née", "one…", "…"]);
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("cla_m", ["cla_n", "start_n"]), Some("cla_n"));
        assert_eq!(nearest("PLACEMENT", ["LS", "RNE"]), None);
    }
}
