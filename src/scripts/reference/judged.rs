//! The tables that declare how figures are judged, hidden and held against each other.

use super::{Field, may, must};

pub(super) const POLICY: &[Field] = &[
    must("kind", "\"band\" | \"floor\" | \"thresholds\" | \"relative\" | \"none\"", "see below"),
    must("description", "string", "how it judges, in plain words: printed on the notes sheet"),
    may("title", "string", "what people call it").usually("its name"),
    may("version", "string", "which version of it, where the council counts them"),
    may("words", "Words", "its own words for what it comes to"),
    may(
        "needs_action",
        "boolean",
        "`true`: a red or not achieved figure without typed commentary is a warning",
    ),
    may(
        "significance",
        "boolean",
        "whether its measures' changes are told to be [more than \
         chance](layouts.md#more-than-chance), or not",
    )
    .usually("as the settings have it"),
    may(
        "exceeded",
        "boolean",
        "of the kind `\"band\"`. `false`: *Achieved* in place of *Exceeded*",
    )
    .usually("`true`"),
    may(
        "within",
        "number",
        "of the kind `\"relative\"`, which needs it: per cent of the target, from 0 to 100",
    ),
];

pub(super) const POLICY_EXAMPLE: &str = r#"rap.policy "ours" {
  kind = "band", title = "Met or missed", version = "2", exceeded = false,
  words = { achieved = "Met", not_achieved = "Missed" },
  description = "Met: the target, or no further from it than the lower tolerance. Missed: worse than that.",
}"#;

pub(super) const WORDS: &[Field] = &[
    may("exceeded", "string", "better than the tolerance band").usually("Exceeded"),
    may("achieved", "string", "within the tolerance band").usually("Achieved"),
    may("not_achieved", "string", "worse than the tolerance band").usually("Not achieved"),
    may("green", "string", "good").usually("Green"),
    may("amber", "string", "between good and poor").usually("Amber"),
    may("red", "string", "poor").usually("Red"),
    may("not_rated", "string", "something else than the figure is missing").usually("Not rated"),
    may("no_target", "string", "there is nothing to hold it against")
        .usually("Contextual – no target"),
    may("no_data", "string", "there is no figure").usually("No data"),
];

pub(super) const DISCLOSURE: &[Field] = &[
    may(
        "hide",
        "{ number }",
        "counts that are suppressed, from the first number to the second: whole numbers from 1 on",
    ),
    may(
        "round",
        "number",
        "counts are rounded to the nearest multiple of this number, from 2 to 100; percentages and \
         rates are worked out from rounded counts",
    ),
    may("percentages", "\"whole\"", "`\"whole\"`: without decimals"),
    must(
        "audience",
        "\"public\" | \"exempt\"",
        "whom the report is for: `\"public\"`, or `\"exempt\"` for members and officers only",
    ),
    must("description", "string", "what it does, in plain words: printed on the notes sheet"),
];

pub(super) const DISCLOSURE_EXAMPLE: &str = r#"rap.disclosure "ours" {
  hide = { 1, 9 }, percentages = "whole", audience = "public",
  description = "Counts of 1 to 9 people are suppressed, with what they could be worked out from.",
}"#;

pub(super) const RELATION: &[Field] = &[
    must(
        "sum",
        "string | { string | { [any]: string } }",
        "the codes of counts that are added up. `{ \"code\", when = \"previous_quarter\" }` is \
         that of an earlier period: `previous_outturn`, `previous_quarter`, `previous_month` or \
         `same_period_last_year`",
    ),
    must(
        "equals",
        "string | { string | { [any]: string } }",
        "the codes of what comes to the same",
    ),
];

pub(super) const RELATION_EXAMPLE: &str = r#"rap.relation "households" {
  sum    = { { "fostering_households", when = "previous_quarter" }, "approved" },
  equals = { "fostering_households", "resigned" },
}"#;
