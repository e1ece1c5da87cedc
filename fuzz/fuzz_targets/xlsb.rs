#![no_main]
//! Parts of an .xlsb.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("xlsb", input));
