//! `check`: everything but the writing.

use clap::Args;
use indexmap::IndexMap;
use serde_json::json;

use super::{
    Reading, WIDEST_NAMES, Which, because, exit_code, gap, give_json, mending, print_problems,
    progress, rules, say, tally,
};
use crate::nouns::problem::Problems;
use crate::nouns::words::{as_many_as_fit, several};
use crate::pipeline::{self, Received, Wishes};
use crate::scripts::engine::Printed;

/// Check a return and list its problems, writing nothing
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur check q2.xlsx            every problem, and how it was read
  rapporteur check q2.xlsx -v         what each sheet was taken for, too
  rapporteur check q2.xlsx --rules    all of DfE's rules, at the year's end

Exit codes: 0 nothing to mend, 1 problems in the return, 3 a script is at fault,
4 a file cannot be read")]
pub struct Options {
    /// What to read.
    #[command(flatten)]
    pub reading: Reading,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Hold it against all rules, those too that move no figure
    #[arg(long)]
    pub rules: bool,
    /// Show what scripts print: cells as their kind, values with --show-values
    #[arg(long)]
    pub print: bool,
    /// Say too which sheets and header rows were chosen, and why
    #[arg(short, long)]
    pub verbose: bool,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let Options { reading, which, rules, verbose, .. } = options;
    let (all_rules, verbose) = (*rules, *verbose);
    let mut problems = Problems::default();
    let mut missing = Default::default();
    let opened = which.open().and_then(|project| {
        let asked = reading.wishes()?;
        Ok((project, Wishes { rules: all_rules, prints: options.print, ..asked }))
    });
    let received = problems.keep(opened).and_then(|(project, wishes)| {
        let received = pipeline::receive(&project, &wishes, &mut problems)?;
        if let Some(finished) = received.finish(&project, &wishes, &mut problems) {
            missing = received.gaps(&finished.shown);
        }
        Some(received)
    });
    progress::done();
    problems.sort();
    let code = exit_code(&problems);
    let found = received.as_ref().map(found).unwrap_or_default();
    let printed = received.as_ref().map(|received| received.engine.printed()).unwrap_or_default();
    if which.print.json {
        let period = received.as_ref().map(|r| r.period.label());
        let not_asked = received.as_ref().map(|received| &received.not_asked);
        let mut json = json!({
            "period": period, "found": found, "not_worked_out": missing, "not_asked": not_asked,
        });
        if options.print {
            json["printed"] = printed_json(&printed, reading.show_values);
        }
        return give_json(json, &problems, reading.show_values, code);
    }
    if all_rules {
        let (of_rules, others) = problems.parted(|problem| problem.rule.is_some());
        print_problems(&others, reading.show_values, usize::MAX, true);
        rules::told(of_rules.iter()).iter().for_each(|line| say(line));
    } else {
        print_problems(&problems, reading.show_values, usize::MAX, true);
    }
    if options.print {
        tell_printed(&printed, reading.show_values);
    }
    mending::tell(&problems, mending::MOST);
    if verbose {
        for line in &found {
            say(line);
        }
    }
    for (why, figures) in &missing {
        say(&gap(why, figures));
    }
    for (why, rules) in received.iter().filter(|_| all_rules).flat_map(|r| &r.not_asked) {
        say(&not_asked(why, rules));
    }
    if let Some(received) = &received {
        say(&format!("checked the return for {}", received.period.label()));
    }
    say(&tally(&problems));
    code
}

/// Why rules were not asked: `7 rules not asked, because …:` and their numbers.
fn not_asked(why: &str, rules: &[String]) -> String {
    let names: Vec<&str> = rules.iter().map(String::as_str).collect();
    let what = format!("{} not asked", several(rules.len(), "rule"));
    format!("{}\n  {}", because(&what, why), as_many_as_fit(&names, WIDEST_NAMES))
}

/// Lines of one line of a script that are shown.
const MOST_OF_A_LINE: usize = 10;

/// What scripts printed, line of the script by line.
fn tell_printed(printed: &[Printed], show_values: bool) {
    let mut by_line: IndexMap<String, Vec<&Printed>> = IndexMap::new();
    for line in printed {
        by_line.entry(line.place.to_string()).or_default().push(line);
    }
    if by_line.is_empty() {
        say("nothing was printed: no `print` was reached");
    }
    for (place, lines) in &by_line {
        say(&format!("printed by {place}"));
        for line in lines.iter().take(MOST_OF_A_LINE) {
            let about = line.about.as_ref().map_or(String::new(), |about| format!("{about}: "));
            say(&format!("  {about}{}", said(line, show_values)));
        }
        if lines.len() > MOST_OF_A_LINE {
            say(&format!("  and {} more", lines.len() - MOST_OF_A_LINE));
        }
    }
}

fn said(line: &Printed, show_values: bool) -> &str {
    if show_values { &line.said } else { &line.masked }
}

fn printed_json(printed: &[Printed], show_values: bool) -> serde_json::Value {
    let lines = printed.iter().map(|line| {
        json!({
            "script": line.place.file, "line": line.place.line, "record": line.about,
            "said": said(line, show_values),
        })
    });
    lines.collect()
}

/// Which sheet became what.
fn found(received: &Received) -> Vec<String> {
    received.counted.found.iter().map(|(place, what)| format!("{place}: {what}")).collect()
}
