//! Returns with something of every kind: what is saved in every form, and what faults by chance and
//! the fuzzer in `fuzz/` begin with.

use crate::saved::{self, Field};

/// A return with something of every kind, and faults of every kind that all forms can hold.
pub fn workbook() -> Vec<saved::Tab> {
    let text = |text: &str| Field::Text(text.to_string());
    let texts = |row: &str| -> Vec<Field> {
        let field = |f: &str| if f.is_empty() { Field::Blank } else { text(f) };
        row.split('|').map(field).collect()
    };
    let (born, later) = (Field::Day(40_738, "14/07/2011"), Field::Day(46_143, "01/05/2026"));
    let ended = Field::Day(46_203, "30/06/2026");
    let long = "A sentence, 12 of \u{201c}them\u{201d}. ".repeat(2_000);
    let long: String = long.chars().take(32_767).collect();
    let with = |mut row: Vec<Field>, fields: Vec<(usize, Field)>| {
        for (at, field) in fields {
            row[at] = field;
        }
        row
    };
    vec![
        (
            "Cover",
            vec![
                texts("Authority|Test & Ham <council>"),
                vec![text("Period end"), Field::Day(46_295, "30/09/2026")],
                vec![text("Population under 18"), Field::Number(61_234.0)],
            ],
        ),
        (
            "Header",
            vec![
                texts("CHILD|SEX|DOB|ETHNIC|UPN|MOTHER|MC_DOB"),
                with(texts("001|F||WBRI|UN1||"), vec![(2, born.clone()), (5, Field::Flag(false))]),
                with(texts("2|M|13/25/2011|WBRI|UN1||"), vec![(0, Field::Number(2.0))]),
                with(texts("Zo\u{eb} \u{1f600}|F||MWBC|UN1||"), vec![(2, Field::Error("#N/A"))]),
                with(
                    texts("4|M||WBRI|UN1||"),
                    vec![(2, born.clone()), (5, Field::Error("#VALUE!"))],
                ),
                with(texts("5|M||ZZZZ|UN1||"), vec![(2, born), (6, text("45000"))]),
            ],
        ),
        (
            "Episodes",
            vec![
                texts(
                    "CHILD|DECOM|RNE|LS|CIN|PLACE|PLACE_PROVIDER|DEC|REC|REASON_PLACE_CHANGE|\
                     HOME_POST|PL_POST|URN",
                ),
                with(texts("001||S|C2|N1|U4|PR1||||AB1 2CD|AB1 2CD|"), vec![(1, later.clone())]),
                vec![],
                with(
                    texts("2||S|C2|N1|U4|PR1||E4A||AB1 2CD|AB1 2CD|"),
                    vec![(0, Field::Number(2.0)), (1, later.clone()), (7, ended)],
                ),
                with(texts("4||S|C2|N1|U4|PR1||||||"), vec![(1, Field::Error("#DIV/0!"))]),
                with(texts("5||S|C2|N1|U4|PR1||||||"), vec![(1, later)]),
            ],
        ),
        (
            "Figures",
            vec![
                texts("Indicator|Title|Unit|Numerator|Denominator|Value|Target|Note"),
                with(
                    texts("school_stab||percentage|||||"),
                    vec![(5, Field::Percent(0.808)), (6, Field::Percent(0.005))],
                ),
                with(
                    texts("homes_good||percentage|||||"),
                    vec![(5, Field::Number(75.5)), (6, Field::Number(0.5))],
                ),
                with(texts("pathway_plan_6m||percentage|||||"), vec![(5, Field::Error("#DIV/0!"))]),
                with(
                    texts("pep_completed||percentage|||||It is 5 < 6 & \"so\""),
                    vec![(5, text("91.4%"))],
                ),
                with(
                    texts("fostering_households||number|||||"),
                    vec![(5, Field::Number(118.0)), (7, Field::Error("#N/A"))],
                ),
                with(texts("rev_pct||percentage|||||"), vec![(5, Field::Flag(true))]),
            ],
        ),
        (
            "Commentary",
            vec![
                texts("Indicator or area|Commentary|Author"),
                texts(
                    "cla_n|Up by 12 \u{2013} \u{00a3}3  more,\nand \"steady\".\n\nA last line.|A",
                ),
                texts(&format!("Placements|{long}|B")),
                with(texts("Health||C"), vec![(1, Field::Error("#VALUE!"))]),
            ],
        ),
    ]
}

/// The lists of a return as CSV files.
pub const LISTS: [(&str, &str); 9] = [
    (
        "header.csv",
        "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\nA1,F,14/07/2011,WBRI,UN1,0,\n\
         B2,M,02/03/2009,MWBC,UN1,,\nC3,M,05/06/2008,WBRI,UN1,1,01/02/2026\n",
    ),
    (
        "episodes.csv",
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,\
         URN\nA1,01/05/2026,S,C2,N1,U4,PR1,,,,AB1 2CD,AB1 2CD,\n\
         B2,01/02/2025,S,C2,N1,U4,PR1,01/06/2026,X1,PLACE,,,\nB2,01/06/2026,P,C2,N1,K2,PR4,,,,,,\n\
         C3,01/02/2024,S,V2,N5,U4,PR1,13/25/2026,E4A,,,,\n",
    ),
    (
        "reviews.csv",
        "CHILD,DOB,REVIEW,REVIEW_CODE\nA1,14/07/2011,01/06/2026,PN1\nA1,14/07/2011,01/08/2026,PN9\n\
         B2,02/03/2009,02/06/2026,PN1\n",
    ),
    ("uasc.csv", "CHILD,SEX,DOB,DUC\nC3,M,05/06/2008,05/06/2026\n"),
    (
        "oc2.csv",
        "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,\
         HEALTH_ASSESSMENT,SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED\n\
         B2,02/03/2009,17,,0,,1,1,1,0,,\n",
    ),
    ("oc3.csv", "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\nC3,05/06/2008,YES,F1,B1\n"),
    (
        "ad1.csv",
        "CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR\n\
         A1,14/07/2011,01/06/2026,02/06/2026,0,2,MF,L11\n",
    ),
    (
        "placed_adoption.csv",
        "CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED\n\
         A1,14/07/2011,01/06/2026,,\n",
    ),
    (
        "missing.csv",
        "CHILD,DOB,MISSING,MIS_START,MIS_END\nB2,02/03/2009,M,03/06/2026,04/06/2026\n\
         B2,02/03/2009,A,,08/06/2026\n",
    ),
];

/// The same as XML, as case systems write it.
pub const XML: &str = r#"<?xml version='1.0' encoding='us-ascii'?>
<EXPSSDA903>
<CHILD><HEADER><CHILDID>A1</CHILDID><UPN>UN1</UPN><SEX>F</SEX><DOB>14/07/2011</DOB><ETHNIC>WBRI</ETHNIC><UASC>0</UASC>
<DATE_INT>01/06/2026</DATE_INT><DATE_MATCH>02/06/2026</DATE_MATCH><FOSTER_CARE>0</FOSTER_CARE><NB_ADOPTR>2</NB_ADOPTR>
<SEX_ADOPTR>MF</SEX_ADOPTR><LS_ADOPTR>L11</LS_ADOPTR>
<AREVIEW><REVIEW>01/06/2026</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
<AREVIEW><REVIEW>01/08/2026</REVIEW><REVIEW_CODE>PN9</REVIEW_CODE></AREVIEW><MOTHER>0</MOTHER><MC_DOB />
<AD_PLACED><DATE_PLACED>01/06/2026</DATE_PLACED></AD_PLACED></HEADER>
<EPISODE><DECOM>01/05/2026</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL><PL_POST>AB1 2CD</PL_POST>
<HOME_POST>AB1 2CD</HOME_POST><URN /><PLACE_PROVIDER>PR1</PLACE_PROVIDER><DEC /><REC /></EPISODE></CHILD>
<CHILD><HEADER><CHILDID>B2</CHILDID><UPN>UN1</UPN><SEX>M</SEX><DOB>02/03/2009</DOB><ETHNIC>MWBC</ETHNIC><UASC />
<AREVIEW><REVIEW>02/06/2026</REVIEW><REVIEW_CODE>PN1</REVIEW_CODE></AREVIEW>
<AMISSING><MISSING>M</MISSING><MIS_START>03/06/2026</MIS_START><MIS_END>04/06/2026</MIS_END></AMISSING>
<AMISSING><MISSING>A</MISSING><MIS_START /><MIS_END>08/06/2026</MIS_END></AMISSING><MOTHER />
<OC2><SDQ_SCORE>17</SDQ_SCORE><CONVICTED>0</CONVICTED><IMMUNISATIONS>1</IMMUNISATIONS><TEETH_CHECK>1</TEETH_CHECK>
<HEALTH_ASSESSMENT>1</HEALTH_ASSESSMENT><SUBSTANCE_MISUSE>0</SUBSTANCE_MISUSE></OC2></HEADER>
<EPISODE><DECOM>01/02/2025</DECOM><RNE>S</RNE><LS>C2</LS><CIN>N1</CIN><PL>U4</PL><PLACE_PROVIDER>PR1</PLACE_PROVIDER>
<DEC>01/06/2026</DEC><REC>X1</REC><REASON_PLACE_CHANGE>PLACE</REASON_PLACE_CHANGE></EPISODE>
<EPISODE><DECOM>01/06/2026</DECOM><RNE>P</RNE><LS>C2</LS><CIN>N1</CIN><PL>K2</PL><PLACE_PROVIDER>PR4</PLACE_PROVIDER>
</EPISODE></CHILD>
<CHILD><HEADER><CHILDID>C3</CHILDID><UPN>UN1</UPN><SEX>M</SEX><DOB>05/06/2008</DOB><ETHNIC>WBRI</ETHNIC><UASC>1</UASC>
<DUC>05/06/2026</DUC><IN_TOUCH>YES</IN_TOUCH><ACTIV>F1</ACTIV><ACCOM>B1</ACCOM><MOTHER>1</MOTHER>
<MC_DOB>01/02/2026</MC_DOB></HEADER>
<EPISODE><DECOM>01/02/2024</DECOM><RNE>S</RNE><LS>V2</LS><CIN>N5</CIN><PL>U4</PL><PLACE_PROVIDER>PR1</PLACE_PROVIDER>
<DEC>13/25/2026</DEC><REC>E4A</REC></EPISODE></CHILD>
</EXPSSDA903>"#;
