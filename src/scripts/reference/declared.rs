//! The tables that declare what is counted; those of judging and hiding are in `judged`.

use super::judged::{
    DISCLOSURE, DISCLOSURE_EXAMPLE, POLICY, POLICY_EXAMPLE, RELATION, RELATION_EXAMPLE, WORDS,
};
use super::{Field, Group, Kind, may, must};

const fn table(
    name: &'static str,
    called: &'static str,
    says: &'static str,
    groups: &'static [Group],
    example: &'static str,
) -> Kind {
    Kind { name, called, says, written: true, unnamed: 0, groups, example }
}

const fn inside(
    name: &'static str,
    called: &'static str,
    says: &'static str,
    groups: &'static [Group],
) -> Kind {
    table(name, called, says, groups, "")
}

/// What declarations are made of.
pub const KINDS: &[Kind] = &[
    table(
        "List",
        "rap.list",
        "A list of the return: one row a record.",
        &[Group { mark: "list", heading: "", fields: LIST }],
        LIST_EXAMPLE,
    ),
    Kind {
        unnamed: 2,
        ..inside(
            "Column",
            "a column of a list",
            "`{ \"NAME\", \"type\", … }` or `{ \"NAME\", codes = { … }, … }`.",
            &[Group { mark: "column", heading: "", fields: COLUMN }],
        )
    },
    table(
        "Check",
        "rap.check",
        "What no record of a list should be.",
        &[Group { mark: "check", heading: "", fields: CHECK }],
        CHECK_EXAMPLE,
    ),
    table(
        "Population",
        "rap.population",
        "Records of a list that belong together.",
        &[Group { mark: "population", heading: "", fields: POPULATION }],
        POPULATION_EXAMPLE,
    ),
    Kind {
        unnamed: 1,
        ..inside(
            "Offset",
            "a day moved",
            "How far a day is moved: years and months first, then days.",
            &[Group { mark: "offset", heading: "", fields: OFFSET }],
        )
    },
    table(
        "Indicator",
        "rap.indicator",
        "Something that is measured.",
        &[
            Group {
                mark: "indicator-shown",
                heading: "What it is called and how it is shown",
                fields: SHOWN,
            },
            Group { mark: "indicator-counted", heading: "What is counted", fields: COUNTED },
            Group { mark: "indicator-parts", heading: "Breakdowns", fields: PARTS },
        ],
        INDICATOR_EXAMPLE,
    ),
    inside(
        "Tolerance",
        "a tolerance",
        "How far from its target a figure may lie, in the indicator's unit, on either side.",
        &[Group { mark: "tolerance", heading: "", fields: TOLERANCE }],
    ),
    inside(
        "Thresholds",
        "thresholds",
        "Three bands of two numbers each, side by side.",
        &[Group { mark: "thresholds", heading: "", fields: THRESHOLDS }],
    ),
    inside(
        "Published",
        "a published figure",
        "Where DfE publishes an indicator: which rows of which file, and which column of them.",
        &[Group { mark: "published", heading: "", fields: PUBLISHED }],
    ),
    table(
        "Policy",
        "rap.policy",
        "How a figure is held against its target.",
        &[Group { mark: "policy", heading: "", fields: POLICY }],
        POLICY_EXAMPLE,
    ),
    inside(
        "Words",
        "the words of a policy",
        "A policy's own words for what a figure comes to.",
        &[Group { mark: "words", heading: "", fields: WORDS }],
    ),
    table(
        "Disclosure",
        "rap.disclosure",
        "Which small numbers are hidden.",
        &[Group { mark: "disclosure", heading: "", fields: DISCLOSURE }],
        DISCLOSURE_EXAMPLE,
    ),
    table(
        "Relation",
        "rap.relation",
        "Numbers that add up to the same.",
        &[Group { mark: "relation", heading: "", fields: RELATION }],
        RELATION_EXAMPLE,
    ),
];

const LIST: &[Field] = &[
    may("title", "string", "what people call it, and the sheet's usual name")
        .usually("the list's name"),
    may("record", "string", "one row of it, as scripts call it: `visit`")
        .usually("the list's name"),
    may(
        "description",
        "string",
        "what a row of it is, in a sentence, for whoever [fills it in](blank.md)",
    ),
    must(
        "key",
        "string",
        "the column that says whom or what a row is about, of type `id` or `text`. Lists with the \
         same key column are [linked](#linked-lists-and-populations)",
    ),
    may(
        "one_per_key",
        "boolean",
        "`true`: each key has one row at most. A second one is an error in the return",
    ),
    may("optional", "boolean", "`true`: a return may be without the list, without a word"),
    may(
        "public",
        "{ string }",
        "the columns that layouts may [print row by row](#layouts), each by its name: of a list \
         that holds nothing about children (or whoever the return is about). A list with a \
         `personal` column, or that is linked to one, has none",
    ),
    may(
        "starts",
        "string",
        "a date column, for lists whose rows are spans of time: the first day. Needs `ends`",
    ),
    may(
        "ends",
        "string",
        "a date column: the day that is no longer part of the span. Needs `starts`",
    ),
    may(
        "one_at_a_time",
        "boolean",
        "`true`: the spans of a key follow each other, so one that is open when the next begins, \
         overlaps it or begins with it is an error, and [counted by a \
         rule](returns.md#episodes-that-contradict-each-other)",
    ),
    may(
        "goes_on",
        "{ [string]: string | { string } }",
        "the column and the code by which a span says that another follows on the day on which it \
         ends: `{ REC = \"X1\" }`",
    ),
    may(
        "ends_by",
        "{ [string]: string | number }",
        "the day by which spans end, whatever they say: `{ header = \"DOB\", years = 18 }` is the \
         18th birthday",
    ),
    may(
        "made_of",
        "string",
        "a list of spans: this one has a record for each chain of them that go on. Nobody sends \
         it; its columns are some \
         of that list's, the last day and the code of `goes_on` those of the chain's last span",
    ),
    may(
        "reference",
        "boolean",
        "`true`: it comes from a file that the settings name under \
         [`[reference]`](returns.md#files-of-the-projects-own), not from a return. Records of \
         other lists lead to its rows by a column that is called as its key is",
    ),
    may(
        "linked_by",
        "string | { string }",
        "of a reference list: other columns that hold its key, such as `\"PL_POST\"`",
    ),
    may(
        "yearly",
        "boolean",
        "`true`: its rows are of one return alone. Where the lists of several years are given \
         together, only the newest year's are used",
    ),
    may(
        "element",
        "string",
        "the element of XML that a row is made of, in a [return that is XML](returns.md#files). A \
         column goes by the name of its field, or by one of `also`",
    ),
    may(
        "element_with",
        "{ string }",
        "fields of the element: only where one of them holds something other than 0 is it a row of \
         this list",
    ),
    must("columns", "{ Column }", "a table of columns, in the order that people expect"),
];

const LIST_EXAMPLE: &str = r#"rap.list "visits" {
  title = "Visits", record = "visit", key = "CHILD",
  columns = {
    { "CHILD",      "id",   required = true },
    { "VISIT_DATE", "date", required = true, also = { "Visit date" } },
    { "SEEN_ALONE", codes = { Y = "Yes", N = "No" } },
    { "MINUTES",    "number", min = 0, max = 600, optional = true },
  },
}"#;

const COLUMN: &[Field] = &[
    may("codes", "Codes", "the codes that it may hold, with their meanings: in place of a type"),
    may("min", "number", "of numbers, the smallest that can be"),
    may("max", "number", "of numbers, the largest that can be"),
    may("whole", "boolean", "`true`: of numbers, that they count something: 2.5 cannot be"),
    may("unit", "string", "of numbers, what they are in, such as `\"miles\"`"),
    may(
        "not_in",
        "string | { string }",
        "units that they are not in, such as `\"km\"`: a column whose heading says so, and a cell \
         that does, is told and not used",
    ),
    may(
        "also",
        "string | { string }",
        "other headings that it goes by: a text or a table of texts",
    ),
    may(
        "description",
        "string",
        "what belongs there, in a sentence, for whoever [fills it in](blank.md)",
    ),
    may(
        "unknown",
        "number | string | { number | string }",
        "values that mean that nothing is known, such as `999.9`: the field counts as blank",
    ),
    may(
        "counted",
        "string | { string }",
        "of a text, the words that are counted: a cell that begins or ends with none of them is \
         told, with the one that it looks like",
    ),
    may(
        "others",
        "boolean",
        "`true`: other words may stand there too, and only those are told that look like one",
    ),
    may("required", "boolean", "`true`: a row in which it is blank cannot be used"),
    may("optional", "boolean", "`true`: the whole column may be missing without a word"),
    may(
        "personal",
        "boolean",
        "`true`: it says who somebody is (an identifier, a date of birth, a postcode). No list \
         with a column of this heading can be `public`, and what counts its records counts people",
    ),
];

const CHECK: &[Field] = &[
    must("on", "string", "the list"),
    must(
        "fails",
        "Conditions",
        "what a wrong record looks like: [conditions](#conditions) or a function",
    ),
    must("message", "string", "for whoever mends the return: lower case, no full stop"),
    may("hint", "string", "what to do about it"),
    may("column", "string | { string }", "the column to point at, or several").usually("the key"),
    may(
        "marks",
        "{ [string]: string | { string } }",
        "[linked](#linked-lists-and-populations) records to point at as well, and their columns: \
         `{ header = \"DOB\" }`",
    ),
    may("error", "boolean", "`true`: an error, the same as `severity = \"error\"`"),
    may("severity", "string", "`\"error\"`, `\"warning\"` or `\"note\"`").usually("`\"warning\"`"),
    may(
        "rule",
        "string",
        "the number by which somebody else's rule goes, such as DfE's `\"142\"`: see \
         [rules](#rules)",
    ),
    may("from", "string", "the first year that it holds in: `\"2024/25\"`"),
    may("to", "string", "the last year that it holds in"),
    may("when", "string", "`\"year_end\"`: it is asked only where the period ends with the year"),
    may(
        "moves",
        "string | { string }",
        "indicators whose figures it may move: a code, or a table of codes",
    ),
];

const CHECK_EXAMPLE: &str = r#"rap.check "dec_and_rec_differ" {
  on      = "episodes", column = "DEC",
  fails   = rap.either({ DEC = rap.filled, REC = rap.blank }, { DEC = rap.blank, REC = rap.filled }),
  message = "DEC and REC must both be filled in, or both be blank",
  hint    = "fill in the one that is missing, or clear the other",
}"#;

const POPULATION: &[Field] = &[
    must("from", "string", "a list, or another population"),
    may(
        "as_at",
        "Moment | Offset",
        "a [day](#moments): records whose span is open on it: begun by then, and not ended, or \
         ended later",
    ),
    may(
        "during",
        "Stretch",
        "a [stretch of time](#stretches-of-time): records whose span touches it: begun by its last \
         day, and not ended, or ended on its first day or later",
    ),
    may("where", "Conditions", "[conditions](#conditions) or a function"),
    may(
        "one_per",
        "string | { string }",
        "a column: one record is kept for each of its values, as a rule `\"CHILD\"`; or several, \
         for what they hold together",
    ),
    may("by", "string", "the date column that decides which one is kept")
        .usually("the list's `starts`"),
    may("keep", "\"latest\" | \"earliest\"", "`\"latest\"`, which is usual, or `\"earliest\"`"),
];

const POPULATION_EXAMPLE: &str = r#"rap.population "in_care_in_march" {
  from = "episodes", as_at = { "year_start", days = -1 }, one_per = "CHILD",
  where = { LS = rap.none_of { "V3", "V4" } },
}"#;

const OFFSET: &[Field] = &[
    may("years", "number", "years to add; below 0, to take away"),
    may(
        "months",
        "number",
        "months to add: the day of the month is kept, or the month's last day taken",
    ),
    may("days", "number", "days to add after that"),
];

const SHOWN: &[Field] = &[
    must(
        "title",
        "string",
        "as members read it. A title on the return's Figures sheet is shown in \
                             its place. `{since}` in it, and in the \
         definition, reads *since April*, and *in the year* in the report for a whole one",
    ),
    may(
        "also",
        "string | { string }",
        "other names that the Figures and Commentary sheets may use for it: a text or a table of \
         texts. The code and the title always do",
    ),
    may("theme", "string", "the service it belongs to; the board's layout groups by it"),
    may(
        "unit",
        "Unit",
        "`\"number\"`, `\"percentage\"`, `\"rate per 10,000\"` (or per any other number), \
         `\"average\"`, `\"median\"`, `\"pounds\"`. \
         `\"rate\"` alone is per 10,000. Must be there unless `sum`, `average` or `median` is",
    ),
    may("decimals", "number", "0 to 6").usually("0 for numbers and 1 for everything else"),
    may("better", "Better", "`\"higher\"`, `\"lower\"` or `\"neither\"`, which is usual"),
    may(
        "target",
        "number",
        "what is aimed at, in the indicator's unit. The Figures sheet's beats the script's. Shown \
         on the notes sheet",
    ),
    may(
        "tolerance",
        "number | Tolerance",
        "how near to the target is near enough, in the indicator's unit: one number, or `{ low = \
         …, high = … }`",
    ),
    may("policy", "string", "the [status policy](#status-policies)")
        .usually("the settings' `status`"),
    may("floor", "number", "for policies with a floor: the least that is accepted"),
    may(
        "thresholds",
        "Thresholds",
        "for policies that go by them: `{ green = { 95, 100 }, amber = { 90, 95 }, red = { 0, 90 } \
         }`",
    ),
    may(
        "defined_since",
        "string",
        "a period, `\"2021/22\"`, since whose first day the indicator means what it means now. \
         Figures from before it are not compared with later ones",
    ),
    may(
        "rate_of",
        "string",
        "of a rate, the code of its number. The [commentary \
                              check](commentary.md) holds the two together",
    ),
    may(
        "same_as",
        "string | { string }",
        "of a count from one list, the code of the indicator that counts the same people on \
         another, or a table of \
         several that add up to it. [Disclosure control](disclosure.md) takes them for one number",
    ),
    may(
        "whole_year",
        "boolean",
        "`true`: it counts on from April. Until the year is over it is not held against whole \
         years, others' or its own",
    ),
    may(
        "published",
        "Releases",
        "where DfE publishes it, release by release: see \
         [comparators](comparators.md#published-files)",
    ),
    may(
        "people",
        "boolean",
        "`false`: it counts nobody in particular, such as homes, and [disclosure \
         control](disclosure.md) leaves it alone",
    )
    .usually("`true`"),
    may("definition", "string", "what it means, in a sentence for the notes sheet"),
    may("source", "string", "where the data and the definition come from, for the notes sheet"),
];

const COUNTED: &[Field] = &[
    may("population", "string", "the name of the population or list whose records are counted"),
    may(
        "denominator",
        "string | Conditions | CoverNumber",
        "out of which records: a population's or list's name, a table that begins with one and \
         goes on with [conditions](#conditions), or `rap.cover \"label\"`",
    ),
    may(
        "numerator",
        "string | Conditions",
        "which of the denominator's records count: [conditions](#conditions), a function, or the \
         name of a population",
    ),
    may("sum", "Each", "a column of numbers to add up, or a function of a record"),
    may("average", "Each", "a column of numbers to take the mean of, or a function"),
    may("median", "Each", "a column of numbers to take the median of, or a function"),
    may("derived_from", "string | { string }", "the codes of the indicators that it is made of"),
    may(
        "value",
        "(number, number, number, number, number, number, number, number, ...number) -> ...any",
        "a function of their values: a number, or a numerator and a denominator",
    ),
    may("typed", "boolean", "`true`: managers type it on the Figures sheet"),
];

const PARTS: &[Field] = &[
    may(
        "by",
        "Parts",
        "a column, or that of the one record that is linked, such as `\"child.SEX\"`: a part for \
         each code or text that occurs, blanks being `Not recorded`. Or groups: `{ { \"Under 1\", \
         child = { DOB = rap.aged(0) } }, … }`, each a title and conditions: a part for each of \
         them, none left out",
    ),
    may(
        "across",
        "Parts",
        "what parts each part once more, written as `by` is: the parts are rows, these the columns \
         of [a table](#tables-of-two-breakdowns)",
    ),
    may("running", "boolean", "`true`: each part also has the running total up to it"),
    may(
        "detail",
        "boolean",
        "`true`: the indicator is there for its parts alone, so `report:figures()` leaves it out",
    ),
];

const INDICATOR_EXAMPLE: &str = r#"rap.indicator "own_carers_pct" {
  title       = "Living with the council's own foster carers",
  theme       = "Placements",
  unit        = "percentage", better = "higher", decimals = 1,
  denominator = { "looked_after", PLACE = { "U1", "U2", "U3", "U4", "U5", "U6" } },
  numerator   = { PLACE_PROVIDER = "PR1" },
  target      = 60, tolerance = { low = 5, high = 2 },
  definition  = "Children with foster carers whom the council provides, out of all with foster carers.",
  source      = "SSDA903; local definition",
  also        = { "in_house" },
}"#;

const TOLERANCE: &[Field] = &[
    may("low", "number", "how far a figure may fall short of the target").usually("0"),
    may("high", "number", "how far it may go beyond the target").usually("0"),
];

const THRESHOLDS: &[Field] = &[
    must("green", "{ number }", "from and to, of what is good"),
    must("amber", "{ number }", "from and to, of what lies between"),
    must("red", "{ number }", "from and to, of what is poor"),
];

const PUBLISHED: &[Field] = &[
    may("release", "string", "the release's name in `rapporteur.toml`").usually("any release"),
    must("file", "string", "the file's name, without a folder"),
    may(
        "where",
        "{ [string]: string | { string } }",
        "what its rows must say: a text, or one of several, by column",
    ),
    must("value", "string", "the column of the values"),
    may(
        "optional",
        "boolean",
        "`true`: the release's folder may be without the file, without a word",
    ),
];
