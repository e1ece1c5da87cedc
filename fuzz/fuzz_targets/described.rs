#![no_main]
//! A workbook as text, for `diff` and snapshots.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("described", input));
