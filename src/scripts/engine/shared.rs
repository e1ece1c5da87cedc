//! `rap.use`: building blocks that several scripts share. A file in a folder named `shared` is run
//! by nobody but the scripts that use it, once for each, in that script's own sandbox and out of
//! its budget.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use mlua::{Lua, Table, Value};

use super::api::Draft;
use super::errors::{Complaint, complain, complain_of, complain_with};
use super::fields::described;
use super::loading::text_of;
use super::{bytecode, sandbox};
use crate::intake::project::Source;
use crate::nouns::problem::{Place, did_you_mean};

/// Whether a file is there to be used, and not to be loaded by itself.
pub fn is_shared(source: &Source) -> bool {
    let folders = source.name.rsplit_once('/').map_or("", |(folders, _)| folders);
    folders.split('/').any(|folder| folder == "shared")
}

/// The name that scripts use a file by: its own without folder and ending.
fn used_as(source: &Source) -> &str {
    let file = source.name.rsplit('/').next().unwrap_or_default();
    file.rsplit_once('.').map_or(file, |(name, _)| name)
}

/// How many folders two files share, from the outermost on.
fn shared_folders(one: &str, other: &str) -> usize {
    folders(one).zip(folders(other)).take_while(|(a, b)| a == b).count()
}

/// The folders that a file lies in, from the outermost on.
fn folders(name: &str) -> impl Iterator<Item = &str> {
    name.rsplit_once('/').map_or("", |(folders, _)| folders).split('/')
}

/// The file of a name that a script means. A script of a pack means its pack's before any other, a
/// project's own one the project's; of several, the one with which it shares most folders. Another
/// pack's is meant by `pack.name`.
fn find<'a>(files: &[&'a Source], name: &str, script: &Asking) -> mlua::Result<&'a Source> {
    let common = |file: &Source| shared_folders(&file.name, &script.name);
    let (pack, bare) = name.split_once('.').map_or((None, name), |(pack, bare)| (Some(pack), bare));
    let pack_meant = pack.or(script.pack.as_deref());
    let named: Vec<&Source> = files.iter().copied().filter(|f| used_as(f) == bare).collect();
    let home: Vec<&Source> =
        named.iter().copied().filter(|file| file.pack.as_deref() == pack_meant).collect();
    let found = if home.is_empty() && pack.is_none() { named } else { home };
    let Some(best) = found.iter().copied().max_by_key(|file| common(file)) else {
        let known: Vec<String> = files.iter().map(|file| full_name(file, pack.is_some())).collect();
        let guess = did_you_mean(name, known.iter().map(String::as_str));
        return Err(complain_of(
            name,
            format!("there is no shared file `{name}`{guess}"),
            "shared files lie in scripts/shared/ or templates/shared/",
        ));
    };
    // Folders of two packs say nothing of which is nearer.
    let as_near = |file: &&Source| file.pack != best.pack || common(file) == common(best);
    let as_near: Vec<&str> =
        found.iter().copied().filter(as_near).map(|file| file.name.as_str()).collect();
    if as_near.len() > 1 {
        let packs = found.iter().any(|file| file.pack != best.pack);
        let hint = match (packs, &best.pack) {
            (true, Some(pack)) => format!("say whose is meant:  rap.use \"{pack}.{bare}\""),
            _ => "give one of them another name, or move the script into a folder beside the one \
                  it means"
                .to_string(),
        };
        let which = as_near.join(" or ");
        let message = format!("`{name}` may be {which}: neither is nearer to {}", script.name);
        return Err(complain_with(message, hint));
    }
    Ok(best)
}

/// A file by the name that it is used by, with its pack's before it where that is asked for.
fn full_name(file: &Source, whole: bool) -> String {
    match &file.pack {
        Some(pack) if whole => format!("{pack}.{}", used_as(file)),
        _ => used_as(file).to_string(),
    }
}

/// Who asks for a shared file.
struct Asking {
    name: String,
    pack: Option<String>,
}

/// The shared file that a script means by a name, where there is one.
pub fn meant<'a>(sources: &'a [Source], name: &str, script: &str) -> Option<&'a Source> {
    let files: Vec<&Source> = sources.iter().filter(|source| is_shared(source)).collect();
    let pack = sources.iter().find(|source| source.name == script)?.pack.clone();
    find(&files, name, &Asking { name: script.to_string(), pack }).ok()
}

/// What each file gave; nothing while it is being run.
type Used = RefCell<HashMap<String, Option<Value>>>;

/// Puts `rap.use` in place.
pub fn register(lua: &Lua, rap: &Table, draft: &Rc<Draft>) -> mlua::Result<()> {
    let draft = draft.clone();
    let used = Used::default();
    let give = move |lua: &Lua, name: Value| give(lua, &draft, &used, &name);
    rap.set("use", lua.create_function(give)?)
}

/// What the shared file of this name gives; it is run once.
fn give(lua: &Lua, draft: &Rc<Draft>, used: &Used, name: &Value) -> mlua::Result<Value> {
    let Value::String(name) = name else {
        let message = format!("rap.use needs a name, not {}", described(name));
        return Err(complain_with(message, "write  local tables = rap.use \"tables\""));
    };
    let name = name.to_str()?;
    let asking = sandbox::place_now(lua).map_or(draft.source.name.clone(), |place| place.file);
    let files: Vec<&Source> = draft.shared.iter().collect();
    let itself = files.iter().find(|file| file.name == asking);
    let pack = itself.map_or(&draft.source.pack, |file| &file.pack).clone();
    let file = find(&files, &name, &Asking { name: asking, pack })?;
    match used.borrow().get(&file.name) {
        Some(Some(value)) => return Ok(value.clone()),
        Some(None) => {
            return Err(complain(format!(
                "`{name}` leads back to itself: it is used while it is run"
            )));
        }
        None => {}
    }
    used.borrow_mut().insert(file.name.clone(), None);
    let text = text_of(file).map_err(|(message, hint)| {
        let place = Some(Place::file(&file.name));
        mlua::Error::external(Complaint {
            message: message.to_string(),
            hint: Some(hint.to_string()),
            place,
            name: None,
        })
    })?;
    let chunk = bytecode::chunk(lua, draft, file, text).set_environment(draft.surroundings());
    let value: Value = chunk.call(())?;
    used.borrow_mut().insert(file.name.clone(), Some(value.clone()));
    Ok(value)
}
