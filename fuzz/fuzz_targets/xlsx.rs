#![no_main]
//! Parts of an .xlsx.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("xlsx", input));
