#![no_main]
//! A return's lists, up to the appendix.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("whole", input));
