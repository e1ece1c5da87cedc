//! The functions of `rap`.

use super::Call;

const fn declares(
    name: &'static str,
    luau: &'static str,
    example: &'static str,
    says: &'static str,
) -> Call {
    Call { name, luau, example, says, suits: "" }
}

const fn condition(
    name: &'static str,
    luau: &'static str,
    example: &'static str,
    says: &'static str,
    suits: &'static str,
) -> Call {
    Call { name, luau, example, says, suits }
}

/// What declares.
pub const DECLARE: &[Call] = &[
    declares(
        "list",
        "(name: string) -> (list: List) -> ()",
        "[`rap.list`](#lists)",
        "a list of the return and its columns",
    ),
    declares(
        "words",
        "(list: string) -> (words: { [string]: any }) -> ()",
        "[`rap.words`](#words-of-a-council)",
        "what councils' own exports call the columns and codes of a list",
    ),
    declares(
        "check",
        "(name: string) -> (check: Check) -> ()",
        "[`rap.check`](#checks)",
        "what no record of a list should be",
    ),
    declares(
        "population",
        "(name: string) -> (population: Population) -> ()",
        "[`rap.population`](#populations)",
        "records that belong together, such as the children in care at the period's end",
    ),
    declares(
        "indicator",
        "(code: string) -> (indicator: Indicator) -> ()",
        "[`rap.indicator`](#indicators)",
        "something that is measured",
    ),
    declares(
        "policy",
        "(name: string) -> (policy: Policy) -> ()",
        "[`rap.policy`](#status-policies)",
        "how a figure is held against its target",
    ),
    declares(
        "disclosure",
        "(name: string) -> (rule: Disclosure) -> ()",
        "[`rap.disclosure`](#disclosure-control)",
        "which small numbers are hidden",
    ),
    declares(
        "relation",
        "(name: string) -> (relation: Relation) -> ()",
        "[`rap.relation`](#relations)",
        "what adds up to the same, so that nothing hidden is worked out from it",
    ),
    declares(
        "commentary",
        "(code: string) -> (draft: (figure: Figure) -> string?) -> ()",
        "[`rap.commentary`](#commentary)",
        "a sentence that is drafted where nobody typed one",
    ),
    declares(
        "layout",
        "(name: string) -> (layout: Layout) -> ()",
        "[`rap.layout`](#layouts)",
        "what an appendix looks like",
    ),
    declares(
        "change",
        "(kind: string) -> (name: string) -> (fields: { [string]: any }) -> ()",
        "[`rap.change`](#changes)",
        "a few fields of what another script declares, given anew",
    ),
];

/// What makes conditions, in the order of the reference.
pub const CONDITIONS: &[Call] = &[
    condition(
        "one_of",
        "(values: { any }) -> Condition",
        "rap.one_of { … }",
        "one of these, which may be conditions too: `rap.one_of { \"P1\", rap.starts_with \"A\" }`",
        "all",
    ),
    condition(
        "none_of",
        "(values: { any }) -> Condition",
        "rap.none_of { … }",
        "none of these; **a blank is none of them**",
        "all",
    ),
    condition("blank", "Condition", "rap.blank", "blank", "all"),
    condition("filled", "Condition", "rap.filled", "not blank", "all"),
    condition(
        "blank_or",
        "(value: any) -> Condition",
        "rap.blank_or(…)",
        "blank, or what stands in the brackets",
        "all",
    ),
    condition("at_least", "(n: number) -> Condition", "rap.at_least(n)", "n or more", NUMBERS),
    condition("more_than", "(n: number) -> Condition", "rap.more_than(n)", "more than n", NUMBERS),
    condition("at_most", "(n: number) -> Condition", "rap.at_most(n)", "n or less", NUMBERS),
    condition("less_than", "(n: number) -> Condition", "rap.less_than(n)", "less than n", NUMBERS),
    condition(
        "between",
        "(low: number, high: number) -> Condition",
        "rap.between(a, b)",
        "from a to b, both included",
        NUMBERS,
    ),
    condition(
        "none",
        "Condition",
        "rap.none",
        "for [links](#linked-lists-and-populations): there is no such record",
        "links",
    ),
    condition(
        "starts_with",
        "(text: string) -> Condition",
        "rap.starts_with \"A\"",
        "a text that begins so, in any case",
        "text, codes",
    ),
    condition(
        "ends_with",
        "(text: string) -> Condition",
        "rap.ends_with \"1\"",
        "a text that ends so, in any case",
        "text, codes",
    ),
    condition(
        "on_or_before",
        "(day: Moment | string, offset: Offset?) -> Condition",
        "rap.on_or_before(day)",
        "a day up to and with the [day](#moments)",
        "dates",
    ),
    condition(
        "before",
        "(day: Moment | string, offset: Offset?) -> Condition",
        "rap.before(day)",
        "a day before it",
        "dates",
    ),
    condition(
        "on_or_after",
        "(day: Moment | string, offset: Offset?) -> Condition",
        "rap.on_or_after(day)",
        "the day or a later one",
        "dates",
    ),
    condition(
        "after",
        "(day: Moment | string, offset: Offset?) -> Condition",
        "rap.after(day)",
        "a later day",
        "dates",
    ),
    condition(
        "within",
        "(stretch: Stretch, offset: Offset?) -> Condition",
        "rap.within \"stretch\"",
        "a day in a [stretch of time](#stretches-of-time), its first and last included. \
         `rap.within(\"quarter\", { months = -3 })` is the quarter before",
        "dates",
    ),
    condition(
        "same_as",
        "(column: string, offset: Offset?) -> Condition",
        "rap.same_as \"before.LS\"",
        "the same as [another column](#two-columns), but for case and spaces; two blanks are the \
         same",
        "all",
    ),
    condition(
        "listed_in",
        "(column: string) -> Condition",
        "rap.listed_in \"provider.PLACEMENT_CODES\"",
        "one of the codes that stand in another column, parted by commas",
        "texts",
    ),
    condition(
        "differs_from",
        "(column: string, offset: Offset?) -> Condition",
        "rap.differs_from \"before.LS\"",
        "not the same as another column; a blank and a value are not the same",
        "all",
    ),
    condition(
        "all_of",
        "(values: { any }) -> Condition",
        "rap.all_of { a, b }",
        "all of these: `rap.all_of { rap.filled, rap.none_of { \"A\", \"B\" } }`",
        "all",
    ),
    condition(
        "repeated",
        "Condition",
        "rap.repeated",
        "a value that stands on more than one record of the list",
        "text, codes",
    ),
    condition(
        "refused",
        "Condition",
        "rap.refused",
        "what the column cannot hold: no date or number where one must be, a number out of bounds, \
         a code that is not in use that year. In other conditions such a date or number is blank",
        "all",
    ),
    condition(
        "no",
        "(conditions: any) -> Condition",
        "rap.no { … }",
        "for [links](#linked-lists-and-populations): there is no such record that keeps these \
         conditions",
        "links",
    ),
    condition(
        "aged",
        "(from: number, to: number?, day: (Moment | Offset)?, offset: Offset?) -> Condition",
        "rap.aged(10, 16)",
        "a date of birth that makes an age of 10 to 16, both included. `rap.aged(17)` is 17 alone; \
         `rap.aged(0, 4, \"year_end\")` at another [day](#moments) than the period's end, \
         `rap.aged(16, 17, { months = -3 })` three months before it",
        "dates",
    ),
];

/// What is neither.
pub const OTHERS: &[Call] = &[
    condition(
        "either",
        "(...any) -> Conditions",
        "rap.either(a, b, …)",
        "[alternatives](#conditions): one of them holds; each is conditions or a function",
        "records",
    ),
    condition(
        "cover",
        "(label: string) -> CoverNumber",
        "rap.cover \"Population under 18\"",
        "a number from the Cover sheet, as the `denominator` of a rate",
        "",
    ),
    condition(
        "format",
        "(n: number, decimals: number?) -> string",
        "rap.format(n, 1)",
        "a number as a text, rounded as reports print numbers: `1,234.5`. Without decimals, as \
         many as it has, two at most",
        "",
    ),
    condition(
        "use",
        "(name: string) -> any",
        "rap.use \"tables\"",
        "what a [shared file](#shared-files) returns, as a rule a table of functions",
        "",
    ),
];

const NUMBERS: &str = "numbers, codes that are numbers";
