//! The scripts and templates are inside the program: it is built anew when one of them changes. So
//! is the program for web pages, where `.ci/page build` has made it; that touches this file.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=scripts");
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rustc-check-cfg=cfg(has_engine)");
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/page/rapporteur.wasm.gz");
    let for_pages = std::env::var_os("CARGO_CFG_TARGET_FAMILY").is_some_and(|f| f == "wasm");
    if engine.is_file() && !for_pages {
        println!("cargo::rerun-if-changed={}", engine.display());
        println!("cargo::rustc-env=RAPPORTEUR_ENGINE={}", engine.display());
        println!("cargo::rustc-cfg=has_engine");
    }
}
