//! The stages in their order, and nothing else.

mod choices;
mod inputs;
mod origin;
mod pooled;
mod receive;
mod scripts;
mod texts;

pub use inputs::inputs;
pub use pooled::{Asked, combine};
pub use receive::{receive, receive_by};
pub use scripts::Loaded;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use indexmap::IndexMap;

use crate::definitions::{Check, Declarations, Indicator, Layout};
use crate::figures::all::Figures;
use crate::figures::assess;
use crate::figures::checks::{AlreadyTold, Finding, ToCheck};
use crate::figures::commentary;
use crate::figures::comparators::Elsewhere;
use crate::figures::mending::Mending;
use crate::figures::reach;
use crate::figures::select::{Selector, Stop, shown_field};
use crate::figures::suppress::{self, Rule, ShownFigures, Unsafe};
use crate::figures::work_out::{self, needs_lists};
use crate::intake::project::{Project, SETTINGS};
use crate::intake::read::{Excerpt, Limits};
use crate::intake::returns::Return;
use crate::nouns::area::Areas;
use crate::nouns::figure::Selection;
use crate::nouns::fingerprint::Fingerprint;
use crate::nouns::left_out::{FigureLeftOut, LeftOut};
use crate::nouns::period::Period;
use crate::nouns::plan::SheetPlan;
use crate::nouns::problem::{Kind, Place, Problem, Problems, Severity, did_you_mean};
use crate::nouns::report::Report;
use crate::papers::layout::{self, Frame, Texts};
use crate::scripts::engine::{Engine, Reporter};

/// What one run is asked for, beyond the project's settings.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// Workbooks, CSV lists, folders of CSV lists.
    pub inputs: Vec<PathBuf>,
    /// Lists as text, from the file of a test case.
    pub excerpts: Vec<Excerpt>,
    /// The period, where it is not the Cover's.
    pub period: Option<String>,
    /// The layout's name.
    pub template: Option<String>,
    /// The rule of disclosure control.
    pub disclosure: Option<String>,
    /// `figures.csv` files of earlier reports, or folders of them, beside those of the project.
    pub history: Vec<PathBuf>,
    /// Whether those of the project are left out: a test case knows only its own.
    pub only_inputs: bool,
    /// Last year's return, in place of the settings'.
    pub last_year: Vec<PathBuf>,
    /// What is said in place of the return's commentary on the same.
    pub commentary: Vec<PathBuf>,
    /// Whether rules are asked that move no figure.
    pub rules: bool,
    /// Whether what scripts print is heard.
    pub prints: bool,
    /// How much a file may ask for.
    pub limits: Limits,
    /// Told which stage begins.
    pub progress: Option<fn(&str)>,
}

impl Wishes {
    /// Tells whoever watches that a stage begins.
    pub fn stage(&self, name: &str) {
        if let Some(tell) = self.progress {
            tell(name);
        }
    }

    /// The first file, for problems of the return as a whole; none where there is none.
    fn file(&self) -> Option<String> {
        let first = self.inputs.first().map(|path| path.display().to_string());
        first.or_else(|| self.excerpts.first().map(|excerpt| excerpt.file.clone()))
    }
}

/// A return that was read, with everything that scripts declare.
pub struct Received {
    /// The scripts.
    pub engine: Engine,
    /// What they declare.
    pub declared: Rc<Declarations>,
    /// The return as it is counted.
    pub counted: Rc<Return>,
    /// The return as it was sent: what checks look at.
    pub as_sent: Rc<Return>,
    /// The period.
    pub period: Period,
    /// The council's name and codes.
    pub areas: Areas,
    /// The rules that could not be asked, by why.
    pub not_asked: IndexMap<String, Vec<String>>,
    /// What is known beside the return: published figures, earlier reports, the councils to compare
    /// with.
    pub elsewhere: Elsewhere,
    /// The fingerprint of the files that it was read from.
    pub files: Fingerprint,
}

/// A report that is ready to be written.
pub struct Finished {
    /// The appendix as data.
    pub report: Report,
    /// Every figure that may be shown.
    pub shown: Rc<ShownFigures>,
    /// What is said of indicators, typed or drafted.
    pub texts: Texts,
    /// What is said of areas of the service.
    pub narratives: Vec<(String, String)>,
    /// The layout's name.
    pub layout: String,
    /// Where texts stand that the layout has no place for.
    pub unprinted: Vec<Place>,
}

/// What is wrong where there is nothing to make a report of.
pub fn nothing_named() -> Problem {
    Problem::usage("", "no return is named, and the project has no published figures to report")
        .hint("name the return, or set up [published] in rapporteur.toml")
}

/// What is said where a period is in no form that there is.
pub fn period_not_understood(text: &str) -> Problem {
    const FORMS: &str = "\"2026/27 Q2\", \"2026/27\" or \"September 2026\"";
    Problem::usage("", format!("the period `{text}` is not understood"))
        .hint(format!("say for example --period {FORMS}"))
        .hint_in_page(format!("write for example {}", FORMS.replace('"', "")))
}

impl Received {
    fn selector(&self) -> Selector<'_> {
        Selector::new(&self.counted, &self.declared, self.period, &self.engine)
    }

    /// Counts spans of time that contradict each other by one rule each, so that nobody is counted
    /// twice.
    fn settle(&mut self, told: &AlreadyTold, problems: &mut Problems) {
        let is_told = |list: &str, record| told.of_days(list, record);
        let settled = self.as_sent.settled(&self.declared, &self.period, &is_told, problems);
        if let Some(settled) = settled {
            self.counted = Rc::new(settled);
            self.engine.receive(self.counted.clone(), self.declared.clone(), self.period);
        }
    }

    /// Holds the return against the scripts' checks.
    fn check(&self, all_rules: bool, problems: &mut Problems) -> AlreadyTold {
        let held = self.held(all_rules);
        held.problems(&self.selector(), &self.selector().with_left_out(), problems)
    }

    fn held(&self, all_rules: bool) -> ToCheck<'_> {
        ToCheck {
            received: &self.as_sent,
            declared: &self.declared,
            period: self.period,
            all_rules,
        }
    }

    /// Says of each problem which figures it moves; with numbers only where they are told.
    fn say_what_mending_does(&self, numbers: bool, figures: &Figures, problems: &mut Problems) {
        let lay = |received| self.engine.receive(received, self.declared.clone(), self.period);
        let mending = Mending {
            as_sent: &self.as_sent,
            declared: &self.declared,
            period: self.period,
            figures,
            judge: &self.engine,
            derive: &self.engine,
            lay: &lay,
            tells_numbers: numbers,
        };
        mending.work_out(problems);
        lay(self.counted.clone());
    }

    /// What one check finds in the return as it was sent, whoever asks for it; and what is told of
    /// it, with the figures that it moves.
    pub fn found_by(
        &self,
        check: &Check,
        figures: &Figures,
    ) -> Result<(Vec<Finding>, Problems), Stop> {
        let lay = |received| self.engine.receive(received, self.declared.clone(), self.period);
        lay(self.as_sent.clone());
        let selector = Selector::new(&self.as_sent, &self.declared, self.period, &self.engine);
        // Whoever made a rule sees rows that cannot be counted too.
        let selector = if check.rule.is_some() { selector.with_left_out() } else { selector };
        let mut problems = Problems::default();
        let found = self.held(true).told_of(check, &selector, &mut problems);
        lay(self.counted.clone());
        self.say_what_mending_does(true, figures, &mut problems);
        Ok((found?, problems))
    }

    /// Whether an indicator is looked for: a return may leave out lists that are optional, and what
    /// is counted in them with them.
    fn is_missed(&self, indicator: &Indicator) -> bool {
        let mut lists = self.declared.lists_of(indicator).into_iter();
        lists.all(|name| {
            !self.declared.lists[name].optional || self.counted.lists.contains_key(name)
        })
    }

    /// Why indicators are not worked out, each reason with the indicators that it holds for. Those
    /// that managers typed instead are worked out; a return without any list is one of typed
    /// figures alone.
    pub fn gaps(&self, shown: &ShownFigures) -> LeftOut {
        let mut reasons = LeftOut::new();
        if self.counted.lists.is_empty() {
            return reasons;
        }
        let selector = self.selector();
        let counted = self.declared.indicators.values().filter(|i| needs_lists(i));
        for indicator in counted.filter(|indicator| self.is_missed(indicator)) {
            let known = shown.own(&indicator.code).is_some();
            if known
                && (indicator.breakdown.is_none() || shown.parts(&indicator.code).next().is_some())
            {
                continue;
            }
            let counted = selector.count(indicator);
            let parts_alone = counted.is_ok();
            let why = match counted {
                Ok(total) => selector.parts(indicator, &total, &mut Problems::default()).err(),
                Err(why) => Some(why).filter(|_| !known),
            };
            if let Some(Stop::Unavailable(why)) = why {
                let (code, title) = (indicator.code.clone(), indicator.title.clone());
                reasons.entry(why).or_default().push(FigureLeftOut { code, title, parts_alone });
            }
        }
        reasons
    }

    /// Of a sum, a mean or a median: the number of each of some records.
    pub fn numbers_among(&self, indicator: &Indicator, some: &Selection) -> BTreeMap<u32, f64> {
        let numbers = self.selector().numbers_among(indicator, some);
        numbers
            .map(|(records, numbers)| records.into_iter().zip(numbers))
            .into_iter()
            .flatten()
            .collect()
    }

    /// Who each record of a list is of, by its key.
    pub fn people_of(&self, list: &str) -> Vec<String> {
        let Some(records) = self.counted.records(list) else { return Vec::new() };
        let declared = &self.declared.lists[list];
        let key = declared.column(&declared.key).unwrap_or(0);
        (0..records.len()).map(|record| shown_field(records.field(record, key))).collect()
    }

    /// The records of a population or a list.
    pub fn population(&self, name: &str) -> Result<Rc<Selection>, Stop> {
        self.selector().population(name)
    }

    /// Where a record of a list stands.
    pub fn place_of(&self, list: &str, record: u32) -> Place {
        let declared = &self.declared.lists[list];
        let key = declared.column(&declared.key).unwrap_or(0);
        let records = self.counted.records(list);
        records.map_or_else(Place::default, |records| records.place(record as usize, key))
    }

    /// Every figure that the return allows.
    pub fn figures(&self, problems: &mut Problems) -> Figures {
        work_out::work_out(
            &self.counted,
            &self.declared,
            &self.period,
            &self.selector(),
            &self.engine,
            &self.elsewhere,
            problems,
        )
    }

    /// The same, with what an audit by the rule needs to know of earlier reports. What scripts
    /// answer is noted: one may answer by what it kept.
    pub fn figures_under(&self, rule: &Rule, problems: &mut Problems) -> Figures {
        self.engine.note_answers();
        self.engine.count_answers();
        let mut figures = self.figures(problems);
        if rule.small().is_none() {
            return figures;
        }
        for period in figures.periods_to_recount() {
            self.engine.receive(self.counted.clone(), self.declared.clone(), period);
            let selector = Selector::new(&self.counted, &self.declared, period, &self.engine);
            figures.recounted.extend(work_out::recount(&self.declared, &period, &selector));
        }
        self.engine.receive(self.counted.clone(), self.declared.clone(), self.period);
        figures
    }

    /// From figures to the finished report. Nothing is given where a script fails.
    pub fn finish(
        &self,
        project: &Project,
        wishes: &Wishes,
        problems: &mut Problems,
    ) -> Option<Finished> {
        let layout = self.chosen_layout(project, wishes, problems)?;
        let shown = self.shown(project, wishes, problems)?;
        self.lay_out(project, wishes, (layout, shown), problems)
    }

    /// Leaves out what scripts count by what they kept of records that they saw before. Nothing is
    /// given where they choose others' populations so.
    fn leave_out_kept(&self, figures: &mut Figures, problems: &mut Problems) -> Option<()> {
        let kept = self.engine.answered_by_what_was_kept();
        let from = |place: &Place| kept.iter().any(|kept| kept.file == place.file);
        let whole = self.declared.populations.values().any(|one| from(&one.place));
        for place in &kept {
            let message = "this function answers by records that it was asked about before";
            let problem = match whole {
                true => Problem::script(place.clone(), message),
                false => {
                    let message = format!("{message}, so its script's figures are left out");
                    Problem::warning(place.clone(), message)
                }
            };
            problems.add(problem.hint(
                "let it look at the record that it is given, and keep nothing in variables outside \
                 of it",
            ));
        }
        if whole {
            return None;
        }
        let named = figures.indicators.values().filter(|one| from(&one.place));
        let named: Vec<String> = named.map(|one| one.code.clone()).collect();
        figures.leave_out(named);
        Some(())
    }

    /// From figures to what may be shown of them.
    pub fn shown(
        &self,
        project: &Project,
        wishes: &Wishes,
        problems: &mut Problems,
    ) -> Option<Rc<ShownFigures>> {
        let rule = self.chosen_rule(project, wishes, problems)?;
        wishes.stage("working out figures");
        let figures = self.figures_under(&rule, problems);
        self.shown_of(figures, rule, project, problems)
    }

    /// What may be shown of figures by the rule that they were worked out under.
    pub fn shown_of(
        &self,
        mut figures: Figures,
        rule: Rule,
        project: &Project,
        problems: &mut Problems,
    ) -> Option<Rc<ShownFigures>> {
        let policy = self.chosen_policy(project, problems)?;
        let reach = reach::short_of_days(&self.counted, &self.declared, &self.period);
        self.engine.never_true().into_iter().chain(reach).for_each(|one| problems.add(one));
        // Where small numbers may be hidden, no number is told.
        self.say_what_mending_does(rule.small().is_none(), &figures, problems);
        figures.policies.usual = policy;
        figures.policies.significance = project.settings.significance;
        figures.policies.rebased = problems.keep(assess::rebased(project, &self.declared))?;
        self.leave_out_kept(&mut figures, problems)?;
        self.name_unchecked(&rule, &figures, problems);
        safe(suppress::apply(rule, figures), problems)
    }

    /// From what may be shown to the finished report.
    pub fn lay_out(
        &self,
        project: &Project,
        wishes: &Wishes,
        (layout, shown): (&Layout, Rc<ShownFigures>),
        problems: &mut Problems,
    ) -> Option<Finished> {
        wishes.stage("laying out");
        let (texts, narratives) = self.texts(&shown, problems);
        // A draft tells what happened, not what is done about it.
        let explained =
            |code: &str| texts.commentary.contains_key(code) && !texts.drafts.contains(code);
        let file = wishes.file().unwrap_or_default();
        problems.extend(assess::check(&shown, explained, &Place::file(&file)));
        problems.extend(assess::leaps(&shown, &Place::file(&file)));
        problems.extend(assess::losses(&shown, &self.declared, &Place::file(&file)));
        let typed = &self.counted.management;
        problems.extend(commentary::check(&shown, &typed.commentary, |about| {
            self.code_of(about, &shown)
        }));
        problems.extend(commentary::check_figures(
            &shown,
            &typed.figures,
            &Place::file(file),
            |about| self.code_of(about, &shown),
        ));
        let reporter = Reporter {
            authority: &self.areas.authority,
            region: &self.areas.region,
            sign_off: &project.settings.sign_off,
            commentary: &texts.commentary,
        };
        let plans = match self.engine.lay_out(layout, &shown, &reporter, &narratives) {
            Ok(plans) => plans,
            Err(problem) => {
                problems.add(problem.context(format!("laying out `{}`", layout.name)));
                return None;
            }
        };
        if failed(problems) {
            return None;
        }
        if let Some(unknown) = unknown_indicator(&plans, &shown) {
            let known = shown.indicators.keys().map(String::as_str);
            let message = format!(
                "the layout shows an indicator `{unknown}` that there is not{}",
                did_you_mean(&unknown, known)
            );
            problems.add(Problem::script(layout.place.clone(), message));
            return None;
        }
        let subject =
            self.counted.management.cover_text("Return").unwrap_or("Performance").to_string();
        let frame = Frame {
            areas: &self.areas,
            subject: &subject,
            place: &layout.place,
            house: &project.house,
        };
        let printed = layout::said(&plans, &texts);
        let unprinted = self.name_unprinted(&printed, &layout.name, &shown, problems);
        let mut report = layout::fill(&plans, &shown, &texts, &frame, problems);
        report.properties.origin = Some(self.origin(project, &shown.rule, &layout.name));
        if failed(problems) {
            return None;
        }
        Some(Finished { report, shown, texts, narratives, layout: layout.name.clone(), unprinted })
    }
}

/// What may be shown; a problem where nothing can make it safe.
fn safe(shown: Result<ShownFigures, Unsafe>, problems: &mut Problems) -> Option<Rc<ShownFigures>> {
    match shown {
        Ok(shown) => {
            problems.extend(suppress::told_of(&shown));
            Some(Rc::new(shown))
        }
        Err(Unsafe { indicators }) => {
            let message = format!(
                "small numbers could be worked out whatever is hidden: {}",
                indicators.join(", ")
            );
            problems.add(Problem::error(Place::file(SETTINGS), message).hint(
                "earlier reports printed the numbers that these are made of; take the measures out \
                 of the scripts, or use another rule",
            ));
            None
        }
    }
}

/// Whether a script is at fault.
fn failed(problems: &Problems) -> bool {
    problems.iter().any(|p| p.kind == Kind::Script && p.severity == Severity::Error)
}

fn unknown_indicator(plans: &[SheetPlan], shown: &ShownFigures) -> Option<String> {
    let mut codes = plans.iter().flat_map(SheetPlan::indicators);
    codes.find(|code| !shown.indicators.contains_key(*code)).map(ToString::to_string)
}

/// The name of the output beside the first input: `q2.xlsx` gives `q2-appendix.xlsx`.
pub fn output_beside(input: &Path, ending: &str) -> PathBuf {
    let stem = if input.is_dir() { input.file_name() } else { input.file_stem() };
    let stem = stem.map_or_else(|| "return".to_string(), |s| s.to_string_lossy().into_owned());
    input.with_file_name(format!("{stem}-{ending}"))
}
