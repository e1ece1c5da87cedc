#![no_main]
//! A workbook of Excel 97-2003: its container, or its stream alone.

libfuzzer_sys::fuzz_target!(|input: &[u8]| rapporteur_fuzz::run("xls", input));
