//! Files with a fault by chance: each is read or refused, and nothing panics, whatever the fault.
//! The faults are the same on every run; `MUTANTS=100000` makes more of them than the usual few.
//! The fuzzer in `fuzz/` looks for what chance does not find.

use rapporteur::intake::read::{Limits, read_bytes};
use rapporteur::nouns::problem::Problems;

use crate::saved::{self, Field};
use crate::seeds::{fuzz, seeds};
use crate::{every_kind, make};

/// A generator of numbers that anybody can follow (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// The bytes with one to three faults: a byte or number changed, a stretch lost, doubled or moved.
fn mutant(bytes: &[u8], chance: &mut Chance) -> Vec<u8> {
    const NUMBERS: [u32; 8] = [0, 1, 0x7F, 0xFF, 0xFFFF, 0x10_0000, 0x7FFF_FFFF, 0xFFFF_FFFF];
    let mut out = bytes.to_vec();
    for _ in 0..=chance.below(3) {
        let at = chance.below(out.len());
        let length = chance.below(40).min(out.len() - at);
        match chance.below(6) {
            0 => out[at] ^= 1 << chance.below(8),
            1 => out[at] = chance.below(256) as u8,
            2 => {
                let number = NUMBERS[chance.below(NUMBERS.len())].to_le_bytes();
                let some = number.len().min(out.len() - at);
                out[at..at + some].copy_from_slice(&number[..some]);
            }
            3 => drop(out.drain(at..at + length)),
            4 => {
                let stretch = out[at..at + length].to_vec();
                let to = chance.below(out.len());
                out.splice(to..to, stretch);
            }
            _ => out.truncate(at.max(1)),
        }
        if out.is_empty() {
            out.push(0);
        }
    }
    out
}

fn how_many() -> usize {
    std::env::var("MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(150)
}

/// Makes mutants of a file and reads each; how many could be read.
fn read_mutants(name: &str, mut make: impl FnMut(&mut Chance) -> Vec<u8>) -> usize {
    let count = how_many();
    let limits = Limits { cells: 50_000, text_bytes: 1 << 22, ..Limits::default() };
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let mut read = 0;
    for nth in 0..count {
        let bytes = make(&mut chance);
        let found = std::panic::catch_unwind(|| {
            let mut problems = Problems::default();
            let source = read_bytes(name, &bytes, &limits, &mut problems)?;
            for sheet in &source.sheets {
                for (_, cells) in sheet.rows() {
                    cells.iter().for_each(|cell| drop(sheet.shown(cell)));
                }
            }
            Ok::<_, rapporteur::nouns::problem::Problem>(())
        });
        let found = found.unwrap_or_else(|_| panic!("{name}: mutant {nth} panics"));
        read += usize::from(found.is_ok());
    }
    read
}

/// Mutants of a package have faults in one of its parts, and are packed again.
fn of_package(bytes: Vec<u8>) -> impl FnMut(&mut Chance) -> Vec<u8> {
    let parts = make::parts(&bytes);
    move |chance| {
        let mut parts = parts.clone();
        let nth = chance.below(parts.len());
        parts[nth].1 = mutant(&parts[nth].1, chance);
        make::package(&parts)
    }
}

fn some() -> Vec<saved::Tab> {
    let mut tabs = every_kind::workbook();
    // The longest text would take up nearly all of every mutant.
    for field in tabs.iter_mut().flat_map(|(_, rows)| rows).flatten() {
        if let Field::Text(text) = field {
            *text = text.chars().take(200).collect();
        }
    }
    tabs
}

#[test]
fn a_file_with_a_fault_is_read_or_refused() {
    let tabs = some();
    let xls = saved::xls(&tabs);
    let csv = saved::csv(&tabs[2].1);
    let xml = every_kind::XML.as_bytes();
    let read = [
        read_mutants("q.xls", |chance| mutant(&xls, chance)),
        read_mutants("q.xlsb", of_package(saved::xlsb(&tabs))),
        read_mutants("q.ods", of_package(saved::ods(&tabs))),
        read_mutants("q.xlsx", of_package(saved::xlsx(&tabs))),
        read_mutants("q.zip", |chance| {
            mutant(&make::package(&[("a.csv".into(), csv.clone())]), chance)
        }),
        read_mutants("q.csv", |chance| mutant(&csv, chance)),
        read_mutants("q.xml", |chance| mutant(xml, chance)),
    ];
    // A test of files that are all refused at once would find nothing.
    assert!(read.iter().all(|read| *read > 0), "{read:?}");
}

/// The same of what is no return: settings, scripts, earlier figures, published files, snapshots,
/// workbooks that are compared.
#[test]
fn what_is_like_a_seed_of_the_fuzzer_is_taken_too() {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for target in ["settings", "script", "figures", "published", "snapshot", "described"] {
        let begins: Vec<Vec<u8>> =
            seeds().into_iter().filter(|(of, ..)| *of == target).map(|(.., seed)| seed).collect();
        for nth in 0..how_many() {
            let input = mutant(&begins[chance.below(begins.len())], &mut chance);
            let found = std::panic::catch_unwind(|| fuzz::run(target, &input));
            assert!(found.is_ok(), "{target}: mutant {nth} panics");
        }
    }
}
