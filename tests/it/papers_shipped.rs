//! Sentences of committees' papers as the layouts that ship print them, without a script of the
//! council's own: Derby 2018, 2022 and 2023, Nottingham 2017, Lincolnshire 2019.

use std::fs;

use crate::make;
use crate::papers_sentences::{ELEVEN, assert_row, assert_says, built, history, project};

/// Derby 2018: 478 at the end of December, a 6% rise; seven of the eleven comparators rose, by 2.9%
/// on average, and England by 3.2%.
#[test]
fn the_annual_update_tells_how_the_group_and_england_went() {
    let mut published = String::from(
        "time_period,time_identifier,geographic_level,country_code,region_code,region_name,\
         la_name,new_la_code,population_type,children_count,rate_per_10000\n",
    );
    const IN_CARE: &str = "Children looked after on 31 March each year";
    for (year, england, own) in [(2016, 70_440, 440), (2017, 72_670, 450)] {
        published +=
            &format!("{year},Reporting year,National,E92000001,,,,,{IN_CARE},{england},60\n");
        published += &format!(
            "{year},Reporting year,Local authority,E92000001,E12000004,East Midlands,Derby,\
             E06000015,{IN_CARE},\
             {own},75\n"
        );
        for (number, (then, now)) in ELEVEN.iter().enumerate() {
            let count = if year == 2016 { then } else { now };
            published += &format!(
                "{year},Reporting year,Local authority,E92000001,E12000004,East Midlands,\
                 Council {number},\
                 E080000{:02},{IN_CARE},{count},60\n",
                number + 1
            );
        }
    }
    let group: Vec<String> = (1..=11).map(|n| format!("\"E080000{n:02}\"")).collect();
    let settings = format!(
        "layout = \"annual\"\n[authority]\nname = \"Derby\"\ncode = \"E06000015\"\n\
         [published]\n2025 = \"published\"\n[neighbours]\nname = \"comparators\"\n\
         councils = [{}]\n",
        group.join(", ")
    );
    let folder = project(&[
        ("rapporteur.toml", &settings),
        ("published/cla_number_and_rate_per_10k_children.csv", &published),
        ("typed.csv", "Indicator,Value\ncla_n,478\n"),
    ]);
    built(folder.path(), "2017/18 Q3", &["typed.csv"]);
    let title = "Children in care at the end of the period";
    assert_row(folder.path(), &[title, "450", "478", "+28 (6%)"]);
    assert_says(
        folder.path(),
        &["The highest that is known, from 2015/16 on; seven of the eleven comparators rose; the \
             comparators' average rose by 13 (2.9%); \
           England's figure rose by 2,230 (3.2%)."],
    );
}

/// Derby 2023: the second decline in five years, from a high of 76.2% in June 2020, 45% in the year
/// before, in line with the national average.
#[test]
fn the_annual_update_tells_runs_records_and_what_is_in_line() {
    let past = history(&[
        ("cla_rate", "2017/18", "92"),
        ("cla_rate", "2018/19", "98"),
        ("cla_rate", "2019/20", "97"),
        ("cla_rate", "2020/21", "105"),
        ("cla_rate", "2021/22", "109"),
        ("pl2y_pct", "2018/19", "61.0"),
        ("pl2y_pct", "2019/20", "70.0"),
        ("pl2y_pct", "June 2020", "76.2"),
        ("pl2y_pct", "2020/21", "75.0"),
        ("pl2y_pct", "2021/22", "73.1"),
        ("ha_pct", "2020/21", "40.0"),
        ("ha_pct", "2021/22", "45.0"),
    ]);
    let folder = project(&[
        ("rapporteur.toml", "layout = \"annual\"\n[authority]\nname = \"Derby\"\n"),
        ("history/past.csv", &past),
        (
            "typed.csv",
            "Indicator,Value,England\ncla_rate,104,70\npl2y_pct,61.8,71\nmiss_pct,10.5,11\n\
             ha_pct,61.2,\n",
        ),
    ]);
    built(folder.path(), "2022/23", &["typed.csv", "--history", "history"]);
    assert_row(folder.path(), &["Up-to-date health assessment", "40%", "45%", "61.2%"]);
    assert_says(
        folder.path(),
        &[
            "The second decline in five years; the lowest since 2019/20.",
            "The second decline in a row; the lowest since 2018/19; from a high of 76.2% in June \
             2020.",
            "In line with England (11.0%).",
            "The second rise in a row; the highest that is known, from 2020/21 on.",
        ],
    );
}

/// Derby 2022 and Nottingham 2017: approvals of two kinds are shares of the stage before both;
/// 19 + 5 + 1 = 25; what is expected and aimed at next year; external placements by type and
/// provider.
#[test]
fn services_tells_shares_joint_totals_and_what_is_to_come() {
    let mut header = String::from("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n");
    let mut episodes = String::from("CHILD,DECOM,RNE,LS,PLACE,PLACE_PROVIDER,DEC,REC\n");
    let kinds = [("K2", "PR4", 3), ("U1", "PR1", 6), ("U1", "PR4", 2), ("K2", "PR1", 4)];
    let all = kinds.into_iter().flat_map(|(place, by, times)| vec![(place, by); times]);
    for (child, (place, provider)) in all.enumerate() {
        header += &format!("{child},1,15/02/2012,WBRI,,,\n");
        episodes += &format!("{child},01/05/2021,S,C2,{place},{provider},,\n");
    }
    let folder = project(&[
        ("rapporteur.toml", "layout = \"services\"\n[authority]\nname = \"Derby\"\n"),
        (
            "recruitment.csv",
            "STAGE,HOUSEHOLDS\nInitial enquiries,200\nApplications,20\nMainstream approvals,9\n\
             Kinship approvals,4\n",
        ),
        (
            "exits.csv",
            "QUARTER,ROUTE,CHILDREN\nQ1,Adoption order,11\nQ2,Adoption order,8\nQ1,Special \
             guardianship order,5\nQ2,Child arrangements order,1\n",
        ),
        (
            "typed.csv",
            "Indicator,Value,Forecast 2022/23,Target 2022/23\nfoster_enquiries,11,14,16\n\
             fostering_households,118,,125\n",
        ),
        ("header.csv", &header),
        ("episodes.csv", &episodes),
    ]);
    let files = ["recruitment.csv", "exits.csv", "typed.csv", "header.csv", "episodes.csv"];
    built(folder.path(), "2021/22", &files);
    for row in [
        &["Applications", "20", "10.0%"][..],
        &["Mainstream approvals", "9", "45.0%"],
        &["Kinship approvals", "4", "20.0%"],
        &["With guardianship and child arrangements orders", "19 + 5 + 1 = 25"],
        &["Measure", "2021/22", "Expected", "Target"],
        &["Enquiries about fostering", "11", "14", "16"],
        &["Active fostering households", "118", "–", "125"],
        &["With foster carers", "6", "2", "8"],
        &["In children's homes", "4", "3", "7"],
    ] {
        assert_row(folder.path(), row);
    }
    // The same stages from the last to the first: what is a share of what, nobody can say.
    std::fs::write(
        folder.path().join("recruitment.csv"),
        "STAGE,HOUSEHOLDS\nKinship approvals,4\nApplications,20\nInitial enquiries,200\n",
    )
    .expect("written");
    built(folder.path(), "2021/22", &files);
    assert_row(folder.path(), &["Stage", "Households"]);
    assert_row(folder.path(), &["Initial enquiries", "200"]);
    let why = "No shares are given, since a later stage has more households than an earlier one.";
    assert_row(folder.path(), &[why]);
}

/// Lincolnshire 2019: "two outside the target"; 99.7% is not all.
#[test]
fn the_panel_reads_how_many_are_outside_the_target() {
    let folder = project(&[
        ("rapporteur.toml", "layout = \"targets\"\n[authority]\nname = \"Lincolnshire\"\n"),
        (
            "typed.csv",
            "Indicator,Value,Target,Tolerance low,Tolerance high\nha_pct,70,75,2,1\n\
             foster_pct,55,60,2,1\npart_pct,99.7,97,2,1\nadopt_pct,20,20,2,1\n",
        ),
    ]);
    built(folder.path(), "2019/20 Q1/Q2", &["typed.csv"]);
    assert_says(
        folder.path(),
        &["Two measures are outside the target", "2 of 4 measures achieved; 2 not achieved"],
    );
    assert_row(folder.path(), &["Exceeded", "99.7%"]);
}

/// A quarter that has a figure of its own is not told by its year's: limits are those of quarters.
#[test]
fn a_years_figure_takes_no_quarters_place() {
    let mut rows = Vec::new();
    let labels: Vec<String> = (2023..=2026)
        .flat_map(|y| (1..=4).map(move |q| format!("{y}/{} Q{q}", y - 1999)))
        .take(13)
        .collect();
    for label in &labels {
        rows.push(("ha_pct", label.as_str(), "80.0"));
    }
    rows.push(("ha_pct", "2024/25", "20.0"));
    rows.push(("ha_pct", "2025/26", "99.0"));
    let folder = project(&[
        ("rapporteur.toml", "layout = \"spc\"\n[authority]\nname = \"Derby\"\n"),
        ("history/past.csv", &history(&rows)),
        ("typed.csv", "Indicator,Value\nha_pct,80.0\n"),
    ]);
    built(folder.path(), "2026/27 Q2", &["typed.csv", "--history", "history"]);
    assert_row(
        folder.path(),
        &["Up-to-date health assessment", "80%", "Common cause: no significant change"],
    );
    assert_row(folder.path(), &["2025/26 Q4", "80%"]);
}

/// The logo stands over no heading and no title, however long the council's name.
#[test]
fn a_logo_hides_nothing() {
    let name = "Cyngor Bwrdeistref Sirol Llanf\u{175}yn-y-M\u{f4}r a Dyffryn T\u{177} Gwyn";
    let settings = format!(
        "[authority]\nname = \"{name}\"\n[look]\nlogo = \"logo.png\"\nlogo_alt = \"Arms\"\n"
    );
    let folder = project(&[
        ("rapporteur.toml", &settings),
        (
            "typed.csv",
            "Indicator,Value,Target,Previous quarter,Previous out-turn,England\n\
             ha_pct,70,75,71,72,73\nfoster_pct,55,60,50,49,51\n",
        ),
        (
            "templates/narrow.luau",
            r#"rap.layout "narrow" {
              sheets = function(report)
                local columns = {
                  { heading = "What", show = "title", width = 60 },
                  { heading = "Now", show = "value", width = 8 },
                }
                local rows = { { indicator = "ha_pct" } }
                return { { name = "N", title = report.authority, columns = columns, rows = rows } }
              end,
            }"#,
        ),
    ]);
    fs::write(folder.path().join("logo.png"), picture(300, 90)).expect("written");
    for layout in ["board", "annual", "services", "targets", "scorecard", "narrow"] {
        built(folder.path(), "2026/27 Q2", &["typed.csv", "--template", layout]);
        let book = fs::read(folder.path().join("a.xlsx")).expect("written");
        let parts = make::parts(&book);
        let part = |name: &str| {
            let found = parts.iter().find(|(of, _)| of == name).expect("a part");
            String::from_utf8(found.1.clone()).expect("a text")
        };
        let drawing = part("xl/drawings/drawing1.xml");
        let sheet = part("xl/worksheets/sheet1.xml");
        let place = |end: &str, tag: &str| number(within(&drawing, end), tag);
        let (from, to) = (place("xdr:from", "xdr:col"), place("xdr:to", "xdr:row"));
        let frozen = sheet.split("ySplit=\"").nth(1).expect("a head").split('"').next();
        let headings = if layout == "scorecard" { 2 } else { 1 };
        let head = frozen.and_then(|n| n.parse::<u32>().ok()).expect("a number") - headings;
        assert!(to < head, "{layout}: the logo ends in row {to}, headings begin in {head}");
        // The title is merged as far as the logo, or the logo is a row of its own.
        let merged = sheet.split("mergeCell ref=\"A1:").nth(1).and_then(|s| s.split('"').next());
        let last = merged.map_or(0, |cell| u32::from(cell.as_bytes()[0] - b'A'));
        let below = place("xdr:from", "xdr:row") > 0;
        assert!(below || last < from, "{layout}: the title ends in {last}, the logo is in {from}");
    }
}

/// What stands in an element, the first of its kind.
fn within<'t>(text: &'t str, tag: &str) -> &'t str {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    text.split(&open).nth(1).and_then(|rest| rest.split(&close).next()).expect("an element")
}

fn number(text: &str, tag: &str) -> u32 {
    within(text, tag).parse().expect("a number")
}

/// A PNG of one colour.
fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    png.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
    png
}
