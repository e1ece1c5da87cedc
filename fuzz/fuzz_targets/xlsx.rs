#![no_main]
//! Parts of an .xlsx.

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    rapporteur_fuzz::read("q2.xlsx", &rapporteur_fuzz::package(input));
});
