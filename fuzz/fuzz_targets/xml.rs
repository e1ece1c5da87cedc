#![no_main]
//! The return as XML.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("xml", input));
