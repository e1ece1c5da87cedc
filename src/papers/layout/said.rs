//! What a layout prints of what managers wrote: nothing typed may be lost without a word.

use super::fill::Texts;
use crate::nouns::plan::{RowPlan, Says, SheetPlan};
use crate::nouns::show::Show;

/// Every text that is printed, with single spaces between its words.
pub struct Said {
    texts: String,
}

/// What these plans print.
pub fn said(plans: &[SheetPlan], texts: &Texts) -> Said {
    let mut said = Said { texts: String::new() };
    for plan in plans {
        let commentary = plan.columns.iter().any(|column| column.show == Show::Commentary);
        for text in [&plan.subtitle, &plan.purpose].into_iter().flatten().chain([&plan.title]) {
            said.add(text);
        }
        for row in plan.all_rows() {
            match row {
                RowPlan::Indicator { indicator, beside, .. } if commentary => {
                    let codes = std::iter::once(indicator).chain(beside);
                    codes.filter_map(|code| texts.commentary.get(code)).for_each(|t| said.add(t));
                }
                RowPlan::Narrative { text, .. } | RowPlan::Heading(text) => said.add(text),
                RowPlan::Cells(cells) => {
                    for cell in cells {
                        match &cell.says {
                            Says::Text(runs) => {
                                let text: String = runs.iter().map(|r| r.text.as_str()).collect();
                                said.add(&text);
                            }
                            Says::Of(code, Show::Commentary) => {
                                texts.commentary.get(code).into_iter().for_each(|t| said.add(t));
                            }
                            Says::Of(..) => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }
    said
}

impl Said {
    fn add(&mut self, text: &str) {
        self.texts.push_str(&one_spaced(text));
        self.texts.push('\n');
    }

    /// Whether every line of a text is printed, wherever.
    pub fn has(&self, text: &str) -> bool {
        text.lines().all(|line| self.texts.contains(&one_spaced(line)))
    }
}

fn one_spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
