#![no_main]
//! Parts of an .xlsb.

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    rapporteur_fuzz::read("q2.xlsb", &rapporteur_fuzz::package(input));
});
