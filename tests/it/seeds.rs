//! The first inputs of the fuzzer in `fuzz/`: what the tests save in every form, and the settings,
//! scripts, figures, published files and snapshots of the repository. `SEEDS=FOLDER` keeps them.
//! Whatever the fuzzer does with them is done here once, so that it neither rots nor forgets.

#[path = "../../fuzz/src/lib.rs"]
pub mod fuzz;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::{folder, root};
use crate::{every_kind, make, saved};

/// The longest input of the repository that is one: longer ones are tried too seldom.
const LONGEST: usize = 60_000;

/// What is typed beside the lists of a return.
const TYPED: [(&str, &str); 3] = [
    ("cover.csv", "Authority,Exampleton\nPopulation under 18,61 234\nSubmitted,12/10/2026\n"),
    (
        "figures.csv",
        "Indicator,Value,Previous out-turn,Target,England\nha_pct,87.7%,88.1%,90%,c\n\
         Placed with parents,7.3%,,1 in 5,12\n",
    ),
    (
        "commentary.csv",
        "Indicator or area,Commentary,Author,Date,Figure,Checked\ncla_n,\"Two, not three.\",A,\
         09/10/2026,3,\nHealth,The highest in five years,,,,B\n",
    ),
];

/// The inputs: target, number, bytes.
pub fn seeds() -> Vec<(&'static str, usize, Vec<u8>)> {
    let mut seeds = Vec::new();
    let mut tabs = every_kind::workbook();
    for field in tabs.iter_mut().flat_map(|(_, rows)| rows).flatten() {
        if let saved::Field::Text(text) = field {
            *text = text.chars().take(200).collect();
        }
    }
    let small = vec![("Header", tabs[1].1[..3].to_vec())];
    for (nth, tabs) in [tabs, small].iter().enumerate() {
        seeds.push(("xlsx", nth, parts(&saved::xlsx(tabs))));
        seeds.push(("described", nth, parts(&saved::xlsx(tabs))));
        seeds.push(("xlsb", nth, parts(&saved::xlsb(tabs))));
        seeds.push(("ods", nth, parts(&saved::ods(tabs))));
        seeds.push(("xls", nth, saved::xls(tabs)));
        seeds.push(("packed", nth, make::gzip(&saved::csv(&tabs[0].1))));
        seeds.push((
            "packed",
            10 + nth,
            make::package(&[("a.csv".into(), saved::csv(&tabs[0].1))]),
        ));
        seeds.push(("csv", nth, saved::csv(&tabs[0].1)));
    }
    seeds.push(("xml", 0, every_kind::XML.as_bytes().to_vec()));
    for (nth, (_, text)) in every_kind::LISTS.iter().enumerate() {
        seeds.push(("csv", 10 + nth, text.as_bytes().to_vec()));
    }
    let lists = every_kind::LISTS.iter().chain(&TYPED);
    let lists: Vec<_> =
        lists.map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect();
    seeds.push(("whole", 0, parts(&make::package(&lists))));
    for (nth, sentence) in sentences().into_iter().enumerate() {
        seeds.push(("commentary", nth, sentence.into_bytes()));
    }
    let mut files = Vec::new();
    for part in ["examples", "scripts", "templates", "snapshots", "tests"] {
        gather(&root().join(part), &mut files);
    }
    files.push(root().join("rapporteur.toml"));
    files.sort();
    for (nth, file) in files.iter().enumerate() {
        let bytes = std::fs::read(file).expect("the file can be read");
        if let Some(target) = target_of(file, &bytes).filter(|_| bytes.len() <= LONGEST) {
            seeds.push((target, 100 + nth, bytes));
        }
    }
    seeds
}

/// The sentences that the tests of commentary are about.
fn sentences() -> Vec<String> {
    let read = |name: &str| {
        let file = root().join("src/figures/commentary").join(name);
        std::fs::read_to_string(file).expect("the file can be read")
    };
    let texts = ["claims_read.rs", "tests.rs"].map(read).concat();
    let quoted = texts.split('"').skip(1).step_by(2);
    quoted.filter(|text| text.contains(' ')).map(String::from).collect()
}

/// Every target of the fuzzer begins with something.
#[test]
fn seeds_of_every_target() {
    let folder = folder();
    let kept = std::env::var_os("SEEDS").map(PathBuf::from);
    let place = kept.as_deref().unwrap_or(folder.path());
    let mut targets = BTreeSet::new();
    let begins = seeds().into_iter();
    let begins = begins.map(|(target, nth, bytes)| (target.into(), format!("{nth:03}"), bytes));
    for (target, name, bytes) in begins.chain(found()) {
        std::fs::create_dir_all(place.join(&target)).expect("a folder can be made");
        std::fs::write(place.join(&target).join(name), bytes).expect("written");
        targets.insert(target);
    }
    let all = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).expect("the fuzzer is there");
    let bins = all.lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/"));
    let bins: BTreeSet<String> = bins.map(|bin| bin.trim_end_matches(".rs\"").into()).collect();
    assert_eq!(targets, bins);
}

/// What the fuzzer found, and what it begins with, goes the whole way of its target.
#[test]
fn every_target_takes_its_seeds_and_what_it_found() {
    for (target, _, bytes) in seeds() {
        fuzz::run(target, &bytes);
    }
    for (target, _, bytes) in found() {
        fuzz::run(&target, &bytes);
    }
}

/// What the fuzzer found so far: `tests/found/TARGET/NAME`.
fn found() -> Vec<(String, String, Vec<u8>)> {
    let mut files = Vec::new();
    gather(&root().join("tests/found"), &mut files);
    files.sort();
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let read = |file: PathBuf| {
        let bytes = std::fs::read(&file).expect("the file can be read");
        (name(file.parent().expect("a folder")), name(&file), bytes)
    };
    files.into_iter().map(read).collect()
}

/// The parts of a package as an input.
fn parts(package: &[u8]) -> Vec<u8> {
    let mut input = Vec::new();
    for (nth, (name, content)) in make::parts(package).into_iter().enumerate() {
        // The first part begins the input.
        let mark = if nth == 0 { "" } else { fuzz::PART };
        input.extend_from_slice(format!("{mark}{name}\n").as_bytes());
        input.extend_from_slice(&content);
    }
    input
}

/// All files below a folder.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        match path.is_dir() {
            true => gather(&path, files),
            false => files.push(path),
        }
    }
}

/// The target that takes a file, by its ending and its first line.
fn target_of(file: &Path, bytes: &[u8]) -> Option<&'static str> {
    let head = String::from_utf8_lossy(bytes.split(|byte| *byte == b'\n').next()?).to_lowercase();
    let name = file.file_name()?.to_str()?;
    match file.extension()?.to_str()? {
        "luau" => Some("script"),
        "snap" => Some("snapshot"),
        "toml" if name == "rapporteur.toml" || name == "settings.toml" => Some("settings"),
        "toml" => Some("snapshot"),
        "csv" if head.contains("reported_in") => Some("figures"),
        "csv" if head.contains("time_period") => Some("published"),
        "csv" => Some("csv"),
        _ => None,
    }
}
