//! What a report says beside a figure, and where that comes from: target and status, comparators,
//! commentary, parts.

use serde_json::{Value, json};

use super::{Desk, Line, Trail};
use crate::definitions::{Better, Indicator, Measure};
use crate::figures::assess::{self, Direction};
use crate::figures::suppress::{self, Why};
use crate::intake::project::Average;
use crate::intake::published::Series;
use crate::intake::returns::TypedFigure;
use crate::nouns::area::{Area, AreaCode, ENGLAND};
use crate::nouns::comparator::Comparator;
use crate::nouns::figure::{Figure, FigureValue, Origin};
use crate::nouns::numbers::in_full;
use crate::nouns::numbers::{decimals_of, rounded};
use crate::nouns::period::Period;
use crate::nouns::report::Tone;
use crate::nouns::words::listed;

impl Desk<'_> {
    /// The row of the Figures sheet that gives an indicator.
    pub(super) fn typed_row(&self, code: &str) -> Option<&TypedFigure> {
        // Where the indicator stands on the sheet twice, the lower row is used.
        self.received.counted.management.figures.iter().rev().find(|row| {
            let declared = self.received.declared.indicator_named(&row.indicator);
            declared.map_or(row.indicator.as_str(), |i| i.code.as_str()) == code
        })
    }

    /// A figure before disclosure control.
    pub(super) fn figure(&self, code: &str, area: Area, period: &Period) -> Option<&Figure> {
        self.figures
            .figures
            .iter()
            .find(|f| f.indicator == code && f.area == area && f.period == *period)
    }

    /// A figure as it is printed where nothing is hidden.
    pub(super) fn printed(&self, figure: &Figure) -> String {
        self.figures.indicators[&figure.indicator].printed(&figure.value, figure.decimals)
    }

    /// Where a figure comes from, in a sentence, and what it is the average of.
    pub(super) fn source(&self, figure: &Figure) -> (String, Vec<Line>) {
        let elsewhere = &self.received.elsewhere;
        match figure.origin {
            Origin::Calculated => {
                let of = match (figure.numerator, figure.denominator) {
                    (Some(n), Some(d)) => format!(": {} over {}", in_full(n), in_full(d)),
                    _ => String::new(),
                };
                (format!("calculated from the return's lists{of}"), Vec::new())
            }
            Origin::Typed => {
                let period = self.figures.period;
                let comparator = Comparator::TYPED.iter().find(|one| {
                    // A comparator that has a year of its own is typed under the same heading.
                    one.area() == figure.area
                        && (!one.is_own() || one.when(&period) == figure.period)
                });
                let name = comparator
                    .filter(|_| (figure.area, figure.period) != (Area::Own, period))
                    .map(Comparator::name);
                let row = self.typed_row(&figure.indicator);
                let place = row.and_then(|row| {
                    let cell = row.values.get(name.unwrap_or("value")).map(|(_, place)| place);
                    cell.or(Some(&row.place))
                });
                let at = place.map_or(String::new(), |place| format!(" at {place}"));
                (format!("typed on the Figures sheet{at}"), Vec::new())
            }
            Origin::History => {
                let key = (figure.indicator.clone(), figure.area, figure.period);
                let report = elsewhere.history.entries.get(&key).map(|entry| entry.report.label());
                let report = report
                    .map_or("an earlier report".to_string(), |r| format!("the report for {r}"));
                (format!("printed in {report}"), Vec::new())
            }
            Origin::Published => {
                let release = figure.background.release.as_deref().unwrap_or_default();
                let of_release = |series: &&Series| series.release == release;
                let series = elsewhere.published.of(&figure.indicator).rev().find(of_release);
                let Some(series) = series else {
                    return ("published by DfE".to_string(), Vec::new());
                };
                let from = format!("published by DfE, {release} release");
                if figure.area == Area::StatisticalNeighbours {
                    return self.average(figure, series, &from);
                }
                let line = self
                    .code_of(figure.area)
                    .and_then(|code| series.values.get(&(code, figure.period)));
                let line = line.map_or(String::new(), |value| format!(":{}", value.line));
                (format!("{from}, {}{line}", series.file), Vec::new())
            }
        }
    }

    fn average(&self, figure: &Figure, series: &Series, from: &str) -> (String, Vec<Line>) {
        let group = &self.received.elsewhere.group;
        let how = match group.average {
            Average::Mean => "mean",
            Average::Median => "median",
        };
        let (used, of) = figure.background.average_of.unwrap_or_default();
        let councils = group.councils.iter().zip(&group.names);
        let councils = councils
            .map(|(code, name)| Line::below(name, self.published_of(*code, figure, series)));
        (format!("the {how} of {used} of {of} councils, {from}"), councils.collect())
    }

    /// What a release gives for a council, of a figure's indicator and time, and on which line.
    fn published_of(&self, code: AreaCode, figure: &Figure, series: &Series) -> String {
        let indicator = &self.figures.indicators[&figure.indicator];
        match series.values.get(&(code, figure.period)) {
            Some(value) => {
                let printed = indicator.printed(&value.value, Some(series.decimals));
                format!("{printed}, {}:{}", series.file, value.line)
            }
            None => "not in the file".to_string(),
        }
    }

    fn code_of(&self, area: Area) -> Option<AreaCode> {
        let elsewhere = &self.received.elsewhere;
        match area {
            Area::Own => elsewhere.own,
            Area::Region => elsewhere.published.places.region_of.get(&elsewhere.own?).copied(),
            Area::England => AreaCode::parse(ENGLAND),
            Area::Council(code) => Some(code),
            Area::StatisticalNeighbours => None,
        }
    }

    /// Whether the council's figure of the period is a number that the report does not show.
    fn is_hidden(&self, code: &str) -> bool {
        let known =
            self.figures.own(code).is_some_and(|f| matches!(f.value, FigureValue::Number(_)));
        known
            && self
                .shown
                .as_ref()
                .and_then(|shown| shown.own(code))
                .is_some_and(|own| own.value().is_none())
    }

    /// Why the report does not show a figure; nothing where it does.
    pub(super) fn why_hidden(&self, figure: &Figure) -> Option<String> {
        let at = self.figures.figures.iter().position(|f| std::ptr::eq(f, figure))?;
        let rule = &self.shown.as_ref()?.rule;
        let why = match suppress::why_hidden(rule, self.figures, at)? {
            Why::Small => match rule.hide {
                Some((from, to)) => {
                    format!(
                        "it tells of {} to {} people, or of all but so few",
                        in_full(from),
                        in_full(to)
                    )
                }
                None => "it tells of few people".to_string(),
            },
            Why::Derived(of) => format!("it is worked out of {}, which is hidden too", listed(&of)),
            Why::Protects(codes) if codes.is_empty() => "to protect a figure beside it".to_string(),
            Why::Protects(codes) => {
                format!("to protect {}, of which it would tell too much", listed(&codes))
            }
        };
        Some(format!("hidden by the rule {}: {why}", rule.name))
    }

    /// What the target is and where it was set.
    pub(super) fn target(&self, indicator: &Indicator) -> Option<String> {
        let target = indicator.target?;
        let at = match &indicator.target_at {
            Some(place) => format!("typed at {place}"),
            None => {
                let declared = &self.received.declared;
                let changed = declared.changed_at("indicator", &indicator.code, "target");
                format!("set at {}", changed.unwrap_or(&indicator.place))
            }
        };
        Some(format!("{}, {at}", measured(indicator, target)))
    }

    /// How the status came about: target, what comes to which status, and the sum.
    pub(super) fn status(&self, indicator: &Indicator) -> Vec<Line> {
        let mut lines = Vec::new();
        let Some(shown) = &self.shown else { return lines };
        lines.extend(self.target(indicator).map(|target| Line::of("target", target)));
        let status = assess::status(shown, &indicator.code);
        if let Some(policy) = shown.policies.of(indicator) {
            let by = format!("{}, by the policy {} ({})", status.words, policy.name, policy.place);
            lines.push(Line::of("status", by));
        } else {
            lines.push(Line::of("status", status.words));
        }
        lines.extend(assess::limits(shown, &indicator.code).map(|limits| Line::below("", limits)));
        let value = shown.own(&indicator.code).and_then(|own| own.value());
        if let (Some(value), Some(target), false) =
            (value, indicator.target, status.tone == Tone::Information)
        {
            let gap = rounded((value - target).abs(), indicator.decimals.max(2));
            let side = match value.total_cmp(&target) {
                std::cmp::Ordering::Less => format!("is {gap} below"),
                std::cmp::Ordering::Equal => "equals".to_string(),
                std::cmp::Ordering::Greater => format!("is {gap} above"),
            };
            let good = match indicator.better {
                Better::Higher => "high is good",
                Better::Lower => "low is good",
                Better::Neither => "nearness is good",
            };
            let value = rounded(value, indicator.decimals.max(2));
            lines.push(Line::below("", format!("{value} {side} the target of {target}; {good}")));
        }
        lines.extend(status.note.map(|note| Line::below("", note)));
        lines
    }

    /// The typed rows of commentary on an indicator, or the script that drafts it.
    pub(super) fn commentary(&self, code: &str) -> Vec<Line> {
        let Some(shown) = &self.shown else { return Vec::new() };
        let rows = self.received.counted.management.commentary.iter();
        let about =
            rows.filter(|row| self.received.code_of(&row.about, shown).as_deref() == Some(code));
        let typed: Vec<Line> = about
            .filter(|row| !row.text.is_empty())
            .map(|row| {
                let by =
                    row.author.as_ref().map_or(String::new(), |author| format!(" by {author}"));
                Line::of("commentary", format!("typed at {}{by}", row.said_at))
            })
            .collect();
        let draft = self.received.declared.commentary.get(code).filter(|_| typed.is_empty());
        let draft = draft.filter(|_| shown.own(code).is_some());
        typed
            .into_iter()
            .chain(draft.map(|draft| {
                Line::of("commentary", format!("drafted by the script at {}", draft.place))
            }))
            .collect()
    }
}

impl Trail<'_> {
    pub(super) fn hidden(&self) -> Option<String> {
        self.desk.why_hidden(self.figure.filter(|_| self.desk.is_hidden(&self.indicator.code))?)
    }

    /// What the report prints in place of the figure, where that is something else.
    pub(super) fn in_the_report(&self) -> Option<Line> {
        let (figure, shown) = (self.figure?, self.desk.shown.as_ref()?);
        let own = shown.own(&self.indicator.code)?;
        let rule = &shown.rule.name;
        match self.hidden() {
            Some(why) => Some(Line::of("in the report", format!("{}, {why}", own.text()))),
            None if own.text() != self.desk.printed(figure) => Some(Line::of(
                "in the report",
                format!("{}, rounded by the rule {rule}", own.text()),
            )),
            None => None,
        }
    }

    /// Target and status; nothing where there is nothing to reach.
    pub(super) fn target_lines(&self) -> Vec<Line> {
        let aims = self.indicator.target.is_some() || self.indicator.thresholds.is_some();
        if aims { self.desk.status(self.indicator) } else { Vec::new() }
    }

    /// The figures that stand beside it, by name.
    fn comparators(&self) -> Vec<(Comparator, &Figure)> {
        let Some(shown) = &self.desk.shown else { return Vec::new() };
        let mut found: Vec<(Comparator, &Figure)> = Vec::new();
        for comparator in Comparator::TYPED {
            let Some(theirs) = shown.comparator(self.code(), comparator) else { continue };
            let figure = self.desk.figure(self.code(), theirs.area(), theirs.period());
            // The last out-turn may be the same period last year.
            let new = |f: &&Figure| !found.iter().any(|(_, other)| std::ptr::eq(*other, *f));
            found.extend(figure.filter(new).map(|figure| (comparator, figure)));
        }
        found
    }

    pub(super) fn comparator_lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for (comparator, figure) in self.comparators() {
            let (source, more) = self.desk.source(figure);
            let period =
                if figure.dated { format!(" ({})", figure.period.label()) } else { String::new() };
            let text = format!("{}{period}, {source}", self.desk.printed(figure));
            lines.push(Line::of(&comparator.to_string(), text));
            if let Some(shown) = self.desk.shown.as_ref().filter(|_| figure.area == Area::Own) {
                let direction = assess::direction(shown, self.code(), comparator);
                let change = assess::change(shown, self.code(), comparator)
                    .filter(|_| direction != Some(Direction::NoChange));
                let change = change.map(|change| change.to_string());
                let direction = direction.map(|way| way.plain_words().to_string());
                let told: Vec<String> = change.into_iter().chain(direction).collect();
                if !told.is_empty() {
                    lines.push(Line::below("since then", told.join(", ")));
                }
            }
            lines.extend(more);
        }
        lines
    }

    pub(super) fn comparators_json(&self) -> Value {
        let all = self.comparators().into_iter().map(|(comparator, figure)| {
            let (source, more) = self.desk.source(figure);
            json!({
                "comparator": comparator.name(), "area": self.desk.name(&figure.area),
                "printed": self.desk.printed(figure),
                "period": figure.dated.then(|| figure.period.label()),
                "origin": figure.origin.word(),
                "source": source, "average_of": super::said(&more),
            })
        });
        Value::Array(all.collect())
    }

    pub(super) fn commentary_lines(&self) -> Vec<Line> {
        self.desk.commentary(self.code())
    }

    /// The figures that a script works it out of, each in a line.
    pub(super) fn made_of_lines(&self) -> Vec<Line> {
        let Measure::Derived { from, .. } = &self.indicator.measure else { return Vec::new() };
        from.iter().map(|code| self.of(code)).collect()
    }

    fn of(&self, code: &str) -> Line {
        let title = self.desk.figures.indicators.get(code).map_or("", |i| i.title.as_str());
        let text = match self.desk.figures.own(code) {
            Some(figure) => {
                format!("{}, {}  ({title})", self.desk.printed(figure), self.desk.source(figure).0)
            }
            None => format!("no figure  ({title})"),
        };
        Line::below(code, text)
    }

    /// The parts that it is broken down into.
    fn parts(&self) -> impl Iterator<Item = &Indicator> {
        let parts = self.desk.figures.indicators.values();
        parts.filter(|i| {
            !i.running && i.crossed.is_none() && i.part_of.as_deref() == Some(self.code())
        })
    }

    pub(super) fn part_lines(&self) -> Vec<Line> {
        let parts: Vec<Line> = self
            .parts()
            .filter_map(|part| {
                let figure = self.desk.figures.own(&part.code)?;
                let hidden =
                    if self.desk.is_hidden(&part.code) { ", hidden in the report" } else { "" };
                Some(Line::below(
                    &part.code,
                    format!("{}{hidden}  ({})", self.desk.printed(figure), part.title),
                ))
            })
            .collect();
        let by = self
            .indicator
            .breakdown
            .as_ref()
            .filter(|_| !parts.is_empty() && self.desk.shown.is_some());
        let heading = by.map(|b| Line::of("parts", format!("by {}", b.by)));
        heading
            .into_iter()
            .flat_map(|heading| std::iter::once(heading).chain(parts.clone()))
            .collect()
    }

    pub(super) fn parts_json(&self) -> Value {
        let parts = self.parts().filter_map(|part| {
            let figure = self.desk.figures.own(&part.code)?;
            let value = match figure.value {
                FigureValue::Number(n) => Some(n),
                FigureValue::Gap { .. } => None,
            };
            Some(json!({ "indicator": part.code, "title": part.title, "value": value }))
        });
        Value::Array(parts.collect())
    }

    /// What is published of it, release by release, with file and line.
    pub(super) fn published_lines(&self) -> Vec<Line> {
        let elsewhere = &self.desk.received.elsewhere;
        let own = elsewhere.own.map(|own| (own, self.desk.name(&Area::Own)));
        let england = AreaCode::parse(ENGLAND).map(|code| (code, "England"));
        let mut lines = Vec::new();
        for series in elsewhere.published.of(&self.indicator.code) {
            for (code, name) in own.iter().chain(&england) {
                let until = self.desk.received.period.end;
                let years = series.values.keys().filter(|(c, year)| c == code && year.end <= until);
                let Some((_, year)) = years.max_by_key(|(_, year)| year.end) else { continue };
                let value = &series.values[&(*code, *year)];
                let text = format!(
                    "{name} {} for {}, {}:{}",
                    self.indicator.printed(&value.value, Some(series.decimals)),
                    year.label(),
                    series.file,
                    value.line
                );
                lines.push(Line::of(&format!("published, {} release", series.release), text));
            }
        }
        lines
    }
}

/// A target as the report prints it.
fn measured(indicator: &Indicator, n: f64) -> String {
    indicator.printed(&FigureValue::Number(n), Some(decimals_of(n).min(indicator.decimals.max(2))))
}
