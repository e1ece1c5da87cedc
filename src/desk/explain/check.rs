//! What a check says, what it finds in a return, and which figures that moves.

use serde_json::{Value, json};

use super::records::{Rows, wrapped};
use super::rules::{columns, own_fields, population_line};
use super::{Desk, Line, said};
use crate::definitions::Check;
use crate::figures::checks::Finding;
use crate::figures::select::Stop;
use crate::nouns::moved::Moved;
use crate::nouns::problem::{Problem, Problems};

/// Everything that is known of a check and of what it finds.
pub struct CheckTrail<'a> {
    desk: &'a Desk<'a>,
    check: &'a Check,
    found: Vec<Finding>,
    /// The same as it is told, with the figures that it moves.
    told: Problems,
    /// Why it was not asked.
    missing: Option<String>,
}

impl<'a> CheckTrail<'a> {
    /// Asks a check of the return.
    pub fn follow(desk: &'a Desk<'a>, check: &'a Check) -> Result<CheckTrail<'a>, Box<Problem>> {
        let nothing = |why: String| (Vec::new(), Problems::default(), Some(why));
        let period = &desk.received.period;
        let (found, told, missing) = if check.holds_in(period) {
            match desk.received.found_by(check, desk.figures) {
                Ok((found, told)) => (found, told, None),
                Err(Stop::Unavailable(why)) => nothing(why),
                Err(Stop::Fault(problem)) => {
                    let while_asking = format!("running the check `{}`", check.name);
                    return Err(Box::new(problem.context(while_asking)));
                }
            }
        } else {
            nothing(format!("it does not hold in {}", period.label()))
        };
        Ok(CheckTrail { desk, check, found, told, missing })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.check.name
    }

    /// Its number or name, and what is wrong.
    pub(super) fn heading(&self) -> String {
        match &self.check.rule {
            Some(rule) => format!("rule {rule}  {}", self.check.message),
            None => format!("{}  {}", self.check.name, self.check.message),
        }
    }

    /// The explanation in words.
    pub fn text(&self, show_values: bool) -> String {
        let mut lines = vec![self.heading()];
        lines.extend(self.lines().iter().map(Line::indented));
        for (rows, pointed) in self.found() {
            lines.push(format!("  found: {}", rows.said()));
            for (sheet, columns) in rows.cells_by_sheet(&pointed) {
                lines.push(format!("    {sheet}"));
                let cells = columns.iter().flat_map(|column| wrapped(&column.said()));
                lines.extend(cells.map(|cells| format!("      {cells}")));
            }
            lines.extend(rows.looked_at().map(|columns| format!("    looked at: {columns}")));
            if show_values {
                lines.extend(rows.each().map(|record| format!("    {record}")));
            }
        }
        lines.join("\n") + "\n"
    }

    /// What the check is, and what mending does.
    pub(super) fn lines(&self) -> Vec<Line> {
        let received = self.desk.received;
        let check = self.check;
        let list = &received.declared.lists[&check.list];
        let asked = if check.always_runs() { "always asked" } else { "asked with check --rules" };
        let severity = check.severity;
        let mut lines = vec![Line::of("", format!("{severity} on {}, {asked}", list.title))];
        if check.rule.is_some() {
            lines.push(Line::of("check", &check.name));
        }
        lines.push(Line::of("", format!("declared at {}", check.place)));
        lines.extend(self.desk.changed("check", &check.name));
        lines.push(Line::of("rule", format!("a record is wrong if {}", check.fails)));
        let populations = received.declared.populations_of(check.fails.links());
        lines.extend(populations.into_iter().map(population_line));
        lines.extend(check.holds_when().map(|when| Line::of("holds", when)));
        lines.extend(check.hint.as_ref().map(|hint| Line::of("what to do", hint)));
        lines.extend(self.moved());
        match &self.missing {
            Some(why) => lines.push(Line::of("not asked", why)),
            None if self.found.is_empty() => {
                lines.push(Line::of("found", format!("nothing in {}", received.period.label())));
            }
            None => {}
        }
        lines
    }

    /// Whether a figure that moves is an indicator's, or that of a part of it.
    fn is_of(&self, moved: &Moved, code: &str) -> bool {
        let whole = self.desk.figures.indicators[&moved.indicator].part_of.as_deref();
        moved.indicator == code || whole == Some(code)
    }

    /// From what to what figures go without the records that it finds, and which else it may move.
    fn moved(&self) -> Vec<Line> {
        let figures = self.desk.figures;
        let changed: Vec<&Moved> = self.changed().collect();
        let mut lines = Vec::new();
        if !changed.is_empty() {
            lines.push(Line::of("moves", "figures counted again without these records"));
            let said = |moved: &&Moved| Line::below(&moved.indicator, moved.said(usize::MAX));
            lines.extend(changed.iter().map(said));
        }
        let is_told = |code: &&String| changed.iter().any(|moved| self.is_of(moved, code));
        let others: Vec<&String> = self.check.moves.iter().filter(|code| !is_told(code)).collect();
        if !others.is_empty() {
            lines.push(Line::of("may move", self.why_unchanged()));
            let title = |code: &&String| Line::below(code, &figures.indicators[*code].title);
            lines.extend(others.iter().map(title));
        }
        lines
    }

    fn changed(&self) -> impl Iterator<Item = &Moved> {
        let moves = self.told.iter().flat_map(|problem| &problem.moves);
        moves.filter(|moved| moved.change.is_some())
    }

    /// Why some figures are not told as moved.
    fn why_unchanged(&self) -> &'static str {
        match (self.found.is_empty(), self.check.asks_what_is_refused()) {
            (true, _) => "where it finds something",
            (false, true) => "nobody knows what these cells should say",
            (false, false) => "without these records they print the same, put right they may not",
        }
    }

    /// The records that it finds, list by list, each with the columns that it points at.
    pub(super) fn found(&self) -> impl Iterator<Item = (Rows<'_>, Vec<usize>)> {
        self.found.iter().map(|finding| {
            let list = self.desk.list(&finding.list);
            let records = self.desk.received.as_sent.records(&finding.list);
            let records = records.expect("what a check finds stands on a list that is there");
            let pointed = columns(list, &finding.columns);
            let mut looked_at = finding.columns.clone();
            if finding.list == self.check.list {
                looked_at.extend(own_fields(&self.check.fails));
            }
            let columns = columns(list, &looked_at);
            (Rows { list, records, these: &finding.records, columns }, pointed)
        })
    }

    /// The explanation for programs.
    pub fn to_json(&self, show_values: bool) -> Value {
        let check = self.check;
        let found = self.found().zip(&self.found).map(|((rows, _), finding)| {
            let records = rows.to_json(show_values);
            json!({ "list": finding.list, "columns": finding.columns, "records": records })
        });
        json!({
            "check": check.name, "rule": check.rule, "list": check.list,
            "severity": check.severity, "message": check.message, "hint": check.hint,
            "columns": check.columns, "moves": check.moves, "always": check.always_runs(),
            "from": check.from, "to": check.to, "year_end": check.at_year_end,
            "declared_at": check.place.to_string(), "fails": check.fails.to_string(),
            "changes": said(&self.desk.changed("check", &check.name).collect::<Vec<_>>()),
            "period": self.desk.received.period.label(), "missing": self.missing,
            "found": found.collect::<Vec<_>>(), "figures": self.changed().collect::<Vec<_>>(),
        })
    }
}
