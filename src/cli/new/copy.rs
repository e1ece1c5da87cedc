//! `new … --copy`: what ships, as a script of the project's own that takes its place.

use super::{Inside, Made, proper, write_new};
use crate::intake::project::Source;
use crate::nouns::problem::{Place, Problem, did_you_mean};
use crate::scripts::engine::shared_file;
use crate::scripts::slips;

/// What can be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// An indicator.
    Indicator,
    /// A layout.
    Layout,
}

impl Copied {
    /// As `rap` calls it.
    fn word(self) -> &'static str {
        match self {
            Copied::Indicator => "indicator",
            Copied::Layout => "layout",
        }
    }

    /// With its article.
    fn called(self) -> &'static str {
        match self {
            Copied::Indicator => "an indicator",
            Copied::Layout => "a layout",
        }
    }

    /// The folder of scripts that declare such.
    fn folder(self) -> &'static str {
        match self {
            Copied::Indicator => "scripts",
            Copied::Layout => "templates",
        }
    }
}

/// Copies what ships, with the shared files that it uses.
pub fn copy(place: &Inside, what: Copied, name: &str) -> Result<Made, Problem> {
    proper(what.called(), name)?;
    let (kind, folder) = (what.word(), what.folder());
    let Some(at) = place.declared.place_of(kind, name) else {
        let guess = did_you_mean(name, place.declared.names(kind));
        return Err(Problem::usage("", format!("there is no {kind} `{name}` to copy{guess}"))
            .hint("`rapporteur list` names what there is; without --copy a new one is begun"));
    };
    let sources = &place.project.sources;
    let source = sources.iter().find(|source| source.name == at.file);
    let source = source.filter(|source| source.shipped).ok_or_else(|| {
        Problem::usage("", format!("the {kind} `{name}` is the project's own already: {at}"))
            .hint("only what ships is copied: change it where it stands")
    })?;
    let (text, uses) = taken(source, at, name).ok_or_else(|| {
        Problem::usage("", format!("the {kind} `{name}` cannot be copied from {at}"))
            .hint(format!("change it by  rap.change \"{kind}\" \"{name}\" {{ … }}"))
    })?;
    let mut files = vec![(format!("{folder}/{name}.luau"), text.into_bytes())];
    for shared in shared_files(sources, uses, source) {
        let file = shared.name.rsplit('/').next().unwrap_or(&shared.name);
        let file = format!("{folder}/shared/{file}");
        // One that the project has is its own, and is used.
        if !place.folder.join(&file).exists() {
            files.push((file, shared.text.to_vec()));
        }
    }
    let written = write_new(&place.folder, &files)?;
    let names: Vec<String> =
        files.iter().map(|(file, _)| format!("wrote {}", place.shown(file))).collect();
    let told = format!(
        "{}\n\nNext: change what you like. It takes the place of the one that ships, which no\n\
         longer comes with updates{}",
        names.join("\n"),
        instead(place, what, name)
    );
    Ok(Made { written, told })
}

/// How it could have been changed without a copy, where it can.
fn instead(place: &Inside, what: Copied, name: &str) -> String {
    let option = place.declared.layouts.get(name).and_then(|layout| layout.options.first());
    let (part, fields) = match (what, option) {
        (Copied::Indicator, _) => ("a few fields of it", "title = \"…\"".to_string()),
        (Copied::Layout, Some(option)) => ("its options", format!("options = {{ {option} = … }}")),
        (Copied::Layout, None) => return ".".to_string(),
    };
    let kind = what.word();
    format!(
        "; to change only {part}, write instead\n  rap.change \"{kind}\" \"{name}\" {{ {fields} }}"
    )
}

/// The text of a copy, and the shared files that it uses by name.
fn taken(source: &Source, at: &Place, name: &str) -> Option<(String, Vec<String>)> {
    let text = std::str::from_utf8(&source.text).ok()?;
    if slips::declarations(text) == 1 {
        return Some((text.to_string(), slips::uses(text)));
    }
    let found = slips::standing(text, at.line?, name)?;
    Some((format!("-- Copied from {}.\n\n{}", source.name, found.text), found.uses))
}

/// The shared files that are meant, and those that they use themselves.
fn shared_files<'s>(sources: &'s [Source], uses: Vec<String>, asking: &Source) -> Vec<&'s Source> {
    let mut found: Vec<&Source> = Vec::new();
    let mut left: Vec<(String, String)> =
        uses.into_iter().map(|name| (name, asking.name.clone())).collect();
    while let Some((name, asking)) = left.pop() {
        let Some(file) = shared_file(sources, &name, &asking) else { continue };
        if found.iter().any(|known| known.name == file.name) {
            continue;
        }
        let text = std::str::from_utf8(&file.text).unwrap_or_default();
        left.extend(slips::uses(text).into_iter().map(|name| (name, file.name.clone())));
        found.push(file);
    }
    found
}
