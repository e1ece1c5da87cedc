//! What managers typed and what is drafted for them, held against the figures that there are.

use std::rc::Rc;

use super::Received;
use crate::figures::all::Figures;
use crate::figures::commentary::{self, DRAFT};
use crate::figures::suppress::{self, Rule, ShownFigures};
use crate::nouns::problem::{Place, Problem, Problems, Severity};
use crate::papers::layout::{Said, Texts};

impl Received {
    /// The commentary by indicator, typed or drafted, and the narratives of areas.
    pub(super) fn texts(
        &self,
        shown: &Rc<ShownFigures>,
        problems: &mut Problems,
    ) -> (Texts, Vec<(String, String)>) {
        let mut texts = Texts::default();
        let mut narratives: Vec<(String, String)> = Vec::new();
        let rows = &self.counted.management.commentary;
        for typed in rows.iter().filter(|row| !row.text.is_empty()) {
            if let Some(code) = self.code_of(&typed.about, shown) {
                if shown.own(&code).is_none() {
                    problems.add(
                        Problem::warning(
                            typed.place.clone(),
                            format!(
                                "there is no figure for \"{}\", so the text was not used",
                                shown
                                    .indicators
                                    .get(&code)
                                    .map_or(&code, |indicator| &indicator.title)
                            ),
                        )
                        .hint("give the figure on the Figures sheet, or name an area instead"),
                    );
                    continue;
                }
                let text = texts.commentary.entry(code).or_default();
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&typed.text);
            } else {
                match narratives
                    .iter_mut()
                    .find(|(area, _)| area.eq_ignore_ascii_case(&typed.about))
                {
                    Some((_, text)) => {
                        text.push('\n');
                        text.push_str(&typed.text);
                    }
                    None => narratives.push((typed.about.clone(), typed.text.clone())),
                }
                let mut themes =
                    self.declared.indicators.values().filter_map(|i| i.theme.as_deref());
                let looks_like_code = (typed.about.contains('_') || !typed.about.contains(' '))
                    && !themes.any(|theme| theme.eq_ignore_ascii_case(&typed.about));
                if let (true, Some(near)) =
                    (looks_like_code, self.declared.indicator_like(&typed.about))
                {
                    problems.add(
                        Problem::warning(
                            typed.place.clone(),
                            "no indicator has this code: the text was taken as an area's",
                        )
                        .hint(near.as_meant()),
                    );
                }
            }
        }
        for (code, commentary) in &self.declared.commentary {
            if shown.own(code).is_none() || texts.commentary.contains_key(code) {
                continue;
            }
            match self.engine.draft(commentary, shown, code, &self.areas.authority) {
                Ok(Some(text)) => {
                    let row = rows
                        .iter()
                        .find(|row| self.code_of(&row.about, shown).as_ref() == Some(code));
                    let confirmed = commentary::confirmed(shown, code, row, problems);
                    let text = if confirmed {
                        text
                    } else {
                        texts.drafts.insert(code.clone());
                        format!("{DRAFT} {text}")
                    };
                    texts.commentary.insert(code.clone(), text);
                }
                Ok(None) => {}
                // The report can be made without it.
                Err(problem) => {
                    let message = format!("the sentence was left out: {}", problem.message);
                    let left_out = Problem { severity: Severity::Warning, message, ..*problem };
                    problems.add(left_out.context(format!("drafting commentary on `{code}`")));
                }
            }
        }
        (texts, narratives)
    }

    /// The indicator that a row of the Commentary or Figures sheet is about, where it is one.
    pub(crate) fn code_of(&self, about: &str, shown: &ShownFigures) -> Option<String> {
        let named = self.declared.indicator_named(about).map(|i| i.code.clone());
        let code =
            named.or_else(|| shown.indicators.contains_key(about).then(|| about.to_string()));
        code.filter(|code| shown.own(code).is_some() || self.declared.indicators.contains_key(code))
    }

    /// What a manager typed and the layout has no place for: nobody would read it. Gives where it
    /// stands.
    pub(super) fn name_unprinted(
        &self,
        printed: &Said,
        layout: &str,
        shown: &ShownFigures,
        problems: &mut Problems,
    ) -> Vec<Place> {
        let mut unprinted = Vec::new();
        let rows = self.counted.management.commentary.iter();
        for row in rows.filter(|row| !row.text.is_empty()) {
            // What has no figure was told already.
            let code = self.code_of(&row.about, shown);
            if code.is_some_and(|code| shown.own(&code).is_none()) || printed.has(&row.text) {
                continue;
            }
            let message = format!("this is not printed: the layout `{layout}` has no place for it");
            problems.add(
                Problem::note(row.place.clone(), message)
                    .hint(
                        "`rapporteur list` names the layouts; --template chooses one for a \
                           single report",
                    )
                    .hint_in_page("another layout may have a place for it"),
            );
            unprinted.push(row.place.clone());
        }
        unprinted
    }

    /// Percentages without their counts may be of one child, and are shown.
    pub(super) fn name_unchecked(&self, rule: &Rule, figures: &Figures, problems: &mut Problems) {
        for code in suppress::unchecked(rule, figures) {
            let mut rows = self.counted.management.figures.iter();
            let row = rows.rfind(|row| self.declared.means(&row.indicator, code));
            let Some(row) = row else { continue };
            let title = &figures.indicators[code].title;
            let message = format!(
                "`{title}` is shown although its count is not known: it may be a small one"
            );
            problems.add(
                Problem::note(row.place.clone(), message)
                    .indicator(code)
                    .hint("give its numerator and denominator on the Figures sheet"),
            );
        }
    }
}
