//! What analysts' scripts can do: kept as small projects that a person can read.

use crate::support::{folder, rapporteur, root};

/// A newcomer's indicator: a file of ten lines under `scripts/` is all it takes.
#[test]
fn ten_lines_make_an_indicator() {
    let folder = folder();
    std::fs::copy(
        root().join("examples/children-in-care-2026-27-q2.xlsx"),
        folder.path().join("return.xlsx"),
    )
    .expect("copied");
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    let script = r#"
rap.indicator "kin_pct" {
  title       = "Living with relatives or friends",
  theme       = "Placements",
  unit        = "percentage", better = "higher",
  denominator = "looked_after",
  numerator   = { PLACE = { "U1", "U2", "U3" } },
  definition  = "Children fostered by relatives or friends, out of all in care.",
  source      = "SSDA903; local definition",
}
"#;
    std::fs::write(folder.path().join("scripts/kin.luau"), script).expect("written");
    let list = rapporteur(folder.path(), &["list"]);
    assert!(list.out.contains("kin_pct"), "{}", list.shown());
    let build = rapporteur(folder.path(), &["build", "return.xlsx"]);
    assert_eq!(build.code, Some(0), "{}", build.shown());
    let cells = rapporteur(folder.path(), &["show", "return-appendix.xlsx", "--cells"]);
    assert!(cells.out.contains("Living with relatives or friends"), "it is not in the appendix");
    let explained = rapporteur(folder.path(), &["explain", "kin_pct", "return.xlsx"]);
    assert!(
        explained.out.contains("scripts/kin.luau:2")
            && explained.out.contains("PLACE is one of U1, U2, U3"),
        "{}",
        explained.shown()
    );
}
