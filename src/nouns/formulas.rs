//! Cells of CSV files that a spreadsheet takes for text. One that begins as a formula does would be
//! run by whoever opens the file: an apostrophe before it makes it a text, and is taken off where
//! the file is read again.

/// The signs that make a formula of a cell.
const BEGIN: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\n'];

/// Whether a spreadsheet would take it for a formula, apostrophes before it aside.
fn is_live(cell: &str) -> bool {
    let bare = cell.trim_start_matches('\'');
    // What is a number stays one: it may well be below 0.
    let digits = cell.trim_start_matches(['+', '-']).trim_end_matches('%').replace([',', '.'], "");
    let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    bare.starts_with(BEGIN) && !number
}

/// A cell as it is written.
pub fn inert(cell: &str) -> String {
    format!("{}{cell}", if is_live(cell) { "'" } else { "" })
}

/// A cell as it was before it was written.
pub fn as_it_was(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|bare| is_live(bare)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_texts_and_come_back() {
        for formula in
            ["=1+1", "+SUM(A1)", "-2+3", "-inf", "@x", "\t=1", "'=1", "''=1", "=HYPERLINK(\"x\")"]
        {
            let written = inert(formula);
            assert_eq!(written, format!("'{formula}"));
            assert_eq!(as_it_was(&written), formula);
        }
        for text in [
            "-7",
            "-4.9",
            "-2%",
            "-1,234.5",
            "+2",
            "1,234",
            "'tis",
            "a=b",
            "",
            "−7",
            "Children's homes",
        ] {
            assert_eq!(inert(text), text);
            assert_eq!(as_it_was(text), text);
        }
    }
}
