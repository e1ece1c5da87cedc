//! Made-up quarterly returns on children in care, in the lists and columns of the SSDA903.
//!
//! Nothing here is about a real child, carer or council: every row is drawn from a seeded
//! generator, so one seed gives one workbook, byte for byte. The shipped example and the benchmark
//! both come from this file, which is why neither holds anyone's data.
#![allow(dead_code)] // the example and the benchmark each use a part

use jiff::civil::{Date, date};
use jiff::{ToSpan, Unit};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

/// How many children were looked after in the year to date. Some five in six of them still are at
/// its end; care leavers, a quarter as many again, are in Header besides.
pub struct Size {
    pub children: usize,
}

impl Size {
    /// A middling council: some 410 children in care at the period's end, and 800 episodes.
    pub const EXAMPLE: Size = Size { children: 500 };
    /// About what all of England looks after in half a year: 180,000 episodes.
    pub const NATION: Size = Size { children: 110_000 };
}

/// The return for quarter 2 of 2026/27, as the bytes of an Excel workbook. With `management` it
/// has the sheets that officers type, Figures and Commentary, before the lists.
pub fn workbook(seed: u64, children: usize, management: bool) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2026, 10, 9)?; // a clock would make two runs differ
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let plain = Format::new().set_font_name("Arial").set_font_size(10);
    let plain = plain.set_align(FormatAlign::Top);
    let (bold, wrapped) = (plain.clone().set_bold(), plain.clone().set_text_wrap());
    let dated = plain.clone().set_num_format("dd/mm/yyyy");
    book.set_default_format(&plain, 17, 64)?;
    for (name, text) in sheets(seed, children, management) {
        let sheet = book.add_worksheet().set_name(name)?;
        let heads = u32::from(name != "Cover"); // Cover's go down its first column instead
        sheet.set_freeze_panes(heads, 0)?;
        for (at, line) in (0..).zip(text.lines()) {
            for (column, cell) in (0..).zip(line.split('|')) {
                let head = at < heads || heads == 0 && column == 0;
                if at == 0 {
                    let least = if heads == 0 { 22 } else { 12 };
                    let long = column == 1 && matches!(name, "Cover" | "Figures" | "Commentary");
                    let width = if long { 90 } else { cell.len() + 3 };
                    sheet.set_column_width(column, width.max(least) as u16)?;
                }
                if let Some(Ok(day)) = cell.strip_prefix('@').map(str::parse::<Days>) {
                    sheet.write_with_format(at, column, day, &dated)?;
                } else if let Ok(number) = cell.parse::<f64>() {
                    sheet.write_with_format(at, column, number, &plain)?;
                } else if !cell.is_empty() {
                    let text = cell.trim_start_matches('\'').replace('¶', "\n");
                    let format = if head { &bold } else { &wrapped };
                    sheet.write_with_format(at, column, text, format)?;
                }
            }
        }
    }
    book.save_to_buffer()
}

/// The sheets as text, which is shorter to make and easier to count than cells: a line to a row,
/// `|` between cells, `@` before a day, `'` before text that looks like a number, ¶ for a new line.
pub fn sheets(seed: u64, children: usize, management: bool) -> Vec<(&'static str, String)> {
    let rng = &mut SplitMix64(seed);
    let mut people: Vec<Child> = (0..children).map(|n| Child::looked_after(rng, n)).collect();
    people.extend((children..children + children / 4).map(|n| Child::care_leaver(rng, n)));
    let cover = COVER.replace("POPULATION", &(80 * children + 146).to_string());
    let mut sheets = vec![("Cover", cover)];
    if management {
        sheets.push(("Figures", figures(&people)));
        let signed = COMMENTARY.replace("##", "|Service manager|@46304"); // 9 October 2026
        sheets.push(("Commentary", signed));
    }
    for (name, columns) in LISTS.lines().filter_map(|line| line.split_once(": ")) {
        let mut text = format!("{columns}\n");
        text.extend(people.iter().map(|child| child.rows(name, rng)));
        sheets.push((name, text));
    }
    if management {
        sheets.push(("Exits", exits(&people)));
        sheets.extend([("Recruitment", RECRUITMENT.to_string()), ("Homes", OUR_HOMES.to_string())]);
    }
    sheets
}

// Days are Excel's day numbers: a cell takes them as they are, and 110,000 lives are quicker to
// draw in whole numbers than in calendar dates. The calendar is asked only about birthdays.
type Days = i32;
const EPOCH: Date = date(1899, 12, 30);
const START: Days = 46_113; // 1 April 2026
const END: Days = START + 182; // 30 September 2026

fn years_after(day: Days, years: i32) -> Days {
    (EPOCH + day.days() + years.years() - EPOCH).get_days()
}

/// A day as lists of text have it.
pub fn date_of(day: Days) -> String {
    (EPOCH + day.days()).strftime("%d/%m/%Y").to_string()
}

fn written(day: Option<Days>) -> String {
    day.map_or(String::new(), |day| format!("@{day}"))
}

fn age(dob: Days, on: Days) -> i32 {
    let lived = (EPOCH + dob.days()).until((Unit::Year, EPOCH + on.days()));
    lived.map_or(0, |span| i32::from(span.get_years()))
}

/// Steele, Lea and Flood's generator: a few lines, and the same stream on every machine.
struct SplitMix64(u64);

impl SplitMix64 {
    /// A whole number from `low` up to but not `high`; `low` where that leaves none.
    fn between(&mut self, low: i32, high: i32) -> i32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        low + ((z ^ (z >> 31)) % (high - low).max(1) as u64) as i32
    }

    fn chance(&mut self, per_thousand: i32) -> bool {
        self.between(0, 1000) < per_thousand
    }

    /// A number from the distribution that has these evenly spaced quantiles.
    fn along(&mut self, quantiles: &[i32]) -> i32 {
        let at = self.between(0, quantiles.len() as i32 - 1) as usize;
        self.between(quantiles[at], quantiles[at + 1])
    }

    /// One of the codes of a table: `"V2=3 C1=7"` draws C1 seven times in ten.
    fn pick(&mut self, table: &'static str) -> &'static str {
        let parts = table.split(' ').filter_map(|part| part.split_once('='));
        let codes = parts.map(|(code, weight)| (code, weight.parse().unwrap_or(0)));
        let mut left = self.between(0, codes.clone().map(|(_, weight)| weight).sum());
        for (code, weight) in codes {
            left -= weight;
            if left < 0 {
                return code;
            }
        }
        ""
    }

    /// A postcode, in an area that the Post Office does not have.
    fn postcode(&mut self, area: &str) -> String {
        let mut letter = || char::from(b"ABDEFGHJLNPQRSTUWXYZ"[self.between(0, 20) as usize]);
        let unit = [letter(), letter()].iter().collect::<String>();
        let (district, sector) = (self.between(1, 9), self.between(1, 10));
        format!("{area}{district} {sector}{unit}")
    }
}

struct Child {
    id: i32,
    dob: Days,
    sex: &'static str,
    cin: &'static str,
    home: String,
    episodes: Vec<Episode>, // in order of time; none for one who left before this year
}

#[derive(Clone, Default)]
struct Episode {
    from: Days,
    to: Option<Days>,
    rne: &'static str,
    ls: &'static str,
    place: &'static str,
    provider: &'static str,
    site: String, // the last four columns
    rec: &'static str,
    reason: &'static str,
}

impl Child {
    fn new(rng: &mut SplitMix64, n: usize, dob: Days, cin: &'static str) -> Child {
        let id = 700_000 + 3 * n as i32 + rng.between(0, 3);
        let sex = rng.pick(if cin == ALONE { "M=94 F=6" } else { "M=8 F=7" });
        let (home, episodes) = (rng.postcode("ZX"), Vec::new());
        Child { id, dob, sex, cin, home, episodes }
    }

    /// One who left care earlier and has had a 17th to 21st birthday in the year to date: what is
    /// known at a birthday still to come cannot have been returned yet.
    fn care_leaver(rng: &mut SplitMix64, n: usize) -> Child {
        let years = rng.along(&[17, 18, 18, 19, 19, 20, 20, 21, 21]);
        let dob = years_after(rng.between(START, END + 1), -years);
        let cin = rng.pick("N1=9 N8=1");
        Child::new(rng, n, dob, cin)
    }

    fn looked_after(rng: &mut SplitMix64, n: usize) -> Child {
        let left = rng.chance(180);
        let last = END - if left { rng.between(0, 183) } else { 0 };
        let cin = rng.pick("N1=63 N5=12 N8=8 N4=7 N3=4 N6=3 N7=1 N2=2");
        let rec = match cin {
            _ if !left => "",
            SHORT_BREAKS => "E4A",
            ALONE => rng.pick("E5=8 E6=1 E17=2 E15=2 E8=1"),
            _ => rng.pick(ENDINGS),
        };
        let age = match rec {
            _ if cin == SHORT_BREAKS => rng.between(2500, 6400),
            "E5" | "E6" | "E7" | "E8" | "E17" => last - years_after(last, -18),
            _ if cin == ALONE => rng.between(5650, 6560),
            "E11" | "E12" => rng.between(500, 2100),
            "E41" | "E45" | "E46" | "E47" | "E48" => rng.between(200, 4500),
            "" => rng.along(AGES),
            _ => rng.between(60, 6500),
        };
        let time = match rec {
            "E11" | "E12" => rng.between(470, 900),
            "E4A" | "E4B" if cin == SHORT_BREAKS => rng.between(2, 7),
            "E4A" | "E4B" | "E13" => rng.along(&[3, 40, 120, 250, 400, 700, 1500]),
            _ if cin == ALONE => rng.between(1, 900),
            "" if rng.chance(170) => rng.between(1, 183),
            _ => rng.along(TIMES),
        };
        let mut child = Child::new(rng, n, last - age, cin);
        let youngest = if cin == ALONE { 5200 } else { n as i32 % 20 };
        child.stay(rng, last - time.min(age - youngest).max(1), last, rec);
        // A few go home and come back within the year: counted as ceased, and in care again.
        if matches!(rec, "E4A" | "E4B") && last < END - 30 && age < 6300 && rng.chance(150) {
            let back = rng.between(last + 7, END);
            child.stay(rng, back, END, "");
        }
        child
    }

    /// A period of care as a chain of episodes; without a `rec` it is still open on its last day.
    fn stay(&mut self, rng: &mut SplitMix64, from: Days, last: Days, rec: &'static str) {
        let young = rec.is_empty() && last < self.dob + 6 * 365 && last - from > 400;
        let adopted = matches!(rec, "E11" | "E12") || young && rng.chance(220);
        let mut ls = rng.pick(match (self.cin, last - from) {
            (SHORT_BREAKS, _) if rec.is_empty() => "V4=1",
            (SHORT_BREAKS, _) => "V3=1",
            (ALONE, _) => "V2=96 C1=4",
            _ if adopted => "C1=1",
            (_, 501..) => "C2=80 V2=12 C1=8",
            _ => "C1=47 V2=45 C2=8",
        });
        // Most children stay put. Those who move a lot mostly do so in one bad year, and many move
        // on from children's homes and carers at 16.
        let sixteen = self.dob + 16 * 366;
        let (moves, early, late) = match rng.along(&[0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 3, 5]) {
            _ if self.cin == SHORT_BREAKS => (0, from, last),
            _ if adopted => (1, last - 330, last - 150),
            0 | 1 if from < sixteen && rng.chance(560) => (1, sixteen, last),
            moves @ 2.. if rng.chance(650) => (moves, from.max(last - 340), last),
            moves => (moves, from, last),
        };
        let mut days: Vec<Days> = (0..moves).map(|_| rng.between(early, late)).collect();
        days.retain(|&day| from < day && day < last);
        days.push(from);
        days.sort_unstable();
        days.dedup();

        let first = self.episodes.len();
        for day in days {
            let before = self.episodes[first..].last_mut();
            let fostered = before.as_ref().is_some_and(|e| e.place.starts_with('U'));
            let rne = match rng.pick("P=60 L=31 B=9") {
                _ if day == from => "S",
                "L" if adopted && fostered => "U",
                _ if adopted => "B",
                _ if self.cin == ALONE || ls == "C2" => "P",
                drawn => drawn,
            };
            ls = match (rne, ls) {
                ("S" | "P", _) => ls,
                _ if adopted => "E1",
                (_, "V2") => "C1",
                _ => "C2",
            };
            let mut next = match before.as_deref() {
                Some(same) if matches!(rne, "L" | "U") => same.clone(),
                _ => self.placed(rng, day, ls),
            };
            if rne == "U" {
                next.place = "A5";
            }
            (next.from, next.rne, next.ls) = (day, rne, ls);
            if let Some(before) = self.episodes[first..].last_mut() {
                (before.to, before.rec) = (Some(day), "X1");
                before.reason = if rne == "L" { "" } else { rng.pick(REASONS) };
            }
            self.episodes.push(next);
        }
        if let (Some(end), false) = (self.episodes.last_mut(), rec.is_empty()) {
            (end.to, end.rec) = (Some(last), rec);
            // Nobody stays on with carers they did not have, nor do those become guardians.
            if !end.place.starts_with('U') && matches!(rec, "E17" | "E45" | "E46") {
                end.rec = if rec == "E17" { "E5" } else { "E47" };
            }
        }
    }

    /// Whether the latest episode is at home: a move from there is a move away.
    fn at_home(&self) -> bool {
        self.episodes.last().is_some_and(|e| e.place == "P1")
    }

    /// A new place to live; its dates, and what is legal about it, are the caller's.
    fn placed(&self, rng: &mut SplitMix64, day: Days, ls: &str) -> Episode {
        let place = rng.pick(match (day - self.dob) / 366 {
            _ if ls == "E1" => "A6=1",
            _ if self.cin == SHORT_BREAKS => "K2=3 U6=6 R1=1",
            16.. if self.cin == ALONE => "K3=58 U6=28 U4=9 K2=5",
            // With parents needs a care order: those in care by agreement have none.
            16.. => "U4=21 U6=15 U3=4 U1=4 K2=20 K3=32 S1=1 R1=1 R5=1 K1=1",
            _ if ls == "V2" || self.at_home() => "U6=43 U4=24 U3=8 U1=3 K2=18 S1=2 R3=2",
            10.. => "U6=28 U4=25 U3=6 U1=5 K2=24 P1=9 S1=2 R1=1",
            _ => "U6=40 U4=16 U3=11 U1=9 U5=2 P1=14 K2=5 R3=3",
        });
        let (near, provider) = match place {
            "P1" => (1000, "PR0"),
            "A6" => (350, rng.pick("PR1=6 PR2=2 PR5=2")),
            "U1" | "U3" => (640, "PR1"),
            "U4" | "U5" | "U6" => (640, rng.pick("PR1=50 PR4=43 PR5=5 PR2=2")),
            "R5" => (300, "PR3"),
            "K3" => (640, rng.pick("PR4=80 PR1=10 PR5=10")),
            _ => (340, rng.pick("PR4=80 PR1=14 PR5=6")),
        };
        let (post, location, tenths) = match rng.chance(near) {
            _ if place == "P1" => (self.home.clone(), "IN", 0),
            true => (rng.postcode("ZX"), "IN", rng.along(INSIDE)),
            false => (rng.postcode("QZ"), "OUT", rng.along(OUTSIDE)),
        };
        // One home or agency appears in many episodes, so its number does too.
        let urn = match provider {
            "PR0" | "PR3" => String::new(),
            "PR1" => "9000001".to_string(),
            _ => (9_000_100 + rng.between(0, 60)).to_string(),
        };
        let site = format!("{post}|{urn}|{location}|{}.{}", tenths / 10, tenths % 10);
        Episode { place, provider, site, ..Episode::default() }
    }

    /// The child's rows in a list: none where the list is not about such a child.
    fn rows(&self, list: &str, rng: &mut SplitMix64) -> String {
        let Child { id, dob, sex, cin, home, episodes } = self;
        let (years, nobody) = (age(*dob, END), Episode::default());
        let (alone, end) = (*cin == ALONE, episodes.last().unwrap_or(&nobody));
        let start = episodes.iter().rfind(|e| e.rne == "S");
        let since = start.map_or(0, |e| e.from);
        let last = end.to.map_or(END, |to| to - 1);
        let decided = (end.from - 40 - id % 110).max(since + 20); // that adoption is the plan
        match list {
            "Header" => {
                let ethnic = rng.pick(if alone { ETHNIC_ALONE } else { ETHNIC });
                let upn = format!("{}000{:09}", rng.pick(LETTERS), rng.between(0, 999_999_999));
                let mother = *sex == "F" && years >= 16 && rng.chance(40);
                let child = mother.then(|| format!("1|@{}", END - id % 500));
                let child = child.unwrap_or("|".to_string());
                format!("{id}|{sex}|@{dob}|{ethnic}|{upn}|{child}\n")
            }
            // Those gone before this year, and those whose 18th birthday has ended their care.
            "OC3" if since == 0 || end.to.is_some() && years >= 18 => {
                let [there, activity, home] = [IN_TOUCH, ACTIVITIES, HOMES].map(|t| rng.pick(t));
                match there {
                    "YES" => format!("{id}|@{dob}|YES|{activity}|{home}\n"),
                    "DIED" | "RHOM" => format!("{id}|@{dob}|{there}||\n"),
                    _ => format!("{id}|@{dob}|{there}|'0|'0\n"),
                }
            }
            _ if since == 0 => String::new(),
            "Episodes" => {
                let row = |e: &Episode| {
                    let Episode { from, rne, ls, place, provider, site, rec, reason, .. } = e;
                    let legal = format!("{id}|@{from}|{rne}|{ls}|{cin}|{place}|{provider}");
                    let to = written(e.to);
                    format!("{legal}|{to}|{rec}|{reason}|{home}|{site}\n")
                };
                episodes.iter().map(row).collect()
            }
            _ if *cin == SHORT_BREAKS => String::new(),
            "Reviews" => {
                // Within 20 working days, within three months of that, then every six months.
                let (mut text, mut on) = (String::new(), since + rng.between(16, 28));
                while on <= last {
                    let code = rng.pick(if age(*dob, on) < 4 { "PN0=1" } else { REVIEWS });
                    if on >= START {
                        text += &format!("{id}|@{dob}|@{on}|{code}\n");
                    }
                    on += rng.between(0, 14) + if on < since + 30 { 78 } else { 165 };
                }
                text
            }
            "UASC" if alone => {
                let assessed = end.to.filter(|_| end.rec == "E15");
                let until = assessed.unwrap_or(years_after(*dob, 18));
                format!("{id}|{sex}|@{dob}|@{until}\n")
            }
            // Only those in care for the whole of the twelve months to the period's end.
            "OC2" if end.to.is_none() && since <= years_after(END, -1) + 1 => {
                let score = (rng.between(0, 14) + rng.between(0, 17)).to_string();
                let sdq = match (years, rng.pick("=78 SDQ2=7 SDQ3=2 SDQ4=9 SDQ5=4")) {
                    (..4 | 17.., _) => "|SDQ1".to_string(),
                    (_, "") => score + "|",
                    (_, reason) => format!("|{reason}"),
                };
                let convicted = rng.pick(if years < 10 { "0=1" } else { "1=2 0=80" });
                let checked = rng.pick(if years < 5 { "1=89 0=11" } else { "=1" });
                let immune = rng.pick("1=83 0=17");
                let teeth = rng.pick(if years < 2 { "1=56 0=44" } else { "1=78 0=22" });
                let assessed = rng.pick("1=89 0=11");
                let misuse = rng.pick(if years < 11 { "0|0|0=1" } else { MISUSE });
                let health = format!("{convicted}|{checked}|{immune}|{teeth}|{assessed}|{misuse}");
                format!("{id}|@{dob}|{sdq}|{health}\n")
            }
            "AD1" if matches!(end.rec, "E11" | "E12") => {
                let (matched, adopters) = (rng.between(decided + 1, end.from), rng.pick(ADOPTERS));
                let fostered = i32::from(end.place == "A5");
                format!("{id}|@{dob}|@{decided}|@{matched}|{fostered}|{adopters}\n")
            }
            "PlacedAdoption" if end.place.starts_with('A') => format!("{id}|@{dob}|@{decided}||\n"),
            "PrevPerm" => {
                let kind = rng.pick("Z1=88 P2=6 P1=4 P3=2");
                let (first, by) = (episodes[0].from, rng.pick("'000=9 NUK=1"));
                if kind == "Z1" || alone || first < dob + 1500 {
                    return format!("{id}|@{dob}|Z1||\n");
                }
                let on = rng.between(dob + 300, first - 200);
                format!("{id}|@{dob}|{kind}|{by}|@{on}\n")
            }
            "Missing" if years >= 11 && rng.chance(100) => {
                let (mut text, mut on) = (String::new(), since.max(START) + rng.between(0, 60));
                for _ in 0..rng.along(&[1, 2, 2, 3, 8]) {
                    let kind = rng.pick("M=82 A=18");
                    let back = on + rng.along(&[0, 0, 0, 0, 1, 1, 2, 5]);
                    // Still missing when the return was taken, if that is after its last day.
                    let to = written(Some(back).filter(|&back| back <= last));
                    if on <= last && (back <= last || last == END) {
                        text += &format!("{id}|@{dob}|{kind}|@{on}|{to}\n");
                    }
                    on = back + rng.between(1, 35);
                }
                text
            }
            _ => String::new(),
        }
    }
}

/// The indicators that officers type, and what the calculated ones are compared with.
fn figures(people: &[Child]) -> String {
    let in_care = |c: &Child| c.episodes.last().is_some_and(|e| e.to.is_none());
    let at_school = |c: &&Child| in_care(c) && (5..16).contains(&age(c.dob, END));
    let pupils = people.iter().filter(at_school).count();
    let mut text = TYPED.replace("PEPS", &format!("{}|{pupils}", pupils * 947 / 1000));
    let not_national = "Not collected nationally.";
    for line in COMPARED.split([' ', '\n']) {
        if let [code, previous, neighbours, england] = line.split(',').collect::<Vec<_>>()[..] {
            let neighbours = if neighbours == "none" { not_national } else { neighbours };
            text += &format!("{code}||||||{previous}||{neighbours}||{england}||||\n");
        }
    }
    text
}

/// Who left care by which route in each quarter, as the episodes have it.
fn exits(people: &[Child]) -> String {
    let mut text = "QUARTER|ROUTE|CHILDREN\n".to_string();
    for (quarter, days) in [("Q1", START..START + 91), ("Q2", START + 91..END + 1)] {
        for (route, reasons) in ROUTES {
            let left = |child: &&Child| {
                let last = child.episodes.last();
                last.is_some_and(|e| {
                    e.to.is_some_and(|day| days.contains(&day)) && reasons.contains(&e.rec)
                })
            };
            let children = people.iter().filter(left).count();
            text += &format!("{quarter}|{route}|{children}\n");
        }
    }
    text
}

const ROUTES: [(&str, &[&str]); 4] = [
    ("Special guardianship order", &["E45", "E46", "E47", "E48"]),
    ("Child arrangements order", &["E41"]),
    ("Reunification", &["E4A", "E4B"]),
    ("Adoption order", &["E11", "E12"]),
];

/// It begins with the enquiries of Figures.
const RECRUITMENT: &str = "\
STAGE|HOUSEHOLDS
Enquiries|97
Information packs sent|58
Visits at home|31
Applications|14
Mainstream approvals|6
Family and friends approvals|5";

/// Four of five are good or outstanding, as Figures and Commentary say.
const OUR_HOMES: &str = "\
HOME|STATUS|JUDGEMENT|INSPECTED
Larch House|Open|Good|@46076
Hazel House|Open|Requires improvement|@46149
Rowan House|Open|Outstanding|@46027
Alder House|Open|Good|@46182
Maple House|Open|Good|@45964";

/// Two needs stand for a way of life here: alone in the country, and short breaks only.
const ALONE: &str = "N8";
const SHORT_BREAKS: &str = "N2";

/// Quantiles, in days: of the age of children in care, and of how long they have been in care.
const AGES: &[i32] = &[30, 900, 1900, 2900, 3850, 4450, 5000, 5500, 5950, 6270, 6570];
const TIMES: &[i32] = &[184, 300, 430, 580, 780, 1000, 1300, 1700, 2200, 2900, 4200];
/// Quantiles, in tenths of a mile: from home to a placement in the area, and to one outside it.
const INSIDE: &[i32] = &[3, 12, 25, 40, 60, 90, 140, 195];
const OUTSIDE: &[i32] = &[35, 90, 130, 170, 230, 340, 520, 900, 1900];

const ENDINGS: &str = "E4A=19 E4B=6 E13=4 E11=1 E12=8 E45=5 E46=1 E47=5 E48=1 E41=4 E5=14 E6=3 \
    E17=11 E7=4 E8=9 E3=1 E9=1";
const REASONS: &str = "CARPL=48 OTHER=14 CREQB=12 CHILD=8 LAREQ=7 CREQO=4 PLACE=4 STAND=1 CLOSE=1";
const REVIEWS: &str = "PN1=49 PN2=4 PN3=2 PN4=3 PN5=7 PN6=26 PN7=9";
const MISUSE: &str = "0|0|0=955 1|1|0=22 1|0|1=16 1|0|0=7";
const IN_TOUCH: &str = "YES=920 NO=40 REFU=20 NREQ=10 RHOM=6 DIED=4";
const ACTIVITIES: &str = "F1=6 P1=1 F2=22 P2=3 F4=5 F5=21 P5=4 G4=14 G5=18 G6=4 '0=2";
const HOMES: &str = "U1=30 D1=17 B1=14 Z1=9 K1=9 E1=4 T1=4 C1=1 Y1=1 X2=3 S2=2 V2=1 W2=1 Y2=1 G1=1";
const ADOPTERS: &str = "2|MF|L11=60 2|MF|L3=14 2|MM|L11=9 2|FF|L11=8 1|F1|L0=10 1|M1|L0=2";
const LETTERS: &str = "A=1 E=1 H=1 K=1 N=1 T=1 X=1";
const ETHNIC_ALONE: &str = "OOTH=34 AOTH=26 BAFR=26 WOTH=9 ABAN=2 REFU=1 NOBT=2";
const ETHNIC: &str = "WBRI=700 WIRI=5 WOTH=38 WIRT=4 WROM=6 MWBC=38 MWBA=13 MWAS=18 MOTH=32 AIND=6 \
    APKN=18 ABAN=8 AOTH=14 BCRB=22 BAFR=40 BOTH=14 CHNE=2 OOTH=14 REFU=3 NOBT=5";

const LISTS: &str = "\
Header: CHILD|SEX|DOB|ETHNIC|UPN|MOTHER|MC_DOB
Episodes: CHILD|DECOM|RNE|LS|CIN|PLACE|PLACE_PROVIDER|DEC|REC|REASON_PLACE_CHANGE|HOME_POST|PL_POST|URN|PL_LOCATION|PL_DISTANCE
Reviews: CHILD|DOB|REVIEW|REVIEW_CODE
UASC: CHILD|SEX|DOB|DUC
OC2: CHILD|DOB|SDQ_SCORE|SDQ_REASON|CONVICTED|HEALTH_CHECK|IMMUNISATIONS|TEETH_CHECK|HEALTH_ASSESSMENT|SUBSTANCE_MISUSE|INTERVENTION_RECEIVED|INTERVENTION_OFFERED
OC3: CHILD|DOB|IN_TOUCH|ACTIV|ACCOM
AD1: CHILD|DOB|DATE_INT|DATE_MATCH|FOSTER_CARE|NB_ADOPTR|SEX_ADOPTR|LS_ADOPTR
PlacedAdoption: CHILD|DOB|DATE_PLACED|DATE_PLACED_CEASED|REASON_PLACED_CEASED
PrevPerm: CHILD|DOB|PREV_PERM|LA_PERM|DATE_PERM
Missing: CHILD|DOB|MISSING|MIS_START|MIS_END";

/// The days are `START`, `END`, and seven weeks after it.
const COVER: &str = "\
Authority|Exampleton
Region|Mid England
Return|Children in care quarterly return
Reporting year|2026/27
Quarter|Q2
Period start|@46113
Period end|@46295
Population under 18|POPULATION
Committee|Corporate Parenting Board
Meeting date|@46344
Appendix|'1
Purpose|This report gives the Board the latest picture of how children in our care are doing, and sets out results from April 2026 to September 2026.
Contact|Performance and Improvement team";

const TYPED: &str = "\
Indicator|Title|Unit|Numerator|Denominator|Value|Previous out-turn|Previous quarter|Statistical neighbours|Region|England|Target|Tolerance low|Tolerance high|Note
pep_completed|Personal Education Plans completed in the summer term|percentage|PEPS||91.8|93.4|Not collected nationally.|||95|3|2|
pathway_plan_6m|Care leavers whose Pathway Plan was reviewed in the last 6 months|percentage|||86.2|80.8|84.9|Not collected nationally.|||90|5|2|
fostering_households|Approved fostering households, connected carers included|number|||118|112|115||||125|8|5|
foster_enquiries|Enquiries about fostering since April|number|||97|183|46|||||||The previous out-turn is for a full year.
homes_good_or_better|Our children's homes judged good or outstanding by Ofsted|percentage|4|5||75|80||79|82|80|0|10|
";

/// Indicator, previous out-turn, statistical neighbours, England: plausible beside what is drawn.
const COMPARED: &str = "\
cla_n,408,, cla_rate,101.8,92.4,70 start_n,172,, start_rate,42.9,38.1,27 cease_n,165,, cease_rate,41.2,37.6,27
uasc_n,31,, uasc_pct,7.6,6.8,7.4 adopt_pct,8.5,9.7,9.2 sgo_pct,11.5,12.4,12.1 perm_pct,24.2,25.8,24.9 home_plan_pct,17.0,18.6,19.3 home_unplan_pct,6.1,5.2,4.8
foster_pct,65.2,66.4,67 ifa_pct,40.1,41.3,39.6 res_pct,13.2,12.1,11.4 parents_pct,6.4,7.7,6.8 fam_10_16,65.9,67.2,68.3
dist20out_pct,21.8,19.4,21.1 within20_pct,77.4,79.2,72.5 inla_pct,61.9,60.5,56.3 pl3_pct,10.3,10.1,10.4 pl2y_pct,79.6,73.8,69.4
ha_pct,88.1,90.2,89.4 dent_pct,74.9,78.6,79.3 imm_pct,83.4,84.1,82.2 dev_pct,87.5,89.2,88.6 sdq_avg,14.6,14.8,14.4 sdq_done_pct,76.2,77.9,78.1 conv_pct,2.9,2.4,2.1 subm_pct,3.1,3.3,3
miss_pct,5.8,9.6,10.7 away_pct,2.2,2.6,2.3 cl_touch_pct,91.6,92.3,92.8 cl_eet_pct,54.7,53.9,55.2 cl_neet_pct,35.1,38.2,38.4 cl_acc_pct,84.3,88.1,87.9 part_pct,89.8,none,";

/// ¶ begins a paragraph. It names few numbers, and no rise or fall, to hold whatever is drawn.
const COMMENTARY: &str = "\
Indicator or area|Commentary|Author|Date
cla_n|Most children who come into our care do so because home has stopped being safe for them. The edge of care team meets each family within two working days of being asked for help, and a weekly panel considers every child who could go home, or to a relative, with the right support.¶The number alone does not tell the Board whether we are doing well. We would rather look after a child for as long as they need us than meet a figure, and this count is best read beside the share of children who leave care for a permanent home.##
pl3_pct|Behind every move is a child who has had to pack. The stability meeting goes through these children one by one each month: the usual story is a placement found in a hurry, at the start or after a crisis, that was never likely to last. A planning meeting is now held within ten days of every unplanned start, and carers can ask for help at night and at weekends as well as in office hours.##
pl2y_pct|Children tell us that staying with people they know matters more to them than almost anything else. Supervising social workers visit long-term carers at least every six weeks, and a carer who says that things are getting hard is offered respite and therapeutic advice before notice is given, not after.##
ha_pct|The figure covers children who have been in care for a year or more. Assessments held in August are often entered in September and October, so it is usual for the mid-year figure to be revised. The named nurse now receives a list each week of the assessments that fall due in the next eight, and older children may choose where theirs takes place.##
dent_pct|Finding a dentist who takes new patients remains the main difficulty, above all for children placed outside the area. The community dental service keeps appointments for children in care in school holidays, and foster carers have been told how to book them directly. Some young people decline to go; we record their choice, and ask again.##
cl_eet_pct|Some of our young people are at university, some are in their first job, and some are not well enough to work or are caring for a child of their own: the measure counts the last two as not in employment. Each young person without a place has a named adviser and a plan. The council's guaranteed interview scheme for care leavers now covers apprenticeships in every directorate.##
cl_acc_pct|A young person who is in custody, or has no home of their own, is counted as unsuitably housed, and the service manager reviews each of these young people every fortnight. Staying with a former foster carer, or moving to a flat with a tenancy that somebody helps to keep, gives the best start; both depend on planning that begins well before the 18th birthday.##
miss_pct|Most children who go missing are back within a day, but no episode is treated as ordinary. Every child is offered a conversation on return with somebody who does not work where they live, and what they say about why they went is shared, with their agreement, with those who look after them.¶A small number of teenagers account for many of the episodes. The police, schools and the homes concerned meet weekly about them, and where there is a risk of exploitation the child has a plan of their own.##
pep_completed|The Virtual School checks every plan for quality as well as for date, and returns those in which the child's own view is missing. Plans that were late were mostly for children who had just changed school or had recently come into care. Designated teachers have asked for shorter forms, and a revised one is being tried this term.##
Fostering and adoption|Word of mouth is still our best recruiter: more new households come to us through an existing carer than through any advertisement. The support offer was renewed this year, with a single number for out-of-hours advice and a mentor for each new household in its first twelve months.¶For children whose plan is adoption, the regional agency meets us monthly on each child who is waiting. Brothers and sisters who need a home together, and children with complex health needs, wait longest, and we look for their families first.##
Children's homes|Four of our five homes are judged good or outstanding. The home that requires improvement has a new registered manager and a plan agreed with Ofsted, and the Board's visitors have been to see it. Young people chose the furniture and the colours when two of the homes were redecorated over the summer.##
Health|The emotional wellbeing team now offers consultation to carers and schools without waiting for a referral, because the adults closest to a child are often the ones who can help first. Strengths and difficulties questionnaires are sent out in the month of a child's birthday, and a high score leads to a conversation with the carer within four weeks.##
Independent visitors|An independent visitor is a volunteer who befriends a child for as long as the child wishes, and for some it is the one adult who is not paid to be in their life. Every child who has little contact with family is asked whether they would like one. Recruitment is under way for more men, and for volunteers who live near to children placed at a distance.##";
