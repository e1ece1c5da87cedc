//! The attacker with a year's reports on his desk: the end of the last year and four quarters of
//! it, of a made-up council. He knows how the shipped figures count, and works out what children
//! there can have been by whole numbers. What was suppressed he must not recover; where small
//! numbers alone are struck out he recovers much.
//!
//! `RAPPORTEUR_COUNCILS=200 cargo test --release --test it over_time -- --nocapture` prints the
//! table of `docs/disclosure.md`.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use rapporteur::definitions::Rule;
use rapporteur::figures::suppress::{self, ShownFigures};
use rapporteur::intake::project::Project;
use rapporteur::intake::read::Excerpt;
use rapporteur::nouns::problem::{Problems, Severity};
use rapporteur::papers::write::figures_csv;
use rapporteur::pipeline::{self, Wishes};

use crate::attacker::Dice;
use crate::support::{example, folder, rapporteur};

/// The reports of a year: period and last day.
const REPORTS: [(&str, &str); 5] = [
    ("2025/26", "2026-03-31"),
    ("2026/27 Q1", "2026-06-30"),
    ("2026/27 Q1/Q2", "2026-09-30"),
    ("2026/27 Q1-Q3", "2026-12-31"),
    ("2026/27", "2027-03-31"),
];
/// Dates within each of the five.
const DAYS: [&str; 5] = ["10/02/2025", "12/05/2026", "12/08/2026", "12/11/2026", "12/02/2027"];
/// How care ends: adopted, special guardian, child arrangements, home as planned, home otherwise,
/// anything else.
const ENDS: [&str; 6] = ["E11", "E45", "E41", "E4A", "E4B", "E3"];
const RULES: [&str; 4] = ["dfe", "under_5", "under_10", "round_to_5"];

/// When children were born who are 16 by each report, and were not by the one before.
const BORN: [&str; 5] = ["15/01/2010", "15/05/2010", "15/08/2010", "15/11/2010", "15/02/2011"];

/// A kind of child: by which report it is 16, where placed, when care began (0: before April), when
/// and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    is_16_by: Option<usize>,
    fostered: bool,
    began: usize,
    ended: Option<(usize, usize)>,
}

fn kinds() -> Vec<Kind> {
    let mut kinds = Vec::new();
    for at in 0..2 * (BORN.len() + 1) {
        let (is_16_by, fostered) = (Some(at / 2).filter(|by| *by < BORN.len()), at % 2 == 1);
        for began in 0..5 {
            kinds.push(Kind { is_16_by, fostered, began, ended: None });
            for quarter in began.max(1)..5 {
                for how in 0..ENDS.len() {
                    kinds.push(Kind { is_16_by, fostered, began, ended: Some((quarter, how)) });
                }
            }
        }
    }
    kinds
}

impl Kind {
    fn has_begun(self, report: usize) -> bool {
        self.began <= report
    }

    fn has_ended(self, report: usize) -> bool {
        self.ended.is_some_and(|(quarter, _)| quarter <= report)
    }

    fn in_care(self, report: usize) -> bool {
        self.has_begun(report) && !self.has_ended(report)
    }

    fn in_the_year(self, report: usize) -> bool {
        // The first report is of the year before: then nobody came and nobody left.
        self.has_begun(report)
    }

    fn left_by(self, report: usize, ways: &[&str]) -> bool {
        self.ended.is_some_and(|(quarter, how)| quarter <= report && ways.contains(&ENDS[how]))
    }

    fn is_16(self, report: usize) -> bool {
        self.is_16_by.is_some_and(|by| by <= report)
    }

    /// The oldest are 17 by the last report.
    fn is_10_to_16(self, report: usize) -> bool {
        self.is_16_by != Some(0) || report < 4
    }
}

/// How a figure counts: whom, and out of whom.
type Counts = fn(Kind, usize) -> bool;

const FIGURES: &[(&str, Counts, Option<Counts>)] = &[
    ("cla_n", Kind::in_care, None),
    ("cla_rate", Kind::in_care, None),
    ("cla_year_n", Kind::in_the_year, None),
    ("start_n", |k, r| k.has_begun(r) && k.began > 0, None),
    ("start_rate", |k, r| k.has_begun(r) && k.began > 0, None),
    ("cease_n", Kind::has_ended, None),
    ("cease_rate", Kind::has_ended, None),
    ("adopt_pct", |k, r| k.left_by(r, &["E11"]), Some(Kind::has_ended)),
    ("sgo_pct", |k, r| k.left_by(r, &["E45"]), Some(Kind::has_ended)),
    ("cao_pct", |k, r| k.left_by(r, &["E41"]), Some(Kind::has_ended)),
    ("perm_pct", |k, r| k.left_by(r, &["E11", "E45", "E41"]), Some(Kind::has_ended)),
    ("home_plan_pct", |k, r| k.left_by(r, &["E4A"]), Some(Kind::has_ended)),
    ("home_unplan_pct", |k, r| k.left_by(r, &["E4B"]), Some(Kind::has_ended)),
    ("foster_pct", |k, r| k.in_care(r) && k.fostered, Some(Kind::in_care)),
    ("res_pct", |k, r| k.in_care(r) && !k.fostered, Some(Kind::in_care)),
    ("inhouse_n", |k, r| k.in_care(r) && k.fostered, None),
    ("cla_by_placement", Kind::in_care, None),
    ("cla_by_placement.with_foster_carers", |k, r| k.in_care(r) && k.fostered, None),
    ("cla_by_placement.in_children_s_homes", |k, r| k.in_care(r) && !k.fostered, None),
    ("cla_by_age", Kind::in_care, None),
    ("cla_by_age.10_to_15", |k, r| k.in_care(r) && !k.is_16(r), None),
    ("cla_by_age.16_and_over", |k, r| k.in_care(r) && k.is_16(r), None),
    (
        "fam_10_16",
        |k, r| k.in_care(r) && k.fostered && k.is_10_to_16(r),
        Some(|k, r| k.in_care(r) && k.is_10_to_16(r)),
    ),
];

/// A made-up council: its children by kind.
struct Council {
    children: Vec<Kind>,
}

impl Council {
    fn made_up(dice: &mut Dice, size: u64) -> Council {
        let mut children = Vec::new();
        for child in 0..size + size / 3 {
            // One in eight is 16 when the year begins, and about as many become so in it.
            let is_16_by = match dice.below(16) {
                0 | 1 => Some(0),
                by @ 2..=5 => Some(by as usize - 1).filter(|_| dice.below(2) == 0),
                _ => None,
            };
            let fostered = dice.below(6) > 0;
            let began = if child < size { 0 } else { 1 + dice.below(4) as usize };
            let ended = (dice.below(4) == 0)
                .then(|| (began.max(1) + dice.below(4) as usize, dice.below(6) as usize))
                .filter(|(quarter, _)| *quarter < 5);
            children.push(Kind { is_16_by, fostered, began, ended });
        }
        Council { children }
    }

    /// The return of a quarter, as its lists.
    fn lists(&self, report: usize) -> Vec<Excerpt> {
        let mut header = "CHILD, SEX, DOB, ETHNIC, UPN, MOTHER, MC_DOB\n".to_string();
        let mut episodes =
            "CHILD, DECOM, RNE, LS, CIN, PLACE, PLACE_PROVIDER, DEC, REC\n".to_string();
        for (at, child) in self.children.iter().enumerate().filter(|(_, c)| c.has_begun(report)) {
            let born = child.is_16_by.map_or("15/03/2014", |by| BORN[by]);
            let place = if child.fostered { "U4, PR1" } else { "K2, PR4" };
            let end = match child.ended.filter(|(quarter, _)| *quarter <= report) {
                // A month after everybody who began in the quarter.
                Some((quarter, how)) => {
                    let (_, month_on) = DAYS[quarter].split_at(2);
                    format!("28{month_on}, {}", ENDS[how])
                }
                None => ", ".to_string(),
            };
            header += &format!("C{at}, 1, {born}, WBRI, UN1, 0, \n");
            episodes += &format!("C{at}, {}, S, C2, N1, {place}, {end}\n", DAYS[child.began]);
        }
        let list = |list: &str, text: String| Excerpt {
            list: list.to_string(),
            file: "made-up.toml".to_string(),
            line: 1,
            text,
        };
        vec![list("Header", header), list("Episodes", episodes)]
    }

    fn count(&self, counts: &dyn Fn(Kind) -> bool) -> f64 {
        self.children.iter().filter(|child| counts(**child)).count() as f64
    }
}

/// A report as readers have it; none where the run wrote nothing.
struct Report {
    at: usize,
    shown: std::rc::Rc<ShownFigures>,
}

/// The reports of a year, each made with those before it in its history.
fn reports(council: &Council, rule: &str, first: usize, protected: bool) -> (Vec<Report>, usize) {
    let place = folder();
    let (settings, history) = (place.path().join("rapporteur.toml"), place.path().join("history"));
    std::fs::write(settings, "[authority]\nname = \"Exampleton\"\n").expect("written");
    std::fs::create_dir(&history).expect("made");
    let project = Project::open(Some(place.path())).expect("a project");
    let (mut reports, mut refused) = (Vec::new(), 0);
    for (at, (period, _)) in REPORTS.iter().enumerate().skip(first) {
        let wishes = Wishes {
            excerpts: council.lists(at),
            period: Some(period.to_string()),
            disclosure: Some(rule.to_string()),
            ..Wishes::default()
        };
        let mut problems = Problems::default();
        let received = pipeline::receive(&project, &wishes, &mut problems).expect("it can be read");
        let wrong = problems.iter().find(|p| p.severity == Severity::Error);
        assert!(wrong.is_none(), "{wrong:?}");
        let shown = if protected {
            received.shown(&project, &wishes, &mut problems)
        } else {
            let rule: Rule =
                received.chosen_rule(&project, &wishes, &mut problems).expect("a rule");
            let figures = received.figures_under(&rule, &mut problems);
            Some(std::rc::Rc::new(suppress::apply_without_protection(rule, figures)))
        };
        let Some(shown) = shown else {
            let said = problems.iter().filter(|p| p.severity == Severity::Error);
            said.for_each(|problem| println!("{rule}, {period}: {}", problem.message));
            refused += 1;
            continue;
        };
        let csv = figures_csv(&shown, &received.areas).expect("figures can be written");
        std::fs::write(history.join(format!("{at}.csv")), csv).expect("written");
        reports.push(Report { at, shown });
    }
    (reports, refused)
}

/// Something that is told, or must not be: how often children of each kind are counted, and what it
/// comes to.
#[derive(Debug, Clone, PartialEq)]
struct Number {
    of: String,
    counts: Vec<f64>,
    least: f64,
    most: f64,
}

struct Attack<'a> {
    council: &'a Council,
    kinds: Vec<Kind>,
    rule: Rule,
    told: Vec<Number>,
    secrets: Vec<Number>,
}

impl<'a> Attack<'a> {
    fn on(council: &'a Council, reports: &[Report]) -> Attack<'a> {
        let rule = reports[0].shown.rule.clone();
        let mut attack =
            Attack { council, kinds: kinds(), rule, told: Vec::new(), secrets: Vec::new() };
        for report in reports {
            attack.read(report);
            attack.want(report, reports);
        }
        attack
    }

    fn number(&self, of: String, counts: &dyn Fn(Kind) -> bool) -> Number {
        let value = self.council.count(counts);
        let each = |kind: &Kind| f64::from(u8::from(counts(*kind)));
        let counts = self.kinds.iter().map(each).collect();
        Number { of, counts, least: value, most: value }
    }

    /// What a report tells.
    fn read(&mut self, report: &Report) {
        let at = report.at;
        for (code, counts, out_of) in FIGURES {
            let Some(figure) = report.shown.own(code).filter(|f| f.value().is_some()) else {
                continue;
            };
            let numbers =
                [(Some(counts), figure.numerator()), (out_of.as_ref(), figure.denominator())];
            for (counts, told) in numbers {
                if let (Some(counts), Some(told)) = (counts, told) {
                    let number = self.number(format!("{code} {at}"), &|kind| counts(kind, at));
                    self.tell(number, told);
                }
            }
        }
    }

    /// What is known of a number that is printed, maybe rounded.
    fn tell(&mut self, mut number: Number, told: f64) {
        if let Some(to) = self.rule.round {
            number.least = (told - (to / 2.0).floor()).max(0.0);
            number.most = told + (to / 2.0).floor();
        }
        assert!(
            number.least <= told && told <= number.most || self.rule.round.is_some(),
            "{} is {told}, and by the kinds {}",
            number.of,
            number.least
        );
        self.told.push(number);
    }

    /// What it must not tell: small counts that it lists and suppresses, what percentages leave
    /// over, what has come since an earlier report, and the few between two groups.
    fn want(&mut self, report: &Report, all: &[Report]) {
        let at = report.at;
        let listed = |code: &str| report.shown.own(code).is_some();
        let suppressed = |code: &str| report.shown.own(code).is_some_and(|f| f.value().is_none());
        let rounded = self.rule.round.is_some();
        for (code, counts, out_of) in FIGURES.iter().filter(|(code, ..)| listed(code)) {
            if rounded || suppressed(code) {
                self.keep(format!("{code} {at}"), &|kind| counts(kind, at));
                if let Some(out_of) = out_of {
                    self.keep(format!("out of {code} {at}"), &|kind| out_of(kind, at));
                    self.keep(format!("rest of {code} {at}"), &|kind| {
                        out_of(kind, at) && !counts(kind, at)
                    });
                }
            }
        }
        if rounded {
            return;
        }
        let flows = ["cla_year_n", "start_n", "cease_n", "adopt_pct", "sgo_pct", "home_plan_pct"];
        for earlier in all.iter().filter(|r| (1..at).contains(&r.at)) {
            for (code, counts, _) in FIGURES.iter().filter(|(code, ..)| flows.contains(code)) {
                self.keep(format!("{code} {at} since {}", earlier.at), &|kind| {
                    counts(kind, at) && !counts(kind, earlier.at)
                });
            }
        }
        self.keep(format!("16, and in a group to 16 {at}"), &|kind| {
            kind.in_care(at) && kind.is_16(at) && kind.is_10_to_16(at)
        });
    }

    fn keep(&mut self, of: String, counts: &dyn Fn(Kind) -> bool) {
        let number = self.number(of, counts);
        let (from, to) = self.rule.small().expect("a rule that hides or rounds");
        if (from..=to).contains(&number.least)
            && !self.secrets.iter().any(|known| known.counts == number.counts)
        {
            self.secrets.push(number);
        }
    }

    /// The secrets that he recovers. Each table of children that fits all that he knows, and in
    /// which a secret comes to something else, says that this one is safe.
    fn recovered(&self) -> Vec<String> {
        let mut left: Vec<&Number> = self.secrets.iter().collect();
        let mut lost = Vec::new();
        while let Some(secret) = left.pop() {
            let other = [OptimizationDirection::Maximize, OptimizationDirection::Minimize]
                .into_iter()
                .map(|direction| self.table(secret, direction))
                .find(|table| comes_to(secret, table) != secret.least);
            match other {
                Some(table) => left.retain(|s| comes_to(s, &table) == s.least),
                None => lost.push(secret.of.clone()),
            }
        }
        lost.sort();
        lost
    }

    /// A table of children that fits, by whole numbers, with as many (or as few) of these as can
    /// be.
    fn table(&self, secret: &Number, direction: OptimizationDirection) -> Vec<f64> {
        // The linear programme's answer is one of whole numbers, mostly.
        let table = self.solved(secret, direction, false);
        let is_whole = table.iter().all(|n| (n - n.round()).abs() < 1e-6);
        let table = if is_whole { table } else { self.solved(secret, direction, true) };
        table.into_iter().map(f64::round).collect()
    }

    /// The same, by whole numbers where that is asked for.
    fn solved(&self, secret: &Number, direction: OptimizationDirection, whole: bool) -> Vec<f64> {
        let mut problem = Problem::new(direction);
        let variables: Vec<Variable> = secret
            .counts
            .iter()
            .map(|by| match whole {
                true => problem.add_integer_var(*by, (0, 1_000)),
                false => problem.add_var(*by, (0.0, 1_000.0)),
            })
            .collect();
        for told in &self.told {
            let terms: Vec<(Variable, f64)> = variables
                .iter()
                .zip(&told.counts)
                .filter(|(_, by)| **by != 0.0)
                .map(|(variable, by)| (*variable, *by))
                .collect();
            if told.least == told.most {
                problem.add_constraint(&terms[..], ComparisonOp::Eq, told.least);
            } else {
                problem.add_constraint(&terms[..], ComparisonOp::Ge, told.least);
                problem.add_constraint(&terms[..], ComparisonOp::Le, told.most);
            }
        }
        let solved = problem.solve().expect("the true table fits");
        let solution = solved.into_solution().expect("it is not stopped");
        variables.iter().map(|variable| solution.var_value(*variable)).collect()
    }
}

fn comes_to(number: &Number, table: &[f64]) -> f64 {
    number.counts.iter().zip(table).map(|(by, n)| by * n).sum()
}

#[test]
fn a_years_reports_give_nothing_away() {
    let councils: u64 = std::env::var("RAPPORTEUR_COUNCILS")
        .ok()
        .map_or(8, |n| n.parse().expect("a number of councils"));
    let mut recovered_bare = 0;
    let (mut table, mut use_of) = (String::new(), String::new());
    for rule in RULES {
        let (mut secrets, mut bare, mut safe) = ([0, 0], 0, 0);
        let (mut shown, mut hidden, mut refused, mut made) = (0, 0, 0, 0);
        for seed in 0..councils {
            let mut dice = Dice(seed);
            let size = 40 + dice.below(10) * dice.below(5) * 10;
            let council = Council::made_up(&mut dice, size);
            let first = (seed % 2) as usize;
            let (protected, not_made) = reports(&council, rule, first, true);
            refused += not_made;
            made += protected.len();
            let values = protected.iter().flat_map(|r| r.shown.iter());
            for figure in values {
                if figure.value().is_some() { shown += 1 } else { hidden += 1 }
            }
            let attack = Attack::on(&council, &protected);
            let lost = attack.recovered();
            let read = || attack.told.iter().map(|told| format!("{}: {}", told.of, told.least));
            assert!(
                lost.is_empty(),
                "{rule}, council {seed} of {size}: {lost:?} of {:#?}",
                read().collect::<Vec<_>>()
            );
            safe += lost.len();
            secrets[1] += attack.secrets.len();
            let (open, _) = reports(&council, rule, first, false);
            let attack = Attack::on(&council, &open);
            secrets[0] += attack.secrets.len();
            bare += attack.recovered().len();
        }
        let done = match rule {
            "round_to_5" => ["rounded", "rounded, and all that is suppressed"],
            _ => ["small numbers alone struck out", "all that is suppressed"],
        };
        let all = made + refused;
        let (first, second) = (secrets[0], secrets[1]);
        table += &format!("| `{rule}` | {councils} | {all} | {} | {first} | {bare} |\n", done[0]);
        table += &format!("| | | {made} | {} | {second} | {safe} |\n", done[1]);
        use_of += &format!("{rule}: {shown} shown, {hidden} not, {refused} reports refused\n");
        recovered_bare += bare;
    }
    println!("| rule | councils | reports | what was done | small numbers | recovered |");
    println!("|---|---|---|---|---|---|\n{table}\n{use_of}");
    assert!(recovered_bare > 12 * councils as usize, "only {recovered_bare}: the attacker sleeps");
}

/// Layouts print of one table of figures: who holds two has read no more than that.
#[test]
fn two_layouts_together_tell_what_one_table_of_figures_tells() {
    let place = example();
    for rule in ["dfe", "under_5", "under_10", "round_to_5"] {
        let tables = ["board", "annual", "targets", "services", "scorecard", "spc"].map(|layout| {
            let made = ["-o", "a.xlsx", "--figures", "figures.csv"];
            let asked = ["build", "q2.xlsx", "--disclosure", rule, "--template", layout];
            let run = rapporteur(place.path(), &[&asked[..], &made].concat());
            assert!(matches!(run.code, Some(0 | 1)), "{}", run.shown());
            let table = std::fs::read_to_string(place.path().join("figures.csv")).expect("figures");
            (layout, table)
        });
        let (_, first) = &tables[0];
        assert!(first.contains(",c,") || rule == "round_to_5", "{rule} hides nothing");
        for (layout, table) in &tables {
            assert!(table == first, "{rule}: {layout} has other figures");
        }
    }
}
