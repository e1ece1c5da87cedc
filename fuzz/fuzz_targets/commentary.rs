#![no_main]
//! What a manager wrote.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("commentary", input));
