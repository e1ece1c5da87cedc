//! The scripts and templates are inside the program, as text and as bytecode: it is built anew when
//! one of them changes. So is the program for web pages, where `.ci/page build` has made it; that
//! touches this file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=scripts");
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=basics");
    println!("cargo::rerun-if-changed=pack.toml");
    println!("cargo::rustc-check-cfg=cfg(has_engine)");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let engine = root.join("target/page/rapporteur.wasm.gz");
    let for_pages = std::env::var_os("CARGO_CFG_TARGET_FAMILY").is_some_and(|f| f == "wasm");
    if engine.is_file() && !for_pages {
        println!("cargo::rerun-if-changed={}", engine.display());
        println!("cargo::rustc-env=RAPPORTEUR_ENGINE={}", engine.display());
        println!("cargo::rustc-cfg=has_engine");
    }
    compile(root, &PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names a folder")));
}

/// Compiles every script by the same Luau that runs it, into a table that `scripts/engine` reads.
/// One that cannot be compiled is left out: whoever runs it is told why.
fn compile(root: &Path, out: &Path) {
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    let basics = root.join("basics");
    for (pack, part) in [(root, "scripts"), (root, "templates"), (&basics, "scripts")] {
        let mut found = Vec::new();
        gather(&pack.join(part), &mut found);
        let named = |file: PathBuf| {
            let name = file.strip_prefix(pack).expect("it lies in the folder").to_string_lossy();
            (name.replace('\\', "/"), file)
        };
        files.extend(found.into_iter().map(named));
    }
    files.sort();
    let compiler = mlua::chunk::Compiler::new();
    let mut table = "&[\n".to_string();
    for (nth, (name, file)) in files.iter().enumerate() {
        let text = std::fs::read(file).expect("a script can be read");
        let Ok(compiled) = compiler.compile(&text) else { continue };
        let path = out.join(format!("{nth}.luauc"));
        std::fs::write(&path, compiled).expect("bytecode can be written");
        writeln!(table, "    ({name:?}, include_bytes!({path:?})),").expect("a text takes it");
    }
    table.push(']');
    std::fs::write(out.join("bytecode.rs"), table).expect("the table can be written");
}

/// All scripts below a folder.
fn gather(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there").filter_map(Result::ok) {
        let path = entry.path();
        match path.is_dir() {
            true => gather(&path, files),
            false if path.extension().is_some_and(|e| e == "luau") => files.push(path),
            false => {}
        }
    }
}
