//! Keys that are spelt in two ways on two sheets: one of them has lost the zeros in front, as Excel
//! takes them off numbers. They are joined where it is certain, and told always.

use std::collections::{HashMap, HashSet};

use super::records::{ColumnData, Part, Texts};
use crate::definitions::List;
use crate::nouns::problem::{Problem, Problems};

/// Joins keys that differ by zeros in front alone, over all sheets whose lists share the key.
pub fn join_zeros(parts: &mut [(&List, &mut Part)], problems: &mut Problems) {
    let columns: HashSet<&str> = parts.iter().map(|(list, _)| list.key.as_str()).collect();
    let mut columns: Vec<String> = columns.into_iter().map(ToString::to_string).collect();
    columns.sort_unstable();
    for column in columns {
        let mut sharing: Vec<(&List, &mut Part)> = parts
            .iter_mut()
            .filter(|(list, _)| list.key == column)
            .map(|(list, part)| (*list, &mut **part))
            .collect();
        join(&mut sharing, problems);
    }
}

/// The spelling with zeros of what stands elsewhere without: none where two spellings have zeros,
/// so that it is not certain which is meant.
fn spellings(parts: &[(&List, &mut Part)]) -> HashMap<Box<str>, Option<Box<str>>> {
    let mut padded: HashMap<Box<str>, Option<Box<str>>> = HashMap::new();
    for text in parts.iter().flat_map(|(list, part)| texts(list, part)) {
        let Some(bare) = without_zeros(text) else { continue };
        let known = padded.entry(bare.into()).or_insert_with(|| Some(text.clone()));
        if known.as_ref().is_some_and(|known| known != text) {
            *known = None;
        }
    }
    if padded.is_empty() {
        return padded;
    }
    // A sheet that has both means two.
    padded.retain(|bare, known| {
        let Some(known) = known else { return true };
        let mut keys = parts.iter().filter_map(|(list, part)| key_texts(list, part));
        !keys.any(|texts| texts.contains(bare) && texts.contains(&*known))
    });
    padded
}

fn join(parts: &mut [(&List, &mut Part)], problems: &mut Problems) {
    let padded = spellings(parts);
    if padded.is_empty() {
        return;
    }
    for (list, part) in parts {
        let key = list.column(&list.key).expect("a list's key is one of its columns");
        let ColumnData::Text { ids, texts } = &mut part.columns[key] else { continue };
        let changed: Vec<Option<&Option<Box<str>>>> =
            texts.iter().map(|text| padded.get(text)).collect();
        if changed.iter().all(Option::is_none) {
            continue;
        }
        let col = part.at[key].expect("a list is found only where its key is");
        for (row, id) in part.rows.iter().zip(ids.iter()) {
            let place = part.place.at(*row, col);
            problems.add_any(match changed[*id as usize] {
                None => None,
                Some(Some(_)) => Some(
                    Problem::warning(
                        place,
                        "the zeros in front are missing; joined with the one that has them",
                    )
                    .column(&list.key)
                    .hint("format the column as text in Excel, or export the list again"),
                ),
                Some(None) => Some(
                    Problem::error(
                        place,
                        "with zeros in front it may be another's, but whose is not certain",
                    )
                    .column(&list.key)
                    .hint("write it the same on every list, with its zeros"),
                ),
            });
        }
        let spelt = texts.iter().map(|text| match padded.get(text) {
            Some(Some(with_zeros)) => with_zeros.clone(),
            _ => text.clone(),
        });
        let spelt = spelt.collect::<Texts>();
        if let Some(left_out) = &mut part.left_out
            && let ColumnData::Text { texts, .. } = &mut left_out.columns[key]
        {
            *texts = spelt.clone();
        }
        *texts = spelt;
    }
}

fn key_texts<'p>(list: &List, part: &'p Part) -> Option<&'p Texts> {
    match &part.columns[list.column(&list.key)?] {
        ColumnData::Text { texts, .. } => Some(texts),
        _ => None,
    }
}

fn texts<'p>(list: &List, part: &'p Part) -> impl Iterator<Item = &'p Box<str>> {
    key_texts(list, part).into_iter().flatten()
}

/// `310` of `00310`; none of what has no zero in front, or is no number.
fn without_zeros(text: &str) -> Option<&str> {
    let bare = text.strip_prefix('0')?.trim_start_matches('0');
    (!bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit())).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_have_lost_any_number_of_zeros() {
        assert_eq!(without_zeros("012345"), Some("12345"));
        assert_eq!(without_zeros("0001234"), Some("1234"));
        assert_eq!(without_zeros("12340"), None);
    }
}
