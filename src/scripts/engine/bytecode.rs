//! Scripts as Luau runs them. Those that ship were compiled when the program was built.

use std::borrow::Cow;

use mlua::Lua;
use mlua::chunk::{Chunk, ChunkMode, Compiler};

use super::api::Draft;
use crate::intake::packs::shipped_text;
use crate::intake::project::Source;
use crate::scripts::slips;

/// The bytecode of those that ship, by name.
static COMPILED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/bytecode.rs"));

/// A file of a script ready to be run, once the script's draft knows whether its code keeps
/// anything; `text` is the file's own.
pub fn chunk<'t>(lua: &Lua, draft: &Draft, file: &Source, text: &'t str) -> Chunk<'t> {
    let text = match file.shipped {
        // Ours are known to go through nothing whose order is that of addresses.
        true => Cow::Borrowed(text),
        false => slips::in_order(text),
    };
    let code = of(file).map(Cow::Borrowed).or_else(|| compiled(&text).map(Cow::Owned));
    draft.note_code(code.as_deref());
    let chunk = match code {
        Some(Cow::Borrowed(code)) => lua.load(code).set_mode(ChunkMode::Binary),
        Some(Cow::Owned(code)) => lua.load(code).set_mode(ChunkMode::Binary),
        // Luau says what is wrong with it.
        None => lua.load(text.into_owned()).set_mode(ChunkMode::Text),
    };
    chunk.set_name(format!("={}", file.name))
}

/// What Luau makes of a text; nothing where it cannot be read.
pub fn compiled(text: &str) -> Option<Vec<u8>> {
    Compiler::new().compile(text).ok()
}

/// What a script was compiled to, where it is as it ships.
fn of(source: &Source) -> Option<&'static [u8]> {
    let at = COMPILED.binary_search_by_key(&source.name.as_str(), |(name, _)| name).ok()?;
    let same = source.shipped && shipped_text(&source.name) == Some(&source.text[..]);
    same.then_some(COMPILED[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::project::Project;

    #[test]
    fn every_script_that_ships_was_compiled_and_no_other() {
        for source in Project::shipped().sources {
            assert!(of(&source).is_some(), "{}", source.name);
            let changed = Source { text: b"local a = 1".as_slice().into(), ..source.clone() };
            assert!(of(&changed).is_none(), "{}", source.name);
            assert!(of(&Source { shipped: false, ..source }).is_none());
        }
    }
}
