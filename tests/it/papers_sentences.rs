//! Sentences of committees' papers that no table of theirs holds, each made by a command from a
//! small return of our own: Derby 2018, 2022 and 2023, Nottingham 2017, Lincolnshire 2019.

use std::fs;
use std::path::Path;

use rapporteur::workbook_diff::describe::workbook_text;
use tempfile::TempDir;

use crate::support::{Run, folder, rapporteur};

/// What every paper's project has: one layout that prints what it is told, a line each.
const LINES: &str = r#"
rap.layout "lines" {
  sheets = function(report)
    local said = rap.use "said"
    local rows = {}
    for _, line in said(report) do table.insert(rows, { cells = { { text = line, span = 2 } } }) end
    return { { name = "Paper", title = "Paper", columns = { { width = 90 }, { width = 10 } }, rows = rows } }
  end,
}
"#;

/// A project with these files; one of them is the return.
pub fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = folder();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    folder
}

pub fn built(folder: &Path, period: &str, arguments: &[&str]) -> Run {
    let all = [&["build"], arguments, &["--period", period, "-o", "a.xlsx"]].concat();
    let run = rapporteur(folder, &all);
    assert!(matches!(run.code, Some(0 | 1)) && run.out.contains("wrote"), "{}", run.shown());
    run
}

/// The texts of a workbook's cells, with their sheets and places.
pub fn cells(folder: &Path) -> String {
    rapporteur(folder, &["show", "a.xlsx", "--cells"]).out
}

/// Fails unless each sentence stands in a cell of its own.
#[track_caller]
pub fn assert_says(folder: &Path, sentences: &[&str]) {
    let cells = cells(folder);
    for sentence in sentences {
        let stands = cells.lines().any(|line| line.ends_with(&format!("\t{sentence}")));
        assert!(stands, "\"{sentence}\" is not in\n{cells}");
    }
}

/// Fails unless a row has these texts one after another, others between them or not.
#[track_caller]
pub fn assert_row(folder: &Path, wanted: &[&str]) {
    let cells = cells(folder);
    let mut rows: Vec<(String, Vec<&str>)> = Vec::new();
    for line in cells.lines() {
        let parts: Vec<&str> = line.splitn(3, '\t').collect();
        let [sheet, cell, text] = parts[..] else { continue };
        let row = format!("{sheet} {}", cell.trim_start_matches(|c: char| c.is_ascii_uppercase()));
        match rows.last_mut() {
            Some((last, texts)) if *last == row => texts.push(text),
            _ => rows.push((row, vec![text])),
        }
    }
    let holds = |(_, texts): &(String, Vec<&str>)| {
        let mut texts = texts.iter();
        wanted.iter().all(|wanted| texts.any(|text| text == wanted))
    };
    assert!(rows.iter().any(holds), "{wanted:?} is not in\n{cells}");
}

/// Eleven comparators, of which seven rise: children in care in a year and in the next.
pub const ELEVEN: [(i32, i32); 11] = [
    (500, 530),
    (480, 476),
    (610, 640),
    (320, 318),
    (455, 470),
    (390, 402),
    (700, 690),
    (265, 280),
    (510, 505),
    (430, 452),
    (340, 380),
];

/// Derby 2018: "At the end of December there were 478 children in care, a 6% rise … England +3.2%,
/// comparators +2.9%, seven of the eleven rose".
#[test]
fn derby_2018_held_its_rise_against_eleven_comparators() {
    let mut published = String::from(
        "time_period,time_identifier,geographic_level,country_code,region_code,region_name,\
         new_la_code,la_name,number\n",
    );
    for (year, at) in [("201516", 0), ("201617", 1)] {
        let mut row = |level: &str, code: &str, name: &str, number: i32| {
            let (region, council) = match level {
                "Local authority" => ("E12000004,East Midlands", format!("{code},{name}")),
                _ => (",", ",".to_string()),
            };
            published +=
                &format!("{year},Financial year,{level},E92000001,{region},{council},{number}\n");
        };
        row("National", "", "", [70_440, 72_670][at]);
        row("Local authority", "E06000015", "Derby", 450);
        for (number, (then, now)) in ELEVEN.iter().enumerate() {
            let code = format!("E080000{:02}", number + 1);
            row("Local authority", &code, &format!("Council {}", number + 1), [*then, *now][at]);
        }
    }
    let group: Vec<String> = (1..=11).map(|n| format!("\"E080000{n:02}\"")).collect();
    let settings = format!(
        "layout = \"lines\"\n[authority]\nname = \"Derby\"\ncode = \"E06000015\"\n\
         [published]\n\"2017\" = \"published\"\n[neighbours]\nname = \"comparators\"\n\
         councils = [{}]\n",
        group.join(", ")
    );
    let folder = project(&[
        ("rapporteur.toml", &settings),
        ("templates/lines.luau", LINES),
        ("published/cla.csv", &published),
        (
            "scripts/cla.luau",
            r#"rap.indicator "in_care" {
              title = "Children in care", unit = "number", typed = true,
              published = { { release = "2017", file = "cla.csv", value = "number" } },
            }"#,
        ),
        (
            "templates/shared/said.luau",
            r#"return function(report)
              local f = report:figure "in_care"
              return {
                `At the end of {report.period.end_month} {f.value}, {f:change "2016/17"}`,
                `England {f:change_of "england"}`,
                `Comparators {f:change_of "statistical_neighbours"}; {f:group_rose()} rose, {f:group_fell()} fell`,
              }
            end"#,
        ),
        ("typed.csv", "Indicator,Value\nin_care,478\n"),
    ]);
    built(folder.path(), "2017/18 Q3", &["typed.csv"]);
    assert_says(
        folder.path(),
        &[
            "At the end of December 2017 478, +28 (6%)",
            "England +2,230 (3.2%)",
            "Comparators +13 (2.9%); seven of the eleven rose, four of the eleven fell",
        ],
    );
}

/// Years and months that earlier reports printed.
pub fn history(rows: &[(&str, &str, &str)]) -> String {
    let mut text = String::from(
        "indicator,area_type,area,area_code,period,period_end,value,printed,reported_in\n",
    );
    for (code, period, value) in rows {
        text += &format!("{code},council,Derby,,{period},,{value},{value},2022/23\n");
    }
    text
}

/// Derby 2023: "the second decline in five years", "from a high of 76.2% in June 2020", "104
/// against 82, 65 and 70", "missing … in line with the national average"; dates of sign-off; bold
/// words.
#[test]
fn derby_2023_told_of_runs_records_and_who_signed() {
    let said = r#"return function(report)
      local rate, stable, missing = report:figure "rate", report:figure "stable", report:figure "missing"
      return {
        `The {rate:among(5)}; it was {rate:at(report.period.previous_year)} the year before`,
        `From a high of {stable:high()}; the lowest since {stable:lowest_since()}`,
        `The {stable:run()}`,
        `{missing.value}, {missing:against("england", 2)}`,
        `In a table: {missing:comparison({ "england" }, 2)}`,
        `Signed by {report:sign_off()[1].name} on {report:sign_off()[1].date}`,
      }
    end"#;
    let measures = r#"
      rap.change "layout" "board" { options = { others = { "statistical_neighbours", "region", "england" } } }
      rap.indicator "rate"    { title = "Rate", unit = "rate per 10,000", better = "lower", typed = true, decimals = 0 }
      rap.indicator "stable"  { title = "Stable", unit = "percentage", better = "higher", typed = true }
      rap.indicator "missing" { title = "Missing", unit = "percentage", better = "lower", typed = true }
    "#;
    let past = history(&[
        ("rate", "2017/18", "92"),
        ("rate", "2018/19", "98"),
        ("rate", "2019/20", "97"),
        ("rate", "2020/21", "105"),
        ("rate", "2021/22", "109"),
        ("stable", "2018/19", "61.0"),
        ("stable", "June 2020", "76.2"),
        ("stable", "2020/21", "75.0"),
        ("stable", "2021/22", "73.1"),
    ]);
    let folder = project(&[
        (
            "rapporteur.toml",
            "layout = \"lines\"\n[authority]\nname = \"Derby\"\n\
             [[sign_off]]\nrole = \"Director\"\nname = \"A. N. Officer\"\n\
             date = \"14 July 2023\"\n",
        ),
        ("templates/lines.luau", LINES),
        ("templates/shared/said.luau", said),
        ("scripts/measures.luau", measures),
        ("history/past.csv", &past),
        (
            "typed.csv",
            "Indicator,Value,Statistical neighbours,Region,England\n\
             rate,104,82,65,70\nstable,61.8,71,,71\nmissing,10.5,10,,11\n",
        ),
        (
            "comments.csv",
            "Area,Commentary\nrate,\"The rate **fell by five**, and 2 ** 3 stays.\"\n",
        ),
    ]);
    built(folder.path(), "2022/23", &["typed.csv"]);
    assert_says(
        folder.path(),
        &[
            "The second decline in five years; it was 109 the year before",
            "From a high of 76.2% in June 2020; the lowest since 2018/19",
            "The second decline in a row",
            "10.5%, in line with England (11.0%)",
            "In a table: In line with England",
            "Signed by A. N. Officer on 14 July 2023",
        ],
    );
    // The same beside others on the board, with what was typed, bold where stars say so.
    built(folder.path(), "2022/23", &["typed.csv", "comments.csv", "--template", "board"]);
    assert_row(folder.path(), &["Rate", "82", "65", "70", "109", "104"]);
    assert_says(folder.path(), &["The rate fell by five, and 2 ** 3 stays."]);
    let book = fs::read(folder.path().join("a.xlsx")).expect("written");
    let looks = workbook_text(&book).expect("a sound workbook");
    let line = looks.lines().find(|line| line.contains("fell by five")).expect("the sentence");
    assert!(line.contains("**fell by five**"), "{line}");
}

/// Derby's minutes of 2022: the funnel and last year's, placements by provider, visits, vacancies
/// of 40% and 74 posts, caseloads of 58, 51, 36 and 16, 14 projected, higher than regional
/// comparators, savings in pounds, judgements and areas for improvement.
#[test]
fn derbys_minutes_of_2022_stand_in_services() {
    let folder = project(&[
        ("rapporteur.toml", "[authority]\nname = \"Derby\"\n"),
        (
            "scripts/money.luau",
            r#"
            rap.indicator "savings" {
              title = "Savings", unit = "pounds", better = "higher", typed = true, people = false, target = 500000,
            }
            rap.indicator "adopters" { title = "Adopters", unit = "number", typed = true, target = 12, people = false }
            rap.indicator "conversion" {
              title = "Enquiries that became approvals", unit = "percentage", better = "higher", typed = true, people = false,
            }
            rap.layout "to_come" {
              sheets = function(report)
                local next = report.period.next_year
                local f    = report:figure "adopters"
                local rate = report:figure "conversion"
                return { {
                  name = "To come", title = "To come",
                  columns = {
                    { heading = "Measure", show = "title", width = 30 },
                    { heading = "Now", show = "value" },
                    { heading = `Expected {next.label}`, show = "value", period = next },
                  },
                  rows = {
                    { indicator = "adopters" },
                    { indicator = "savings" },
                    { cells = { { text = `{f:at(next)} projected, target {f:target_for(next)}`, span = 3 } } },
                    { cells = { { text = `{rate.value} of enquiries, {rate:against "region"}`, span = 3 } } },
                  },
                } }
              end,
            }"#,
        ),
        (
            "recruitment.csv",
            "STAGE,HOUSEHOLDS\nInitial enquiries,200\nApplications,18\nMainstream approvals,9\n",
        ),
        (
            "typed.csv",
            "Indicator,Value,Previous out-turn,Forecast 2022/23,Target 2022/23,Region\n\
             recruitment.initial_enquiries,,160,,,\nrecruitment.applications,,20,,,\n\
             savings,\"£615,000\",540000,,,\nadopters,11,9,14,16,\nconversion,4.5,,,,3.1\n",
        ),
        (
            "workforce.csv",
            "TEAM,POSTS,VACANT,CASELOAD\nAssessment,100,51,58\nLocality,60,18,51\nIn care,20,5,36\n\
             Leaving care,5,0,16\n",
        ),
        (
            "visits.csv",
            "HOME,VISITOR,VISITED_ON\nHome 1,Regulation 44,12/05/2021\n\
             Home 2,Regulation 44,13/05/2021\n\
             Home 1,Members,20/09/2021\n",
        ),
        (
            "judgements.csv",
            "INSPECTION,AREA,JUDGEMENT,INSPECTED\nILACS 2022,Children in care,Good,10/03/2022\n",
        ),
        (
            "improvements.csv",
            "AREA,ACTION,OWNER,DUE,PROGRESS\nPathway plans,Plans are read by a manager,Head of \
             Service,30/09/2022,Begun\n\
             Dental checks,Clinics in homes,Designated nurse,31/12/2022,\n",
        ),
    ]);
    let files = [
        "recruitment.csv",
        "typed.csv",
        "workforce.csv",
        "visits.csv",
        "judgements.csv",
        "improvements.csv",
    ];
    built(folder.path(), "2021/22", &[&files[..], &["--template", "services"]].concat());
    for row in [
        &["Applications", "18", "9.0%", "20", "12.5%"][..],
        &["Assessment", "100", "51", "58"],
        &["Leaving care", "5", "0", "16"],
        &["All teams", "185", "74"],
        &["Posts that are vacant", "40%"],
        &["Regulation 44 visits", "2"],
        &["Members' visits", "1"],
        &["Children in care", "ILACS 2022", "Good", "10 March 2022"],
        &[
            "Pathway plans",
            "Plans are read by a manager",
            "Head of Service",
            "30 September 2022",
            "Begun",
        ],
        &["Savings", "615000", "540000", "+£75,000 (14%)", "500000"],
    ] {
        assert_row(folder.path(), row);
    }
    let book = fs::read(folder.path().join("a.xlsx")).expect("written");
    let looks = workbook_text(&book).expect("a sound workbook");
    assert!(looks.contains("£"), "the cells of money are formatted as money");
    built(folder.path(), "2021/22", &["typed.csv", "--template", "to_come"]);
    assert_row(folder.path(), &["Adopters", "11", "14 [f]"]);
    assert_says(
        folder.path(),
        &["14 projected, target 16", "4.5% of enquiries, above the region (3.1%)"],
    );
}

/// Nottingham 2017: "19 + 5 + 1 = 25", "Q1 88%, Q2 80%", from "20% in 2006 to 5.4% in 2016", "five
/// of seven".
#[test]
fn nottingham_2017_added_up_its_routes_and_saw_two_quarters() {
    let past = history(&[("offending", "2005/06", "20"), ("offending", "2015/16", "5.4")])
        .replace("Derby", "Nottingham");
    let folder = project(&[
        ("rapporteur.toml", "[authority]\nname = \"Nottingham\"\n"),
        (
            "scripts/routes.luau",
            r#"
            rap.list "orders" {
              title = "Orders", key = "ORDER", public = { "ORDER", "CHILDREN" },
              columns = { { "ORDER", "text", required = true }, { "CHILDREN", "number" } },
            }
            rap.list "adopted" {
              title = "Adopted", key = "ROUTE", public = { "ROUTE", "NUMBER" },
              columns = { { "ROUTE", "text", required = true }, { "NUMBER", "number" } },
            }
            rap.indicator "adoptions" { title = "Adopted", unit = "number", population = "adopted", sum = "NUMBER" }
            rap.indicator "orders"    { title = "Orders", unit = "number", population = "orders", sum = "CHILDREN" }
            rap.indicator "permanent" {
              title = "Left care for a family that lasts", unit = "number", better = "higher",
              derived_from = { "adoptions", "orders" }, value = function(adopted, orders) return adopted + orders end,
            }
            rap.indicator "checks"    { title = "Health checks in time", theme = "Health", unit = "percentage", better = "higher", typed = true }
            rap.indicator "offending" { title = "Convicted", unit = "percentage", better = "lower", typed = true }
            rap.layout "lines" {
              sheets = function(report)
                local f = report:figure "offending"
                local year = report.period
                for _ = 1, 12 do year = year.previous_year end
                local text = `From {f:at(year)} in {year.label} to {f:at(report.period.previous_year.previous_year)}`
                return { { name = "Paper", title = "Paper", columns = { { width = 60 }, { width = 20 } }, rows = { { cells = { text } } } } }
              end,
            }
            "#,
        ),
        ("orders.csv", "ORDER,CHILDREN\nSpecial guardianship,5\nChild arrangements,1\n"),
        ("adopted.csv", "ROUTE,NUMBER\nAdoption,19\n"),
        (
            "typed.csv",
            "Indicator,Value,Previous out-turn,2017/18 Q1,2017/18 Q2\nchecks,84,86,88,80\n\
             offending,5.1,,,\n",
        ),
        ("history/past.csv", &past),
    ]);
    let files = ["orders.csv", "adopted.csv", "typed.csv"];
    built(folder.path(), "2017/18 Q1/Q2", &files);
    assert_row(folder.path(), &["Left care for a family that lasts", "25"]);
    assert_row(folder.path(), &["Area / Indicator", "Q1", "Q2"]);
    assert_row(folder.path(), &["Health checks in time", "86%", "88%", "80%", "84%"]);
    built(folder.path(), "2017/18 Q1/Q2", &[&files[..], &["--template", "lines"]].concat());
    assert_says(folder.path(), &["From 20% in 2005/06 to 5.4%"]);
}

/// Nottingham 2017: "five of seven", which Ofsted called Good with Outstanding Features; scores of
/// strengths and difficulties for 56% of children, then 65%. Derby 2022: ceasing rose from 30 to 41
/// for every 10,000. Lincolnshire 2019: 99.7%, which is not all.
#[test]
fn homes_scores_and_rates_stand_as_the_papers_have_them() {
    let mut homes = String::from("HOME,STATUS,JUDGEMENT,INSPECTED\n");
    for home in 1..=5 {
        homes += &format!("Home {home},Open,Good with Outstanding Features,0{home}/05/2017\n");
    }
    homes += "Home 6,Open,Requires improvement,01/06/2017\nHome 7,Open,Inadequate,02/06/2017\n";
    let folder = project(&[
        ("rapporteur.toml", "[authority]\nname = \"Nottingham\"\n"),
        ("homes.csv", &homes),
        (
            "typed.csv",
            "Indicator,Unit,Numerator,Denominator,Value,Previous out-turn,Region,2017/18 \
             Q1,2017/18 Q2\n\
             sdq_done_pct,,,,65,,,56,65\ncease_n,,,,124,96,,,\ncease_rate,,,,41,30,,,\n\
             part_pct,,348,349,,,97.2,,\n",
        ),
    ]);
    built(folder.path(), "2017/18 Q1/Q2", &["homes.csv", "typed.csv", "--template", "services"]);
    assert_row(folder.path(), &["Home 1", "Good with Outstanding Features", "1 May 2017"]);
    assert_row(folder.path(), &["Good", "5", "71.4%"]);
    assert_row(folder.path(), &["All homes", "7"]);
    built(folder.path(), "2017/18 Q1/Q2", &["homes.csv", "typed.csv", "--template", "board"]);
    assert_row(folder.path(), &["Area / Indicator", "Q1", "Q2"]);
    assert_row(
        folder.path(),
        &["Strengths and difficulties score received, ages 5 to 16", "56%", "65%"],
    );
    assert_row(
        folder.path(),
        &[
            "Children who ceased to be looked after since April (rate per 10,000)",
            "96 (30)",
            "124 (41)",
        ],
    );
    assert_row(folder.path(), &["Children who took part in their reviews", "99.7%"]);
}

/// Lincolnshire 2019: younger children in residential placements, as a table of age by placement.
#[test]
fn lincolnshire_2019_saw_who_lives_in_residential_placements() {
    let mut header = String::from("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n");
    let mut episodes = String::from("CHILD,DECOM,RNE,LS,PLACE,PLACE_PROVIDER,DEC,REC\n");
    let kinds = [("K2", "PR4", "2012", 3), ("U1", "PR1", "2012", 6), ("K2", "PR1", "2004", 4)];
    let mut child = 0;
    for (place, provider, born, times) in kinds {
        for _ in 0..times {
            child += 1;
            header += &format!("{child},1,15/02/{born},WBRI,,,\n");
            episodes += &format!("{child},01/05/2019,S,C2,{place},{provider},,\n");
        }
    }
    let folder = project(&[
        ("rapporteur.toml", "[authority]\nname = \"Lincolnshire\"\n"),
        ("header.csv", &header),
        ("episodes.csv", &episodes),
    ]);
    let files = ["header.csv", "episodes.csv"];
    built(folder.path(), "2019/20 Q1/Q2", &[&files[..], &["--template", "services"]].concat());
    assert_row(folder.path(), &["Placement", "5 to 9", "10 to 15", "Children"]);
    assert_row(folder.path(), &["In children's homes", "0", "3", "4", "7"]);
    assert_row(folder.path(), &["In children's homes", "4", "3", "0", "7"]);
}

/// Totals and directions of a commentary are held against the figures.
#[test]
fn a_wrong_total_and_a_wrong_direction_are_told() {
    let folder = project(&[
        ("rapporteur.toml", "[authority]\nname = \"Derby\"\n"),
        (
            "scripts/measures.luau",
            r#"
            rap.indicator "exits_n"   { title = "Exits from care", unit = "number", better = "higher", typed = true }
            rap.indicator "sdq_pct"   { title = "Questionnaires returned", unit = "percentage", better = "higher", typed = true }
            "#,
        ),
        ("typed.csv", "Indicator,Value,Previous out-turn\nexits_n,19,23\nsdq_pct,65,56\n"),
        (
            "comments.csv",
            "Area,Commentary\nexits_n,There was a total of 20 exits. Demand has increased.\n\
             sdq_pct,\"Performance has worsened. A total of 20 staff were trained.\"\n",
        ),
    ]);
    let run = built(folder.path(), "2021/22", &["typed.csv", "comments.csv"]);
    let told = format!("{}{}", run.out, run.err);
    assert!(told.contains("says 20, but `Exits from care` is 19"), "{told}");
    assert!(
        told.contains(
            "says that `Questionnaires returned` became worse, but it went from 56% to 65%"
        ),
        "{told}"
    );
    assert!(told.contains("2 warnings"), "{told}");
    // Officers read titles; programs are told the code as well.
    let run = rapporteur(
        folder.path(),
        &["check", "typed.csv", "comments.csv", "--period", "2021/22", "--json"],
    );
    let found: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let problems = found["problems"].as_array().expect("problems");
    let codes: Vec<&str> = problems.iter().filter_map(|p| p["indicator"].as_str()).collect();
    assert_eq!(codes, ["exits_n", "sdq_pct"], "{}", run.out);
}
