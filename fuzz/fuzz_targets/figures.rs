#![no_main]
//! The figures of an earlier report.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("figures", input));
