#![no_main]
//! A file that DfE publishes.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("published", input));
