//! The tables that layouts are made of, each field of which is given everything.

use rapporteur::scripts::reference::{self, Field, Kind};

use super::{Fed, VALUES, children};

/// A layout with one field in place of `FIELD`; what else the table needs stands beside it.
fn around_in_layout(kind: &Kind, field: &Field) -> Option<String> {
    let with = |needed: &[&str]| -> String {
        let mut others = String::new();
        for other in needed.iter().filter(|o| !o.starts_with(&format!("{} ", field.name))) {
            others.push_str(&format!("{other}, "));
        }
        format!("{{ {others}\n  FIELD }}")
    };
    let columns =
        r#"columns = { { show = "title", heading = "A" }, { show = "value", heading = "B" } }"#;
    let sheet = |rows: String| {
        format!("{{ name = \"S\", title = \"T\", {columns},\n rows = {{ {rows} }} }}")
    };
    let sheet = match kind.name {
        "Sheet" => {
            with(&["name = \"S\"", "title = \"T\"", columns, "rows = { { indicator = \"n\" } }"])
        }
        "SheetColumn" => {
            let show = match field.name {
                "period" => "show = \"value\"",
                "from" => "show = \"change\"",
                "with" | "within" => "show = \"comparison\"",
                _ => "show = \"title\"",
            };
            let column = with(&["heading = \"A\"", show]);
            format!(
                "{{ name = \"S\", title = \"T\",\n columns = {{ {column}, {{ show = \"value\", \
                 heading = \"B\" }} }}, rows = {{ {{ indicator = \"n\" }} }} }}"
            )
        }
        "Row" => sheet(with(match field.name {
            "beside" | "beside_words" | "number" => &["indicator = \"n\""],
            "text" => &["area = \"Health\""],
            "area" => &["text = \"Well\""],
            "style" => &["cells = { \"x\" }"],
            "periods" | "areas" | "target" | "limits" | "upright" | "title" => &["trend = \"n\""],
            _ => &[],
        })),
        "Cell" => {
            let cell = with(match field.name {
                "text" | "indicator" => &[],
                "show" | "period" => &["indicator = \"n\""],
                "from" => &["indicator = \"n\"", "show = \"change\""],
                "with" | "within" => &["indicator = \"n\"", "show = \"comparison\""],
                _ => &["text = \"x\""],
            });
            sheet(format!("{{ cells = {{ {cell} }} }}"))
        }
        "Piece" => sheet(format!("{{ cells = {{ {{ text = {{ {} }} }} }} }}", with(&["\"x\""]))),
        _ => return None,
    };
    Some(format!("rap.layout \"x\" {{ sheets = function(report)\n  return {{ {sheet} }}\nend }}"))
}

#[test]
fn tables_of_layouts_are_fed_every_kind_of_value() {
    let mut fed = Fed::default();
    for kind in reference::kinds().filter(|kind| kind.written) {
        for field in kind.fields() {
            let Some(around) = around_in_layout(kind, field) else { continue };
            for (called, value) in VALUES {
                let layout = around.replace("FIELD", &format!("{} = {value},", field.name));
                let problems = children(&layout, "");
                fed.note(&format!("{}.{}", kind.name, field.name), called, &problems);
            }
        }
    }
    for (what, sheets) in [
        ("sheets", "VALUE"),
        ("a sheet", "{ VALUE }"),
        (
            "a column",
            "{ { name = \"S\", title = \"T\", rows = {},\n columns = { VALUE, VALUE } } }",
        ),
        (
            "rows behind a gap",
            "{ { name = \"S\", title = \"T\", COLUMNS,\n rows = { { indicator = \"n\" }, nil, \
             { heading = \"A\" }, VALUE } } }",
        ),
        ("a row", "{ { name = \"S\", title = \"T\", COLUMNS,\n rows = { VALUE } } }"),
        (
            "a cell",
            "{ { name = \"S\", title = \"T\", COLUMNS,\n rows = { { cells = { VALUE } } } } }",
        ),
        (
            "a piece",
            "{ { name = \"S\", title = \"T\", COLUMNS,\
             \n rows = { { cells = { { text = { VALUE } } } } } } }",
        ),
    ] {
        let sheets =
            sheets.replace("COLUMNS", "columns = { { show = \"title\" }, { show = \"value\" } }");
        for (called, value) in VALUES {
            let sheets = sheets.replace("VALUE", value);
            let layout =
                format!("rap.layout \"x\" {{ sheets = function(report)\n  return {sheets}\nend }}");
            fed.note(&format!("layout, {what}"), called, &children(&layout, ""));
        }
    }
    fed.hold("wrong_types_of_layouts");
}
