//! `explain`: where a figure comes from.

use serde_json::json;

use super::{MOST_PRINTED, Reading, Which, exit_code, print_problems, problems_json, progress, say};
use crate::pipeline;
use crate::problem::{Kind, Problem, Problems, Severity, did_you_mean};
use crate::project::Project;
use crate::trail::Trail;

/// Runs it; gives the exit code. Problems of the return do not stop it: what can be explained is explained.
pub fn run(code: &str, reading: &Reading, which: &Which) -> u8 {
    let mut problems = Problems::default();
    let explained = explain(code, reading, which, &mut problems);
    progress::done();
    problems.sort();
    match explained {
        Some(text) => {
            say(&text);
            let grave = problems.iter().any(|p| p.severity == Severity::Error && p.kind != Kind::Return);
            if grave { exit_code(&problems) } else { 0 }
        }
        None => {
            if which.json {
                say(&json!({ "problems": problems_json(&problems, reading.show_values) }).to_string());
            } else {
                print_problems(&problems, reading.show_values, MOST_PRINTED, false);
            }
            exit_code(&problems).max(1)
        }
    }
}

fn explain(code: &str, reading: &Reading, which: &Which, problems: &mut Problems) -> Option<String> {
    let project = Project::open(which.project.as_deref()).map_err(|p| problems.add(p)).ok()?;
    let wishes = reading.wishes().map_err(|p| problems.add(p)).ok()?;
    let received = pipeline::receive(&project, &wishes, problems)?;
    let rule = received.chosen_rule(&project, &wishes, problems)?;
    let figures = received.figures(problems);
    let Some((code, _)) =
        figures.indicators.iter().find(|(c, i)| c.eq_ignore_ascii_case(code) || i.also.iter().any(|a| a == code))
    else {
        let guess = did_you_mean(code, figures.indicators.keys().map(String::as_str));
        problems.add(
            Problem::usage("", format!("there is no indicator `{code}`{guess}"))
                .hint("`rapporteur list` lists them all"),
        );
        return None;
    };
    match Trail::follow(&received, &figures, code) {
        Ok(trail) if which.json => Some(trail.to_json(reading.show_values).to_string()),
        Ok(trail) => Some(trail.text(&rule, reading.show_values)),
        Err(problem) => {
            problems.add(*problem);
            None
        }
    }
}
