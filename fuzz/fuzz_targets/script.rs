#![no_main]
//! A script.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("script", input));
