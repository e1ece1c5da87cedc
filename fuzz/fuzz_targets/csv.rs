#![no_main]
//! A CSV list.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("csv", input));
