#![no_main]
//! Whatever is packed, as it lies on the disk.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("packed", input));
