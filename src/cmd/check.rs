//! `check`: everything but the writing.

use indexmap::IndexMap;
use serde_json::json;

use super::{Reading, Which, exit_code, print_problems, problems_json, progress, say, tally};
use crate::figure::needs_lists;
use crate::pipeline::{self, Received};
use crate::problem::Problems;
use crate::project::Project;
use crate::returns::TypedValue;
use crate::select::{Selector, Stop};

/// Runs it; gives the exit code.
pub fn run(reading: &Reading, which: &Which, verbose: bool) -> u8 {
    let mut problems = Problems::default();
    let wishes = reading.wishes();
    let received = match Project::open(which.project.as_deref()) {
        Ok(project) => pipeline::receive(&project, &wishes, &mut problems).inspect(|received| {
            received.finish(&project, &wishes, &mut problems);
        }),
        Err(problem) => {
            problems.add(problem);
            None
        }
    };
    progress::done();
    problems.sort();
    let code = exit_code(&problems);
    let found = received.as_ref().map(found).unwrap_or_default();
    let missing = received.as_ref().map(not_worked_out).unwrap_or_default();
    if which.json {
        let json = json!({
            "period": received.as_ref().map(|r| r.period.label()),
            "found": found, "not_worked_out": missing,
            "problems": problems_json(&problems, reading.show_values), "exit_code": code,
        });
        say(&json.to_string());
        return code;
    }
    print_problems(&problems, reading.show_values, usize::MAX, true);
    if verbose {
        for line in &found {
            say(line);
        }
        for (why, codes) in &missing {
            say(&format!("{why}, so these are not worked out: {}", codes.join(", ")));
        }
    } else if !missing.is_empty() {
        let n: usize = missing.values().map(Vec::len).sum();
        say(&format!("{n} indicators are not worked out from this return: `check -v` says why"));
    }
    if let Some(received) = &received {
        say(&format!("checked the return for {}", received.period.label()));
    }
    say(&tally(&problems));
    code
}

/// Which sheet became what.
fn found(received: &Received) -> Vec<String> {
    received.received.found.iter().map(|(place, what)| format!("{place}: {what}")).collect()
}

/// Why indicators are not worked out, each reason with the indicators that it holds for. Those that managers
/// typed instead are worked out.
fn not_worked_out(received: &Received) -> IndexMap<String, Vec<String>> {
    let selector = Selector::new(&received.received, &received.declared, received.period, &received.engine);
    let mut reasons: IndexMap<String, Vec<String>> = IndexMap::new();
    for indicator in received.declared.indicators.values().filter(|i| needs_lists(i)) {
        let typed = received.received.management.figures.iter().any(|row| {
            let named = received.declared.indicator_named(&row.indicator);
            named.is_some_and(|n| n.code == indicator.code) && row.value("value") != TypedValue::Blank
        });
        if let (false, Err(Stop::Unavailable(why))) = (typed, selector.count(indicator)) {
            reasons.entry(why).or_default().push(indicator.code.clone());
        }
    }
    reasons
}
