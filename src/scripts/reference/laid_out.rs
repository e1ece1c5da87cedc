//! The tables that layouts are made of.

use super::{Field, Group, Kind, may, must};

const fn inside(
    name: &'static str,
    called: &'static str,
    says: &'static str,
    groups: &'static [Group],
) -> Kind {
    Kind { name, called, says, written: true, unnamed: 0, groups, example: "" }
}

/// What layouts are made of.
pub const KINDS: &[Kind] = &[
    Kind {
        example: LAYOUT_EXAMPLE,
        ..inside(
            "Layout",
            "rap.layout",
            "What an appendix looks like.",
            &[Group { mark: "layout", heading: "", fields: LAYOUT }],
        )
    },
    inside(
        "Sheet",
        "a sheet of a layout",
        "A sheet, printed on its own pages.",
        &[Group { mark: "sheet", heading: "", fields: SHEET }],
    ),
    inside(
        "SheetColumn",
        "a column of a sheet",
        "A column, and what it shows of each row's indicator.",
        &[Group { mark: "sheet-column", heading: "", fields: COLUMN }],
    ),
    inside(
        "Row",
        "a row of a sheet",
        "One of `indicator`, `area`, `heading`, `cells`, `trend`, `bars`, `block`, `side_by_side`, \
         `spacer` and `page_break` says what the row is.",
        &[Group { mark: "row", heading: "", fields: ROW }],
    ),
    inside(
        "Cell",
        "a cell of a free row",
        "A cell that says something of its own. A text alone is one too.",
        &[Group { mark: "cell", heading: "", fields: CELL }],
    ),
    Kind {
        unnamed: 1,
        ..inside(
            "Piece",
            "a piece of a cell's text",
            "`{ \"…\", bold = true }`.",
            &[Group { mark: "piece", heading: "", fields: PIECE }],
        )
    },
];

const LAYOUT: &[Field] = &[
    must(
        "sheets",
        "(report: Report, options: any) -> { Sheet }",
        "the function: it is handed the report and the layout's options, and returns sheets",
    ),
    may(
        "options",
        "{ [string]: any }",
        "what councils may want otherwise, by name: `sheets` is handed it, `rap.change` changes it",
    ),
    may("description", "string", "a sentence for `rapporteur list`"),
];

const LAYOUT_EXAMPLE: &str = r#"rap.layout "short" {
  description = "Every figure, one after the other",
  sheets = function(report)
    local rows = {}
    for _, figure in report:figures() do table.insert(rows, { indicator = figure.code }) end
    for _, narrative in report:narratives() do table.insert(rows, narrative) end
    return {
      {
        name = "Figures", title = `{report.authority}, {report.period.label}`,
        columns = {
          { heading = "Indicator", show = "title", width = 40 },
          { heading = "Last out-turn", show = "previous_outturn" },
          { heading = "Now", show = "value" },
          { heading = "Commentary", show = "commentary", width = 60 },
        },
        rows = rows,
      },
    }
  end,
}"#;

const SHEET: &[Field] = &[
    must("name", "string", "on its tab"),
    must("title", "string", "above the table"),
    may("subtitle", "string", "below the title"),
    may("purpose", "string", "what the sheet is for, below the title"),
    may("header_left", "string", "for printing"),
    may("header_right", "string", "for printing"),
    may("footer_left", "string", "for printing; the page number stands on the right of the footer"),
    must("columns", "{ SheetColumn }", "two or more"),
    must("rows", "Rows", "what stands under the headings"),
    may(
        "commentary",
        "string",
        "where the commentary of its column stands: `\"beside\"` the figures, `\"below\"` them \
         across the table, or `\"auto\"`: below where most figures have none",
    ),
];

const COLUMN: &[Field] = &[
    may("heading", "string", "a sheet of which no column has one has no row of headings"),
    may(
        "over",
        "string",
        "a second heading above it, over all columns side by side that have the same: on the \
         printed page alone, so each heading says what it is without it",
    ),
    may(
        "show",
        "string",
        "what stands in it, see below; nothing if left out, for columns that hold [free \
         rows](#free-rows)",
    ),
    may(
        "width",
        "number",
        "1 to 255 characters. A column gets more where its texts would wrap and the page has room, \
         and gives what its texts do not need. The widths of a sheet, each times 7 and 5 more, \
         come to 1,026 or less to be printed at full size; `build` warns where print would shrink \
         below 85%",
    )
    .usually("13"),
    PERIOD,
    FROM,
    WITH,
    WITHIN,
];

const PERIOD: Field = may(
    "period",
    "Period",
    "with a figure of the council or another area: of which [period](#periods)",
);
const FROM: Field = may(
    "from",
    "string",
    "with `\"direction\"`, `\"change\"` and `\"chance\"`: since when, such as \
     `\"previous_quarter\"`",
)
.usually("`\"previous_outturn\"`");
const WITH: Field = may(
    "with",
    "string | { string }",
    "with `\"comparison\"`: the areas to compare with, such as `{ \"region\" }`",
)
.usually("neighbours, region and England");
const WITHIN: Field = may(
    "within",
    "number",
    "with `\"comparison\"`: how far apart figures may be that are in line, in the indicator's unit",
)
.usually("as printed");

/// What columns and cells can show: names that say the same in a row of the reference, and what it
/// is. The comparators' names are among them, councils' codes are not.
pub const SHOWS: &[(&[&str], &str)] = &[
    (&["title", "code", "definition", "better", "note", "commentary"], "words"),
    (&["number"], "the number that its row has"),
    (
        &["value"],
        "the council's figure; `period = report.period.previous_year` that of another \
         [period](#periods)",
    ),
    (
        &["previous_outturn", "previous_quarter", "previous_month", "same_period_last_year"],
        "its own figure of another time",
    ),
    (
        &["statistical_neighbours", "region", "england"],
        "theirs: the latest there is, or with `period` of exactly that period. So is a council's, \
         by its code, such as `\"E06000015\"`",
    ),
    (&["numerator", "denominator"], "what the figure is made of"),
    (&["target", "tolerance"], "`75%`, and what is near enough: `73% to 76%`"),
    (&["status"], "against its target: `Achieved`"),
    (
        &["direction", "change", "chance"],
        "since the last out-turn, or `from = \"previous_quarter\"`: which way, by how much, and \
         whether that is [more than chance](layouts.md#more-than-chance) would do",
    ),
    (
        &["assurance", "variation"],
        "whether the target is met [whatever chance does](layouts.md#more-than-chance); how the \
         latest figure lies among twelve or more",
    ),
    (
        &["share", "running"],
        "of a [part](#breakdowns): what it is of its total; the running total up to it",
    ),
    (&["rank", "neighbour_rank", "band"], "where the council stands: `12 of 152`, `3 of 11`, `B`"),
    (
        &["best_neighbour", "quartile_threshold"],
        "the best figure of its group, and the one with which England's best quarter begins",
    ),
    (
        &["comparison"],
        "`Above England`; beside neighbours, region and England, or those of `with = { \"region\" \
         }`",
    ),
];

const ROW: &[Field] = &[
    may("indicator", "string", "an indicator's code: each column shows something of it"),
    may("beside", "string", "another indicator's code, whose figures stand in brackets behind"),
    may("beside_words", "string", "words behind the title, such as `\"(rate per 10,000)\"`"),
    may("number", "number | string", "of an indicator's row: what a column of numbers shows"),
    may("area", "string", "a narrative: the area of the service that it is about. Needs `text`"),
    may("text", "string", "what a narrative says; line breaks part paragraphs"),
    may("heading", "string", "a heading"),
    may("cells", "Cells", "a [free row](#free-rows)"),
    may("style", "string", "the look of a free row's cells, where they say nothing else"),
    may("trend", "string", "a [chart](#charts) of lines: an indicator's code"),
    may("periods", "{ Period }", "of a trend: its [periods](#periods)")
        .usually("the last five years"),
    may("bars", "{ string }", "a [chart](#charts) of bars: indicators' codes"),
    may(
        "areas",
        "string | { string }",
        "of a chart: comparators, or councils' codes, that are drawn beside the council",
    ),
    may(
        "target",
        "boolean",
        "of a chart. `true`: the target is drawn, and for a trend the ends of its tolerance",
    ),
    may(
        "limits",
        "boolean",
        "of a trend. `true`: the mean and the limits of [normal \
         variation](layouts.md#more-than-chance), where there are twelve figures or more",
    ),
    may("upright", "boolean", "of a trend. `true`: upright bars in place of lines"),
    may("title", "string", "over a chart, or `\"\"` for none").usually("the indicator's title"),
    may("block", "Rows", "rows that stay on one page where they fit; not of other blocks"),
    may(
        "side_by_side",
        "Rows",
        "rows of cells, and behind them a chart: on paper they stand at the left of its table, \
         elsewhere before it",
    ),
    may("spacer", "boolean", "`true`: a little room"),
    may("page_break", "boolean", "`true`: the next row begins a page"),
];

const CELL: &[Field] = &[
    may("text", "Text", "a text, or a table of pieces: texts, and `{ \"…\", bold = true }`"),
    may("bold", "boolean", "the whole text is bold"),
    may(
        "indicator",
        "string",
        "in place of `text`: a code; `show` and what goes with it, as for a column",
    ),
    may("show", "Show", "of the indicator").usually("its value"),
    may("span", "number", "the columns that it covers").usually("1"),
    may(
        "style",
        "string",
        "`\"head\"`, `\"figure_head\"`, `\"section\"`, `\"area\"`, `\"name\"`, `\"text\"`, \
         `\"figure\"`, `\"total\"`, `\"total_figure\"`, `\"subtitle\"`, `\"plain\"`",
    )
    .usually("the row's"),
    PERIOD,
    FROM,
    WITH,
    WITHIN,
];

const PIECE: &[Field] = &[may("bold", "boolean", "the piece is bold")];
