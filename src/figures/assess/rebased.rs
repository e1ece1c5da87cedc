//! From when on an indicator's normal variation is another, as the settings say.

use indexmap::IndexMap;

use crate::definitions::{Declarations, Rebased};
use crate::intake::project::Project;
use crate::nouns::period::Period;
use crate::nouns::problem::{Problem, did_you_mean};

/// The new beginnings by indicator, or what is wrong with one.
pub fn rebased(
    project: &Project,
    declared: &Declarations,
) -> Result<IndexMap<String, Rebased>, Problem> {
    let mut all = IndexMap::new();
    for (code, said) in &project.settings.rebased {
        let from = Period::parse(&said.from, project.year_month);
        let fault = match from {
            _ if !declared.indicators.contains_key(code) => {
                let known = declared.indicators.keys().map(String::as_str);
                format!("there is no indicator `{code}`{}", did_you_mean(code, known))
            }
            None => format!("`{code}` is rebased from `{}`, which is no period", said.from),
            Some(_) if said.reason.trim().is_empty() => {
                format!("`{code}` is rebased without a reason")
            }
            Some(from) => {
                let reason = said.reason.trim().to_string();
                all.insert(code.clone(), Rebased { from, reason });
                continue;
            }
        };
        return Err(Problem::usage(project.settings_file(), fault).hint(
            "[rebased.cla_n]  from = \"2024/25 Q1\",  reason = \"why its figures are others \
             since\"",
        ));
    }
    Ok(all)
}
