//! The scripts and templates are inside the program, as text and as bytecode: it is built anew when
//! one of them changes. So is the program for web pages, where `.ci/page build` has made it; that
//! touches this file. Of the fonts that rows' heights are worked out by, only widths are inside.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use ttf_parser::Face;

const FONTS: &str = "src/papers/layout/fonts";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=scripts");
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=basics");
    println!("cargo::rerun-if-changed=pack.toml");
    println!("cargo::rerun-if-changed={FONTS}");
    println!("cargo::rustc-check-cfg=cfg(has_engine)");
    // Asked when it runs, not when it is compiled: a folder may be moved with what was built in it.
    let root =
        PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where it is"));
    let engine = root.join("target/page/rapporteur.wasm.gz");
    let for_pages = std::env::var_os("CARGO_CFG_TARGET_FAMILY").is_some_and(|f| f == "wasm");
    if engine.is_file() && !for_pages {
        println!("cargo::rerun-if-changed={}", engine.display());
        println!("cargo::rustc-env=RAPPORTEUR_ENGINE={}", engine.display());
        println!("cargo::rustc-cfg=has_engine");
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names a folder"));
    compile(&root, &out);
    measure(&root.join(FONTS), &out);
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

/// Writes how wide each character of both fonts is, as constants that `papers/layout` reads.
fn measure(fonts: &Path, out: &Path) {
    let mut constants = String::new();
    for name in ["Regular", "Bold"] {
        let data = std::fs::read(fonts.join(format!("LiberationSans-{name}.ttf")));
        let data = data.expect("a font can be read");
        let font = Face::parse(&data, 0).expect("a font is sound");
        let (em, name) = (font.units_per_em(), name.to_uppercase());
        writeln!(constants, "const {name}: Font = ({em}, &[").expect("a text takes it");
        for (first, widths) in stretches(&font) {
            writeln!(constants, "    ({first}, &{widths:?}),").expect("a text takes it");
        }
        constants.push_str("]);\n");
    }
    std::fs::write(out.join("widths.rs"), constants).expect("the widths can be written");
}

/// The characters of a font in order, those that follow each other together: the first, and the
/// advance width of each.
fn stretches(font: &Face) -> Vec<(u32, Vec<u16>)> {
    let mut found: Vec<(u32, Vec<u16>)> = Vec::new();
    for c in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
        let Some(width) = font.glyph_index(c).and_then(|g| font.glyph_hor_advance(g)) else {
            continue;
        };
        match found.last_mut() {
            Some((first, widths)) if *first + widths.len() as u32 == u32::from(c) => {
                widths.push(width);
            }
            _ => found.push((c.into(), vec![width])),
        }
    }
    found
}
