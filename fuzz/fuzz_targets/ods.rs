#![no_main]
//! Parts of an .ods.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("ods", input));
