//! `check`: everything but the writing.

use serde_json::json;

use super::{Reading, Which, exit_code, print_problems, problems_json, progress, say, tally};
use crate::figure::needs_lists;
use crate::pipeline::{self, Received};
use crate::problem::Problems;
use crate::project::Project;
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
        for line in &missing {
            say(line);
        }
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

/// Indicators that the return does not allow, and why.
fn not_worked_out(received: &Received) -> Vec<String> {
    let selector = Selector::new(&received.received, &received.declared, received.period, &received.engine);
    let lists = received.declared.indicators.values().filter(|i| needs_lists(i));
    lists
        .filter_map(|indicator| match selector.count(indicator) {
            Err(Stop::Unavailable(why)) => Some(format!("{} is not worked out: {why}", indicator.code)),
            _ => None,
        })
        .collect()
}
