//! The scripts and templates are inside the program: it is built anew when one of them changes.

fn main() {
    println!("cargo::rerun-if-changed=scripts");
    println!("cargo::rerun-if-changed=templates");
}
