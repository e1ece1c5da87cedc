#![no_main]
//! A snapshot, and a case.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("snapshot", input));
