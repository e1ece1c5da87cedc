//! The values that scripts' functions are handed. They can be read and not changed.

use super::{Field, Group, Kind, may, must};

const fn value(
    name: &'static str,
    called: &'static str,
    says: &'static str,
    groups: &'static [Group],
) -> Kind {
    Kind { name, called, says, written: false, unnamed: 0, groups, example: "" }
}

/// What functions are handed.
pub const KINDS: &[Kind] = &[
    value(
        "Day",
        "a day",
        "Compared with `<`, `<=`, `==` and so on; `a - b` is a number of days. As text a day is \
         `30 September 2026`.",
        &[Group { mark: "day", heading: "", fields: DAY }],
    ),
    value(
        "Period",
        "a period",
        "As text a period is its label.",
        &[Group { mark: "period", heading: "", fields: PERIOD }],
    ),
    value(
        "Figure",
        "a figure",
        "A figure as it is printed, after disclosure control. A council's code in brackets, \
         `f[\"E06000015\"]`, is that council's figure.",
        &[Group { mark: "figure", heading: "", fields: FIGURE }],
    ),
    value(
        "Report",
        "the report",
        "What a layout is handed.",
        &[Group { mark: "report", heading: "", fields: REPORT }],
    ),
    value(
        "Crossed",
        "a table of two breakdowns",
        "By `report:crossed`.",
        &[Group { mark: "crossed", heading: "", fields: CROSSED }],
    ),
    value(
        "CrossedColumn",
        "a column of it",
        "What an indicator's `across` makes.",
        &[Group { mark: "crossed-column", heading: "", fields: CROSSED_COLUMN }],
    ),
    value(
        "CrossedRow",
        "a row of it",
        "A part of the indicator.",
        &[Group { mark: "crossed-row", heading: "", fields: CROSSED_ROW }],
    ),
    value(
        "Signatory",
        "somebody who signs",
        "By the settings' `[[sign_off]]`.",
        &[Group { mark: "signatory", heading: "", fields: SIGNATORY }],
    ),
    value(
        "Narrative",
        "a narrative",
        "Commentary on an area of the service.",
        &[Group { mark: "narrative", heading: "", fields: NARRATIVE }],
    ),
];

const DAY: &[Field] = &[
    must("year", "number", "2026"),
    must("month", "number", "9"),
    must("day", "number", "30"),
    must(
        "plus_days",
        "(self, days: number) -> Day",
        "the day so many days later; earlier, below 0",
    ),
    must(
        "plus_months",
        "(self, months: number) -> Day",
        "the same day of another month, or that month's last day",
    ),
    must("age_from", "(self, birth: Day) -> number", "an age in completed years on that day"),
];

const PERIOD: &[Field] = &[
    must("start", "Day", "1 April 2026"),
    must("ending", "Day", "30 September 2026"),
    must("year_start", "Day", "1 April 2026"),
    must("year_end", "Day", "31 March 2027"),
    must("label", "string", "`2026/27 Q1/Q2`"),
    must("year", "string", "`2026/27`"),
    must("short_year", "string", "`26/27`"),
    must("quarter", "string", "`Q1/Q2`; for a month its name, for a whole year the short year"),
    must("start_month", "string", "`April 2026`"),
    must("end_month", "string", "`September 2026`"),
    must("previous_year", "Period", "the whole year before"),
    must("latest_quarter", "Period", "the quarter that its last day lies in"),
    must("next_year", "Period", "the whole year after: of forecasts and of targets to come"),
    must("previous_quarter", "Period", "the quarter before"),
    must("previous_month", "Period", "the month before the one that the period's end lies in"),
    must("month", "Period", "the month that the period's end lies in"),
    must("same_period_last_year", "Period", "the same days of the year before; months stay whole"),
];

const FIGURE: &[Field] = &[
    must("code", "string", "of the indicator"),
    must("title", "string", "of the indicator"),
    may("theme", "string", "of the indicator"),
    must("unit", "string", "of the indicator"),
    must("better", "string", "of the indicator: `higher`, `lower` or `neither`"),
    must("definition", "string", "of the indicator"),
    must("source", "string", "of the indicator"),
    may("note", "string", "typed beside it on the Figures sheet"),
    must("area", "string", "the council's name"),
    must("period", "Period", "the [period](#periods)"),
    may("value", "string", "as printed: `80.8%`, `1,234`, or the wording of a gap"),
    may("in_words", "string", "the same, numbers from one to nine in words: `seven`"),
    may("number", "number", "as printed, as a number: 80.8; `nil` for a gap"),
    may("target", "number", "a number"),
    may("previous_outturn", "string", "a comparator as printed"),
    may("previous_quarter", "string", "a comparator as printed"),
    may("previous_month", "string", "a comparator as printed"),
    may("same_period_last_year", "string", "a comparator as printed"),
    may("statistical_neighbours", "string", "a comparator as printed"),
    may("region", "string", "a comparator as printed"),
    may("england", "string", "a comparator as printed"),
    may("part_of", "string", "of a [part](#breakdowns), the total's code"),
    may("share", "string", "of a part: what it is of its total, `36.8%`"),
    may("running", "string", "of a part: the running total up to it, as printed"),
    may(
        "limits",
        "string",
        "what comes to which status, by its policy: `73% to 76%, both included, is Achieved; \
         better is Exceeded, worse is Not achieved.`",
    ),
    must("status", "string", "against its target, by its [policy](#status-policies): `Achieved`"),
    may(
        "judged",
        "string",
        "the same in one of three words, whatever the policy calls it: `good`, `fair`, `poor`",
    ),
    may(
        "assurance",
        "string",
        "whether the target is met [whatever chance does](layouts.md#more-than-chance): `likely to \
         be met`, `likely to be missed`, `met or missed by chance`",
    ),
    may(
        "variation",
        "string",
        "how it lies among twelve figures or more: `common cause: no significant change`, `special \
         cause: improving`",
    ),
    may(
        "rebased",
        "string",
        "where the settings begin its limits anew: `from 2024/25 Q1`, and the reason",
    ),
    may("rank", "string", "among [England's councils](comparators.md#neighbours): `12 of 152`"),
    may("band", "string", "the quarter of them that it is in: `B`"),
    may(
        "one_more",
        "string",
        "`8.3 percentage points`: how far one more would move a percentage, where that is over 5",
    ),
    may(
        "at",
        "(self, period: Period) -> string?",
        "the council's figure of another [period](#periods) as printed",
    ),
    may(
        "direction",
        "(self, from: string) -> string?",
        "since an earlier figure of its own, such as `\"previous_outturn\"`, or `\"2016/17\"`, a \
         period's label: `improving` or `worsening`, by `better`; `up` or \
         `down` where neither is good; `no change`",
    ),
    may(
        "change",
        "(self, from: string) -> string?",
        "since then: `−7 (1.1%)`, `+2.1 pp`, `No change`",
    ),
    may(
        "change_from",
        "(self, from: string) -> string?",
        "the same in words: `a decrease of seven (1.1%)`, `an increase of 2.1 percentage points`, \
         `no change`",
    ),
    may(
        "chance",
        "(self, from: string) -> string?",
        "whether the change since then is [more than chance](layouts.md#more-than-chance) would \
         do: `more than chance` or \
         `within normal variation`; `nil` where neither history nor counts are known",
    ),
    may(
        "change_of",
        "(self, area: string) -> string?",
        "the change of another area's figure, from the year before to its latest: `+2,230 (3.2%)`",
    ),
    may(
        "target_for",
        "(self, period: Period) -> string?",
        "what is aimed at in a period to come, by a column `Target 2027/28` of the Figures sheet, \
         as printed",
    ),
    may(
        "share_of",
        "(self, code: string, period: Period?) -> string?",
        "what it is of another figure, as `13.1%`: of the run's period, or of another one. For a \
         funnel: `approvals:share_of \"enquiries\"`",
    ),
    must(
        "series",
        "(self) -> { Period }",
        "the periods of its history, the oldest first: equally far apart, without a gap; limits of \
         variation are worked out of their figures",
    ),
    may("run", "(self) -> string?", "`third rise in a row`, of figures a year apart"),
    may(
        "among",
        "(self, years: number) -> string?",
        "`second decline in five years`: which of the changes of so many years went as the latest \
         did; `nil` where one of them is not known",
    ),
    may(
        "highest_since",
        "(self) -> string?",
        "`June 2020`, `2019/20`: when it was last as high; `nil` where it never was",
    ),
    may("lowest_since", "(self) -> string?", "the same: when it was last as low"),
    may(
        "record_high",
        "(self) -> string?",
        "`2012/13`: since when figures are known, where none was as high; else `nil`",
    ),
    may("record_low", "(self) -> string?", "the same: where none was as low"),
    may(
        "high",
        "(self) -> string?",
        "`76.2% in June 2020`: the highest of the earlier figures that are known, and when it was",
    ),
    may("low", "(self) -> string?", "the same: the lowest of them"),
    may(
        "group_rose",
        "(self) -> string?",
        "`seven of the eleven`: how many councils of the group rose in the latest published year, \
         of those of which both years are known",
    ),
    may("group_fell", "(self) -> string?", "the same: how many fell"),
    may(
        "comparison",
        "(self, areas: { string }, within: number?) -> string?",
        "beside other places, as printed; with a second number those no further apart are in line: \
         `Above England`, `Below both`, `Above all three`, `Between`, `In line`, `In line or \
         above`, `In line or below`; `nil` for numbers, since a larger place has more children",
    ),
    may(
        "against",
        "(self, area: string, within: number?) -> string?",
        "beside one other place, in a sentence: `above England (52%)`. `f:against(\"england\", \
         2)`: `in line with England (52%)` where no more than 2 lies between the two, in the \
         indicator's unit",
    ),
];

const REPORT: &[Field] = &[
    must("authority", "string", "the council's name"),
    must("region", "string", "its region's name"),
    must("period", "Period", "the [period](#periods)"),
    must(
        "sign_off",
        "(self) -> { Signatory }",
        "who signs, by the settings: a table of `{ role = …, name = …, date = … }`",
    ),
    may(
        "cover",
        "(self, label: string) -> string?",
        "what the Cover sheet says under this label, as text",
    ),
    must(
        "figures",
        "(self, order: string?) -> { Figure }",
        "all figures, in the scripts' order, without the parts of others and what is there for its \
         parts alone. \
         `report:figures \"as typed\"`: those of the Figures sheet first, in its order",
    ),
    may(
        "figure",
        "(self, code: string) -> Figure",
        "a [figure](#figures), or `nil` where there is none. A code that no script declares is an \
         error",
    ),
    must(
        "parts",
        "(self, code: string) -> { Figure }",
        "the figures of an indicator's [parts](#breakdowns), in order, without running totals. \
         Empty where the return has none",
    ),
    must(
        "crossed",
        "(self, code: string) -> Crossed",
        "[the table](#tables-of-two-breakdowns) of an indicator with `by` and `across`: `{ columns \
         = …, rows = … }`",
    ),
    must(
        "records",
        "(self, list: string) -> { any }",
        "the rows of a list with `public` columns, in the return's order: `home.HOME` is a text as \
         printed (`1,234`, `80.8%`, `30 September 2026`), or `nil` where it is blank. Where a rule \
         hides small counts, no number of a row is told. Empty where the return has no such list",
    ),
    may(
        "commentary",
        "(self, code: string) -> string?",
        "the commentary on an indicator, typed or drafted",
    ),
    must(
        "narratives",
        "(self) -> { Narrative }",
        "commentary on areas of the service: a table of `{ area = …, text = … }`, in the return's \
         order",
    ),
];

const CROSSED: &[Field] = &[
    must("columns", "{ CrossedColumn }", "its columns, in order; none where the return has none"),
    must("rows", "{ CrossedRow }", "its rows"),
];

const CROSSED_COLUMN: &[Field] = &[
    must("title", "string", "its title"),
    must("total", "Figure", "the [figure](#figures) of all its rows"),
];

const CROSSED_ROW: &[Field] = &[
    must("title", "string", "its title"),
    must("total", "Figure", "the part: the figure of all its columns"),
    must("cells", "{ Figure }", "a figure for each column, in their order"),
];

const SIGNATORY: &[Field] = &[
    must("role", "string", "in what role"),
    must("name", "string", "who"),
    must("date", "string", "the day on which they signed, as the settings have it; else empty"),
];

const NARRATIVE: &[Field] = &[
    must("area", "string", "the area of the service"),
    must("text", "string", "what is said of it"),
];
