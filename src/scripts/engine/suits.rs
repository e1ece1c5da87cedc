//! Which conditions make sense for which columns.

use super::names::Sound;
use crate::definitions::{Column, ColumnType, Matcher};
use crate::nouns::problem::{Place, Problem, did_you_mean};
use crate::nouns::words::cut;

/// Whether a matcher makes sense for what a column holds.
pub fn suits(matcher: &Matcher, column: &Column, place: &Place) -> Sound {
    let no = |why: String| Err(Problem::script(place.clone(), why).into());
    let date = matches!(column.kind, ColumnType::Date);
    let text = column.kind.is_text();
    match matcher {
        Matcher::OneOf(these) | Matcher::NoneOf(these) | Matcher::AllOf(these) => {
            these.iter().try_for_each(|m| suits(m, column, place))
        }
        Matcher::UpTo(..) | Matcher::From(..) | Matcher::Within(_) | Matcher::Aged { .. }
            if !date =>
        {
            no(format!("the column `{}` holds {}, not dates", column.name, column.kind.expected()))
        }
        Matcher::Is(_) | Matcher::Range { .. } if date => no(format!(
            "the column `{}` holds dates: compare it with rap.on_or_before, rap.within and the \
             like",
            column.name
        )),
        Matcher::StartsWith(_) | Matcher::EndsWith(_) if !text => {
            no(format!("the column `{}` does not hold text", column.name))
        }
        Matcher::Repeated if !text => {
            no(format!("the column `{}` does not hold text", column.name))
        }
        Matcher::Linked(_) | Matcher::NoLinked(_) => no(format!(
            "`{}` is a column, not a list: it takes a value or a condition, not {{ FIELD = … }}",
            column.name
        )),
        Matcher::Is(value) => match &column.kind {
            ColumnType::Codes(codes) if !codes.contains_key(&value.to_string().to_uppercase()) => {
                let text = value.to_string();
                if text.is_empty() {
                    let message =
                        format!("an empty text is no code of the column `{}`", column.name);
                    let problem = Problem::script(place.clone(), message);
                    return Err(problem.hint("for what is not filled in, write  rap.blank").into());
                }
                let guess = did_you_mean(&text, codes.keys().map(String::as_str));
                let text = cut(&text, 40);
                no(format!("`{text}` is not a code of the column `{}`{guess}", column.name))
            }
            ColumnType::Number { .. } | ColumnType::Percentage
                if value.to_string().parse::<f64>().is_err() =>
            {
                no(format!("the column `{}` holds numbers, not `{value}`", column.name))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}
