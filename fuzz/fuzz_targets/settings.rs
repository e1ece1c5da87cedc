#![no_main]
//! The settings.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("settings", input));
