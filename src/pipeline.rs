//! The stages in their order, and nothing else.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use indexmap::IndexMap;

use crate::definitions::{Declarations, Indicator, Layout};
use crate::figures::all::Figures;
use crate::figures::assess;
use crate::figures::checks::Held;
use crate::figures::commentary::{self, DRAFT};
use crate::figures::comparators::{self, Elsewhere};
use crate::figures::select::{Selector, Stop};
use crate::figures::suppress::{self, Rule, ShownFigures, Unsafe};
use crate::figures::work_out::{self, needs_lists};
use crate::intake::local;
use crate::intake::project::{Project, Rules, SETTINGS, USUAL_POLICY};
use crate::intake::read::{self, Excerpt, Limits, Source};
use crate::intake::returns::{Reporting, Return};
use crate::nouns::area::AreaCode;
use crate::nouns::period::Period;
use crate::nouns::plan::SheetPlan;
use crate::nouns::problem::{Kind, Place, Problem, Problems, Severity, did_you_mean};
use crate::nouns::report::Report;
use crate::nouns::side_by_side::{both, drop_aside};
use crate::papers::layout::{self, Frame, Said, Texts};
use crate::papers::write::Areas;
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
    pub apart: bool,
    /// Last year's return, in place of the settings'.
    pub last_year: Vec<PathBuf>,
    /// Whether rules are asked that move no figure.
    pub rules: bool,
    /// How much a file may ask for.
    pub limits: Limits,
    /// Told which stage begins.
    pub progress: Option<fn(&str)>,
}

impl Wishes {
    fn stage(&self, name: &str) {
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
    pub received: Rc<Return>,
    /// The return as it was sent: what checks look at.
    pub as_sent: Rc<Return>,
    /// The period.
    pub period: Period,
    /// The council's name and codes.
    pub areas: Areas,
    /// What is known beside the return: published figures, earlier reports, the councils to compare
    /// with.
    pub elsewhere: Elsewhere,
}

/// A report that is ready to be written.
pub struct Finished {
    /// The appendix as data.
    pub report: Report,
    /// Every figure that may be shown.
    pub shown: Rc<ShownFigures>,
}

/// What is wrong where there is nothing to make a report of.
pub fn nothing_named() -> Problem {
    Problem::usage("", "no return is named, and the project has no published figures to report")
        .hint("name the return, or set up [published] in rapporteur.toml")
}

/// Reads scripts and return, and checks the return by the scripts' rules. Nothing is given where
/// the scripts or the files have faults: the problems say which.
pub fn receive(project: &Project, wishes: &Wishes, problems: &mut Problems) -> Option<Received> {
    let period = match wishes
        .period
        .as_deref()
        .map(|text| (text, Period::parse(text, project.year_month)))
    {
        None => None,
        Some((_, Some(period))) => Some(period),
        Some((text, None)) => {
            problems.add(Problem::usage("", format!("the period `{text}` is not understood")).hint(
                "say for example --period \"2026/27 Q1/Q2\", \"2026/27 Q2\", \"2026/27\" or \"30 September 2026\"",
            ));
            return None;
        }
    };
    if wishes.file().is_none() && project.settings.published.is_empty() {
        problems.add(nothing_named());
        return None;
    }
    wishes.stage("reading the return");
    // Scripts know nothing of the return yet: they are loaded while it is read.
    let reading = || {
        let mut found = Problems::default();
        (read_all(wishes, &mut found), found)
    };
    let loading = || {
        let mut loaded = Engine::load(&project.sources, problems);
        local::apply(project, &mut loaded.1, problems);
        loaded
    };
    let ((sources, read_problems), (engine, declared)) = both(reading, loading);
    problems.extend(read_problems);
    let sources = sources?;
    problems_of_nobody(&declared, project).for_each(|problem| problems.add(problem));
    if failed(problems) {
        return None;
    }
    let reporting = Reporting { year_month: project.year_month, period };
    let gathered = Return::gather(&sources, &declared, reporting, problems);
    let (mut received, period) = problems.keep(gathered)?;
    if let Some(last_year) = last_year(project, wishes, (&declared, &period), problems)? {
        received.put_beside(last_year, &declared);
    }
    // A national return takes a while to give back: meanwhile the work goes on.
    drop_aside(sources);
    if !project.settings.published.is_empty() {
        wishes.stage("reading published figures");
    }
    let reading = comparators::Reading {
        history: &wishes.history,
        apart: wishes.apart,
        limits: &wishes.limits,
    };
    let elsewhere = comparators::gather(project, &reading, &received, &declared, problems);
    let areas = areas(project, &received, &elsewhere);
    let empty = received.lists.is_empty()
        && received.management.figures.is_empty()
        && received.management.commentary.is_empty();
    if let (true, Some(file)) = (empty, wishes.file()) {
        problems.add(
            Problem::error(
                Place::file(file),
                "nothing in the return was recognised: no list, no figures, no commentary",
            )
            .hint("`rapporteur show FILE` tells what is in a file, `rapporteur list` what is looked for"),
        );
        return None;
    }
    let (received, declared) = (Rc::new(received), Rc::new(declared));
    engine.receive(received.clone(), declared.clone(), period);
    let mut all = Received {
        engine,
        declared,
        as_sent: received.clone(),
        received,
        period,
        areas,
        elsewhere,
    };
    all.check(wishes.rules || project.settings.rules == Rules::All, problems);
    all.settle(problems);
    Some(all)
}

/// Last year's return, where one is named; nothing at all where it cannot be read. What is wrong in
/// it was told last year.
fn last_year(
    project: &Project,
    wishes: &Wishes,
    (declared, period): (&Declarations, &Period),
    problems: &mut Problems,
) -> Option<Option<Return>> {
    let settings = &project.settings.last_year.files;
    let named = match wishes.last_year.as_slice() {
        [] if wishes.apart => Vec::new(),
        [] => settings.0.iter().map(|file| project.beside(file)).collect(),
        named => named.to_vec(),
    };
    let Some(first) = named.first().map(|path| path.display().to_string()) else {
        return Some(None);
    };
    wishes.stage("reading last year's return");
    let asked = Wishes { inputs: named, limits: wishes.limits.clone(), ..Wishes::default() };
    let sources = read_all(&asked, problems)?;
    let reporting =
        Reporting { year_month: project.year_month, period: Some(period.previous_year()) };
    let gathered = Return::gather(&sources, declared, reporting, &mut Problems::default());
    let (last_year, _) = problems.keep(gathered)?;
    if last_year.lists.is_empty() {
        problems.add(
            Problem::warning(Place::file(first), "last year's return holds no list")
                .hint("name the workbook, or the folder of CSV lists, that was sent a year ago"),
        );
    }
    Some(Some(last_year))
}

/// What counts people and says that it does not is refused, unless the settings name its script.
fn problems_of_nobody(declared: &Declarations, project: &Project) -> impl Iterator<Item = Problem> {
    let allowed = |script: &str| project.settings.counts_nobody.iter().any(|name| name == script);
    let found = declared.counted_as_nobody().into_iter();
    let refused = found.filter(move |(indicator, _)| !allowed(&indicator.place.file));
    refused.map(|(indicator, counts)| {
        let (code, script) = (&indicator.code, &indicator.place.file);
        let message = format!("`{code}` says `people = false`, but counts {counts}");
        Problem::script(indicator.place.clone(), message).hint(format!(
            "take it away, or let {SETTINGS} say so of the script: counts_nobody = [\"{script}\"]"
        ))
    })
}

/// Who reports, by the return's Cover, the settings or the published files.
fn areas(project: &Project, received: &Return, elsewhere: &Elsewhere) -> Areas {
    let cover = |key: &str| received.management.cover_text(key).map(ToString::to_string);
    let settings = &project.settings.authority;
    let places = &elsewhere.published.places;
    let named = |code: Option<AreaCode>| code.and_then(|code| places.names.get(&code).cloned());
    let region = elsewhere.own.and_then(|own| places.region_of.get(&own).copied());
    Areas {
        authority: comparators::authority(project, received)
            .or_else(|| named(elsewhere.own))
            .unwrap_or("The council".to_string()),
        authority_code: elsewhere.own.map_or(String::new(), |own| own.as_str().to_string()),
        region: cover("Region")
            .or_else(|| settings.region.clone())
            .or_else(|| named(region))
            .unwrap_or("Region".to_string()),
        region_code: region.map_or(String::new(), |code| code.as_str().to_string()),
        councils: elsewhere.published.places.names.clone(),
    }
}

/// Reads every input; all that cannot be read are told at once.
fn read_all(wishes: &Wishes, problems: &mut Problems) -> Option<Vec<Source>> {
    let mut sources = Vec::new();
    let mut whole = true;
    let files: Vec<PathBuf> = inputs(&wishes.inputs, problems)?;
    let limits = &wishes.limits;
    let mut read: Vec<Result<Source, Problem>> =
        files.iter().map(|path| read::read_file(path, limits, problems)).collect();
    read.extend(
        wishes.excerpts.iter().map(|excerpt| read::read_excerpt(excerpt, limits, problems)),
    );
    for source in read {
        match source {
            Ok(source) => sources.push(source),
            Err(problem) => {
                problems.add(problem);
                whole = false;
            }
        }
    }
    whole.then_some(sources)
}

/// The files that are meant: a folder means its CSV lists; the same file is read once.
fn inputs(named: &[PathBuf], problems: &mut Problems) -> Option<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path)
            .map(|entries| entries.filter_map(Result::ok).map(|e| e.path()).collect());
        let mut inside: Vec<PathBuf> = entries.unwrap_or_default();
        inside.retain(|p| {
            let mark = p.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"));
            p.is_file() && !mark && p.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv"))
        });
        inside.sort();
        if inside.is_empty() {
            problems.add(
                Problem::unreadable(path.display().to_string(), "the folder holds no CSV lists")
                    .hint("name the workbook itself"),
            );
            return None;
        }
        files.append(&mut inside);
    }
    let mut seen: HashMap<PathBuf, ()> = HashMap::new();
    files.retain(|path| {
        let once = seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone()), ()).is_none();
        if !once {
            problems.add(Problem::warning(
                Place::file(path.display().to_string()),
                "the file is named twice; it was read once",
            ));
        }
        once
    });
    Some(files)
}

impl Received {
    fn selector(&self) -> Selector<'_> {
        Selector::new(&self.received, &self.declared, self.period, &self.engine)
    }

    /// Counts spans of time that contradict each other by one rule each, so that nobody is counted
    /// twice.
    fn settle(&mut self, problems: &mut Problems) {
        if let Some(settled) = self.as_sent.settled(&self.declared, &self.period, problems) {
            self.received = Rc::new(settled);
            self.engine.receive(self.received.clone(), self.declared.clone(), self.period);
        }
    }

    /// Holds the return against the scripts' checks.
    fn check(&self, all_rules: bool, problems: &mut Problems) {
        let held = Held {
            received: &self.received,
            declared: &self.declared,
            period: self.period,
            all_rules,
        };
        held.problems(&self.selector(), &self.selector().with_left_out(), problems);
    }

    /// Why indicators are not worked out, each reason with the indicators that it holds for. Those
    /// that managers typed instead are worked out; a return without any list is one of typed
    /// figures alone.
    pub fn gaps(&self, shown: &ShownFigures) -> IndexMap<String, Vec<String>> {
        let mut reasons: IndexMap<String, Vec<String>> = IndexMap::new();
        if self.received.lists.is_empty() {
            return reasons;
        }
        let selector = self.selector();
        // What nobody misses is no gap.
        let missed = |indicator: &&Indicator| {
            let list = indicator.measure.of().and_then(|of| self.declared.list_of(of));
            list.is_none_or(|list| !list.optional || self.received.lists.contains_key(&list.name))
        };
        for indicator in self.declared.indicators.values().filter(|i| needs_lists(i)).filter(missed)
        {
            let known = shown.own(&indicator.code).is_some();
            if known
                && (indicator.breakdown.is_none() || shown.parts(&indicator.code).next().is_some())
            {
                continue;
            }
            match selector.count(indicator) {
                Err(Stop::Unavailable(why)) if !known => {
                    reasons.entry(why).or_default().push(indicator.code.clone())
                }
                Ok(total) => {
                    if let Err(Stop::Unavailable(why)) =
                        selector.parts(indicator, &total, &mut Problems::default())
                    {
                        reasons
                            .entry(why)
                            .or_default()
                            .push(format!("{} (its parts)", indicator.code));
                    }
                }
                Err(_) => {}
            }
        }
        reasons
    }

    /// Every figure that the return allows.
    pub fn figures(&self, problems: &mut Problems) -> Figures {
        work_out::work_out(
            &self.received,
            &self.declared,
            &self.period,
            &self.selector(),
            &self.engine,
            &self.elsewhere,
            problems,
        )
    }

    /// The same, with what an audit by the rule needs to know of earlier reports.
    pub fn figures_under(&self, rule: &Rule, problems: &mut Problems) -> Figures {
        let mut figures = self.figures(problems);
        if rule.small().is_none() {
            return figures;
        }
        for period in figures.periods_to_recount() {
            self.engine.receive(self.received.clone(), self.declared.clone(), period);
            let selector = Selector::new(&self.received, &self.declared, period, &self.engine);
            figures.recounted.extend(work_out::recount(&self.declared, &period, &selector));
        }
        self.engine.receive(self.received.clone(), self.declared.clone(), self.period);
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

    /// From figures to what may be shown of them.
    pub fn shown(
        &self,
        project: &Project,
        wishes: &Wishes,
        problems: &mut Problems,
    ) -> Option<Rc<ShownFigures>> {
        let rule = self.chosen_rule(project, wishes, problems)?;
        let policy = self.chosen_policy(project, problems)?;
        wishes.stage("working out figures");
        let mut figures = self.figures_under(&rule, problems);
        figures.policies.usual = policy;
        self.name_unchecked(&rule, &figures, problems);
        match suppress::apply(rule, figures) {
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
                    "earlier reports printed the numbers that these are made of; take the measures out of the scripts, or use another rule",
                ));
                None
            }
        }
    }

    fn lay_out(
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
        let typed = &self.received.management;
        problems.extend(commentary::check(&shown, &typed.commentary, |about| {
            self.code_of(about, &shown)
        }));
        problems.extend(commentary::check_figures(
            &shown,
            &typed.figures,
            &Place::file(file),
            |about| self.code_of(about, &shown),
        ));
        let sign_off: Vec<(String, String)> =
            project.settings.sign_off.iter().map(|s| (s.role.clone(), s.name.clone())).collect();
        let reporter = Reporter {
            authority: &self.areas.authority,
            region: &self.areas.region,
            sign_off: &sign_off,
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
            self.received.management.cover_text("Return").unwrap_or("Performance").to_string();
        let frame = Frame {
            authority: &self.areas.authority,
            region: &self.areas.region,
            councils: &self.areas.councils,
            subject: &subject,
            place: &layout.place,
            house: &project.house,
        };
        let printed = layout::said(&plans, &texts);
        self.name_unprinted(&printed, &layout.name, &shown, problems);
        let report = layout::fill(&plans, &shown, &texts, &frame, problems);
        if failed(problems) {
            return None;
        }
        Some(Finished { report, shown })
    }

    /// What a manager typed and the layout has no place for: nobody would read it.
    fn name_unprinted(
        &self,
        printed: &Said,
        layout: &str,
        shown: &ShownFigures,
        problems: &mut Problems,
    ) {
        let rows = self.received.management.commentary.iter();
        for row in rows.filter(|row| !row.text.is_empty()) {
            // What has no figure was told already.
            let code = self.code_of(&row.about, shown);
            if code.is_some_and(|code| shown.own(&code).is_none()) || printed.has(&row.text) {
                continue;
            }
            let message = format!("this is not printed: the layout `{layout}` has no place for it");
            problems.add(Problem::note(row.place.clone(), message).hint(
                "`rapporteur list` names the layouts; --template chooses one for a single report",
            ));
        }
    }

    /// Percentages without their counts may be of one child, and are shown.
    fn name_unchecked(&self, rule: &Rule, figures: &Figures, problems: &mut Problems) {
        for code in suppress::unchecked(rule, figures) {
            let mut rows = self.received.management.figures.iter();
            let named = |text: &str| {
                self.declared.indicator_named(text).map_or(text == code, |i| i.code == code)
            };
            let Some(row) = rows.rfind(|row| named(&row.indicator)) else { continue };
            let message =
                format!("`{code}` is shown although its count is not known: it may be a small one");
            problems.add(
                Problem::note(row.place.clone(), message)
                    .hint("give its numerator and denominator on the Figures sheet"),
            );
        }
    }

    /// The commentary by indicator, typed or drafted, and the narratives of areas.
    fn texts(
        &self,
        shown: &Rc<ShownFigures>,
        problems: &mut Problems,
    ) -> (Texts, Vec<(String, String)>) {
        let mut texts = Texts::default();
        let mut narratives: Vec<(String, String)> = Vec::new();
        let rows = &self.received.management.commentary;
        for typed in rows.iter().filter(|row| !row.text.is_empty()) {
            if let Some(code) = self.code_of(&typed.about, shown) {
                if shown.own(&code).is_none() {
                    problems.add(
                        Problem::warning(
                            typed.place.clone(),
                            format!("there is commentary on `{code}`, but no figure for it, so it was not used"),
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
                let codes = self.declared.indicators.keys().map(String::as_str);
                let mut themes =
                    self.declared.indicators.values().filter_map(|i| i.theme.as_deref());
                let looks_like_code = (typed.about.contains('_') || !typed.about.contains(' '))
                    && !themes.any(|theme| theme.eq_ignore_ascii_case(&typed.about));
                if let (true, Some(near)) =
                    (looks_like_code, crate::nouns::problem::nearest(&typed.about, codes))
                {
                    problems.add(
                        Problem::warning(
                            typed.place.clone(),
                            format!("no indicator has this code; it was taken as an area. Is `{near}` meant?"),
                        )
                        .hint("correct the code on the Commentary sheet"),
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

    /// The layout.
    pub fn chosen_layout(
        &self,
        project: &Project,
        wishes: &Wishes,
        problems: &mut Problems,
    ) -> Option<&Layout> {
        let name = wishes.template.as_ref().unwrap_or(&project.settings.layout);
        let found = self.declared.layouts.get(name);
        if found.is_none() {
            let known: Vec<&str> = self.declared.layouts.keys().map(String::as_str).collect();
            let guess = did_you_mean(name, known.iter().copied());
            problems.add(
                Problem::usage("", format!("there is no layout `{name}`{guess}"))
                    .hint(format!("layouts are {}", known.join(", "))),
            );
        }
        found
    }

    /// The rule of disclosure control.
    pub fn chosen_rule(
        &self,
        project: &Project,
        wishes: &Wishes,
        problems: &mut Problems,
    ) -> Option<Rule> {
        let name = wishes.disclosure.as_ref().unwrap_or(&project.settings.disclosure);
        if name == Rule::NONE {
            return Some(Rule::none());
        }
        let found = self.declared.disclosures.get(name);
        if found.is_none() {
            let known: Vec<&str> = std::iter::once(Rule::NONE)
                .chain(self.declared.disclosures.keys().map(String::as_str))
                .collect();
            let guess = did_you_mean(name, known.iter().copied());
            problems.add(
                Problem::usage("", format!("there is no disclosure rule `{name}`{guess}"))
                    .hint(format!("rules that there are: {}", known.join(", "))),
            );
        }
        found.cloned()
    }

    /// The name of the status policy for indicators that name none. Scripts without any policy need
    /// none.
    fn chosen_policy(&self, project: &Project, problems: &mut Problems) -> Option<String> {
        let known = || self.declared.policies.keys().map(String::as_str);
        let name = project.settings.status.as_deref().unwrap_or(USUAL_POLICY);
        if known().any(|k| k == name)
            || (project.settings.status.is_none() && self.declared.policies.is_empty())
        {
            return Some(name.to_string());
        }
        let message = format!("there is no status policy `{name}`{}", did_you_mean(name, known()));
        let known = known().collect::<Vec<_>>().join(", ");
        problems.add(
            Problem::usage(SETTINGS, message).hint(format!("status = \"…\"; policies are {known}")),
        );
        None
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
