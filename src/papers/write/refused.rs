//! What the library of workbooks refuses, as an officer or analyst reads it.

use rust_xlsxwriter::XlsxError;

use crate::nouns::problem::{Place, Problem};

/// The problem of a workbook that could not be made: `what` is the workbook, such as
/// `the appendix`.
pub(super) fn refused(what: &str, error: &XlsxError) -> Problem {
    match error {
        // Names of sheets come from layouts: the one thing here that a script can get wrong.
        XlsxError::SheetnameCannotBeBlank(name)
        | XlsxError::SheetnameLengthExceeded(name)
        | XlsxError::SheetnameReused(name)
        | XlsxError::SheetnameContainsInvalidCharacter(name)
        | XlsxError::SheetnameStartsOrEndsWithApostrophe(name) => {
            let name =
                name.rsplit("set_name(").next().unwrap_or(name).trim_matches(['(', ')', '"']);
            Problem::script(
                Place::default(),
                format!("a sheet of the layout cannot be named so: {name}"),
            )
            .hint("a name has 1 to 31 characters, none of [ ] : * ? / \\, and is used once")
        }
        XlsxError::MaxStringLengthExceeded => {
            made_not(what, "a text is longer than a cell can hold")
                .hint("32,767 characters are the most; shorten the commentary or the cell's text")
        }
        XlsxError::RowColumnLimitError | XlsxError::RowColumnOrderError => {
            made_not(what, "a sheet has more rows or columns than Excel has")
                .hint("print less on one sheet")
        }
        XlsxError::MergeRangeOverlaps(one, other) => {
            made_not(what, &format!("two merged cells overlap: {one} and {other}"))
        }
        XlsxError::UnknownImageType | XlsxError::ImageDimensionError => {
            made_not(what, "the logo is no picture that Excel can show")
                .hint("take a PNG or JPEG file")
        }
        other => {
            let said = other.to_string();
            made_not(what, said.lines().next().unwrap_or_default())
                .hint("this may be a fault of Rapporteur: please report it with these words")
        }
    }
}

fn made_not(what: &str, why: &str) -> Problem {
    Problem::unreadable("", format!("{what} could not be made: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_says_what_it_is() {
        for (error, says) in [
            (XlsxError::MaxStringLengthExceeded, "a text is longer than a cell can hold"),
            (XlsxError::RowColumnLimitError, "more rows or columns than Excel has"),
            (XlsxError::ChartError("no series".to_string()), "no series"),
        ] {
            let problem = refused("the workbook", &error);
            assert!(problem.message.contains(says), "{}", problem.message);
        }
        let long = XlsxError::SheetnameLengthExceeded("x".repeat(40));
        assert!(refused("the workbook", &long).message.starts_with("a sheet of the layout"));
    }
}
