//! Scripts as Luau runs them. Those that ship were compiled when the program was built.

use mlua::Lua;
use mlua::chunk::{Chunk, ChunkMode};

use crate::intake::packs::shipped_text;
use crate::intake::project::Source;
use crate::scripts::slips;

/// The bytecode of those that ship, by name.
static COMPILED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/bytecode.rs"));

/// A script ready to be run; `text` is its own.
pub fn chunk<'t>(lua: &Lua, source: &Source, text: &'t str) -> Chunk<'t> {
    let chunk = match (of(source), source.shipped) {
        (Some(compiled), _) => lua.load(compiled).set_mode(ChunkMode::Binary),
        // Ours are known to go through nothing whose order is that of addresses.
        (None, true) => lua.load(text).set_mode(ChunkMode::Text),
        (None, false) => lua.load(slips::in_order(text).into_owned()).set_mode(ChunkMode::Text),
    };
    chunk.set_name(format!("={}", source.name))
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
            let changed = Source { text: b"local a = 1".to_vec(), ..source.clone() };
            assert!(of(&changed).is_none(), "{}", source.name);
            assert!(of(&Source { shipped: false, ..source }).is_none());
        }
    }
}
