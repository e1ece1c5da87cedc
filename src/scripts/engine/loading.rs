//! Scripts loaded: what they declare put together, and what is wrong with any of it told. A
//! project's scripts have a sandbox each; those that ship share one.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

use indexmap::IndexMap;

use super::again::Again;
use super::api::Draft;
use super::changes::{Change, Given};
use super::errors::{self, Files, Saw};
use super::merge::merge;
use super::sandbox::{Budget, Sandbox};
use super::{CallError, Engine, api, bytecode, missing_in_return, names, shared};
use crate::definitions::{self, Declarations};
use crate::intake::project::Source;
use crate::nouns::problem::{Place, Problem, Problems, did_you_mean};
use crate::scripts::slips;

/// A script, and what it keeps.
pub struct Script {
    /// Where it runs.
    pub sandbox: Rc<Sandbox>,
    pub functions: Vec<mlua::Function>,
    /// A script that ran into a limit is not trusted to go on.
    pub dead: RefCell<Option<Problem>>,
    /// What it was loaded from.
    pub source: Source,
    pub shared: Rc<[Source]>,
    /// What others change of what it declares.
    pub changed_by: Rc<[Change]>,
    /// The options of its layouts.
    pub options: IndexMap<String, Given>,
    /// Whether no function of it keeps anything. Those that ship do not.
    pub keeps_nothing: bool,
    /// Whether functions of it have seen records, or figures before disclosure control, and may
    /// have kept of them.
    pub has_seen: Cell<bool>,
    /// The script loaded once more, for functions whose words are printed, where others have seen
    /// what is not.
    pub printing: Again,
    /// The script loaded once more, where another ran into a limit in the sandbox that they share.
    pub moved: Again,
}

impl Engine {
    /// Loads scripts and gathers what they declare. A script that fails declares nothing; the
    /// others do.
    pub fn load(sources: &[Source], problems: &mut Problems) -> (Engine, Declarations) {
        Engine::load_with(sources, Budget::default(), problems)
    }

    /// The same with another budget.
    pub fn load_with(
        sources: &[Source],
        budget: Budget,
        problems: &mut Problems,
    ) -> (Engine, Declarations) {
        let mut scripts = Vec::new();
        let mut declared = Declarations::default();
        let mut failed: Vec<Problem> = Vec::new();
        let shipped: HashSet<&str> =
            sources.iter().filter(|s| s.shipped).map(|s| s.name.as_str()).collect();
        declared.packs = packs_of(sources);
        let (used, loaded): (Vec<_>, Vec<_>) = sources.iter().partition(|s| shared::is_shared(s));
        let used: Rc<[Source]> = used.into_iter().cloned().collect();
        // A project's own last, so that what replaces comes after what is replaced.
        let (first, second): (Vec<_>, Vec<_>) = loaded.into_iter().partition(|s| s.pack.is_some());
        let mut drafted: Vec<Loaded> = Vec::new();
        // One sandbox for those that ship, where all that they use ships as well.
        let mut house: Option<Rc<Sandbox>> = None;
        let all_ships = used.iter().all(|file| file.shipped);
        for source in first.into_iter().chain(second) {
            let shares = source.shipped && all_ships;
            let sound = house.clone().filter(|house| shares && !house.spent.get());
            let sandbox = sound.map_or_else(|| sandbox_for(source, &budget), Ok);
            let loaded = sandbox.and_then(|sandbox| {
                if shares {
                    // Next to nothing of what is declared can be given back.
                    sandbox.lua.gc_stop();
                    house = Some(sandbox.clone());
                }
                load_one(source, &used, drafted.len(), (&budget, &sandbox), Rc::new([]))
            });
            match loaded {
                Ok(one) => drafted.push(one),
                Err(problem) => failed.push(*problem),
            }
        }
        drafted.iter().for_each(|one| one.script.sandbox.lua.gc_restart());
        failed.extend(change(&mut drafted, &budget));
        for Loaded { script, declared: one, .. } in drafted {
            scripts.push(Rc::new(script));
            merge(&mut declared, one, problems);
            // Now, and not when all are loaded: a later list may take its place.
            declared.note_personal();
        }
        let whole = failed.is_empty();
        // What the text shows is said in place of what came of it on the same line.
        let slips = slips_of(sources, &declared);
        failed.retain(|problem| slips.iter().all(|slip| slip.place != problem.place));
        failed.into_iter().chain(slips).for_each(|problem| problems.add(problem));
        // Without scripts of its own nothing is replaced, and what is wrong is wrong in ours.
        let own = sources.iter().any(|source| source.pack.is_none());
        let replaceable = if own { shipped.clone() } else { HashSet::new() };
        for fault in names::check(&mut declared, &replaceable) {
            // A name like no other may be one that a faulty script would have declared: that script
            // comes first.
            if !whole && fault.like_no_other {
                continue;
            }
            let mut problem = fault.problem;
            let source = sources.iter().find(|s| s.name == problem.place.file);
            let text =
                source.map(|s| String::from_utf8_lossy(&s.text).into_owned()).unwrap_or_default();
            problem.place.line = api::better_line(&text, problem.place.line, &problem.message)
                .or(problem.place.line);
            let problem = named_by_a_change(problem, &declared, sources);
            let again = |p: &Problem| p.place == problem.place && p.message == problem.message;
            if !problems.iter().any(again) {
                problems.add(problem);
            }
        }
        let engine = Engine::of(scripts, budget);
        engine.scripts.iter().for_each(|script| engine.hear(script, Saw::Printed));
        (engine, declared)
    }

    /// Scripts that nothing was asked of yet.
    pub(super) fn of(scripts: Vec<Rc<Script>>, budget: Budget) -> Engine {
        Engine {
            scripts,
            budget,
            desk: RefCell::new(None),
            log: RefCell::default(),
            tally: RefCell::default(),
            heard: RefCell::default(),
        }
    }
}

impl Script {
    /// A script of which nothing was asked yet.
    pub fn new(
        sandbox: Rc<Sandbox>,
        functions: Vec<mlua::Function>,
        (source, shared): (Source, Rc<[Source]>),
    ) -> Script {
        Script {
            sandbox,
            functions,
            dead: RefCell::new(None),
            source,
            shared,
            changed_by: Rc::new([]),
            options: IndexMap::new(),
            keeps_nothing: false,
            has_seen: Cell::new(false),
            printing: OnceCell::new(),
            moved: OnceCell::new(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// The files that its errors may come from.
    pub fn files(&self) -> Files<'_> {
        Files { script: &self.source, shared: &self.shared }
    }

    /// What an error of one of its functions means; a limit ends the script.
    pub fn fault(&self, error: &mlua::Error, saw: Saw) -> CallError {
        if let Some(missing) = missing_in_return(error) {
            return CallError::Missing(missing);
        }
        let problem = errors::problem_of(error, self.files(), &self.sandbox.meter, saw);
        if errors::limit_of(error).is_some() {
            *self.dead.borrow_mut() = Some(problem.clone());
            self.sandbox.spent.set(true);
        }
        CallError::Fault(Box::new(problem))
    }
}

/// The text of a script; or what is wrong with the file, and what to do.
pub fn text_of(source: &Source) -> Result<&str, (&'static str, &'static str)> {
    let text = source.text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&source.text);
    // Lua would silently stop at a NUL byte and run the first half.
    if text.contains(&0) {
        return Err(("the script holds a NUL byte", "it is not a text file: save it as UTF-8"));
    }
    let Ok(text) = std::str::from_utf8(text) else {
        return Err(("the script is not UTF-8", "save it as UTF-8 in your editor"));
    };
    if text.len() > 1 << 20 {
        return Err((
            "the script is larger than 1 MiB",
            "scripts describe; data belongs in the return",
        ));
    }
    Ok(text)
}

/// What scripts of the project's own say without meaning it. Those that ship are held against the
/// same rules by a test.
fn slips_of(sources: &[Source], declared: &Declarations) -> Vec<Problem> {
    let own = sources.iter().filter(|source| source.pack.is_none());
    let texts = own.filter_map(|source| Some((source, text_of(source).ok()?)));
    texts.flat_map(|(source, text)| slips::of(&source.name, text, declared)).collect()
}

/// Where a script cannot be read because of a sign of elsewhere: that sign, in place of what Luau
/// made of it.
fn unreadable(problem: Box<Problem>, source: &Source, shared: &[Source]) -> Box<Problem> {
    let mut files = std::iter::once(source).chain(shared);
    let file = files.find(|file| file.name == problem.place.file);
    let text = file.and_then(|file| Some((&file.name, text_of(file).ok()?)));
    let misspelt = text.and_then(|(name, text)| slips::misspelt(name, text));
    misspelt.map_or(problem, Box::new)
}

/// The packs of the scripts that come in one, by the scripts' names.
fn packs_of(sources: &[Source]) -> BTreeMap<String, String> {
    let of = |source: &Source| Some((source.name.clone(), source.pack.clone()?));
    sources.iter().filter_map(of).collect()
}

/// A script that was loaded, and what it says.
pub struct Loaded {
    pub script: Script,
    declared: Declarations,
    /// What it changes of what others declare.
    changes: Vec<Change>,
}

impl Loaded {
    /// Whether it declares something of this kind and name; where a pack is named, as a script of
    /// that pack.
    fn declares(&self, kind: &str, pack: Option<&str>, name: &str) -> bool {
        (pack.is_none() || self.script.source.pack.as_deref() == pack)
            && self.declared.has(kind, name)
    }
}

/// Loads scripts once more of which others change something, each with those changes. A change of
/// what there is not, or that cannot be read, is a fault of the script that makes it.
fn change(drafted: &mut [Loaded], budget: &Budget) -> Vec<Problem> {
    let mut faults = Vec::new();
    let mut by_script: BTreeMap<usize, Vec<Change>> = BTreeMap::new();
    for mut change in drafted.iter().flat_map(|one| one.changes.iter().cloned()) {
        let (pack, bare) = match change.name.split_once('.') {
            Some((pack, bare)) => (Some(pack), bare.to_string()),
            None => (None, change.name.clone()),
        };
        let declares = |one: &Loaded| one.declares(change.kind, pack, &bare);
        // The last one that declares it takes the place of those before.
        match drafted.iter().rposition(declares) {
            Some(script) => {
                change.name = bare;
                by_script.entry(script).or_default().push(change);
            }
            None => faults.push(no_such_thing(&change, drafted)),
        }
    }
    for (script, changes) in by_script {
        let one = &drafted[script].script;
        let changed = sandbox_for(&one.source, budget).and_then(|sandbox| {
            load_one(&one.source, &one.shared, script, (budget, &sandbox), changes.into())
        });
        match changed {
            Ok(changed) => {
                drafted[script].script = changed.script;
                drafted[script].declared = changed.declared;
            }
            Err(problem) => faults.push(*problem),
        }
    }
    faults
}

fn no_such_thing(change: &Change, drafted: &[Loaded]) -> Problem {
    let Change { kind, name, place, .. } = change;
    let names = drafted.iter().flat_map(|one| one.declared.names(kind));
    let guess = did_you_mean(name, names);
    Problem::script(place.clone(), format!("there is no {kind} `{name}` to be changed{guess}"))
        .hint("`rapporteur list` names what there is")
}

/// What is wrong with a script as a file.
fn refuse(source: &Source, (what, hint): (&str, &str)) -> Box<Problem> {
    Box::new(Problem::script(Place::file(&source.name), what).hint(hint))
}

/// A new sandbox, for a script.
pub fn sandbox_for(source: &Source, budget: &Budget) -> Result<Rc<Sandbox>, Box<Problem>> {
    Sandbox::new(budget).map(Rc::new).map_err(|_| {
        let hint = "this is a fault of Rapporteur, please report it";
        refuse(source, ("the script's sandbox could not be made", hint))
    })
}

/// Loads and runs a script in a sandbox, with what others change of what it declares.
pub fn load_one(
    source: &Source,
    shared: &Rc<[Source]>,
    index: usize,
    (budget, sandbox): (&Budget, &Rc<Sandbox>),
    changed_by: Rc<[Change]>,
) -> Result<Loaded, Box<Problem>> {
    let text = text_of(source).map_err(|wrong| refuse(source, wrong))?;
    let draft = Rc::new(Draft {
        script: index,
        source: source.clone(),
        declared: RefCell::default(),
        functions: RefCell::default(),
        changes: RefCell::default(),
        changed_by: changed_by.clone(),
        options: RefCell::default(),
        shared: shared.clone(),
        ships: source.shipped && shared.iter().all(|file| file.shipped),
        forgets: Cell::new(true),
        loaded: Cell::new(false),
        surroundings: OnceCell::new(),
    });
    sandbox.meter.allow(budget.load_steps, budget.time);
    run(source, text, &draft, sandbox).map_err(|error| {
        if errors::limit_of(&error).is_some() {
            sandbox.spent.set(true);
        }
        let files = Files { script: source, shared };
        let problem = errors::problem_of(&error, files, &sandbox.meter, Saw::Printed);
        match errors::is_unreadable(&error) {
            true => unreadable(Box::new(problem), source, shared),
            false => Box::new(problem),
        }
    })?;
    draft.loaded.set(true);
    let mut declared = draft.declared.take();
    source.left_out.iter().for_each(|name| declared.leave_out(name));
    let (functions, files) = (draft.functions.take(), (source.clone(), shared.clone()));
    let options = draft.options.take();
    // A walk that was begun while the script was loaded goes on whenever a function takes a step.
    let keeps_nothing = draft.ships || draft.forgets.get() && !sandbox.meter.walks.get();
    let script = Script {
        changed_by,
        options,
        keeps_nothing,
        ..Script::new(sandbox.clone(), functions, files)
    };
    Ok(Loaded { script, declared, changes: draft.changes.take() })
}

/// Runs a script's text, which declares.
fn run(source: &Source, text: &str, draft: &Rc<Draft>, sandbox: &Sandbox) -> mlua::Result<()> {
    let surroundings = sandbox.surroundings(api::rap(&sandbox.lua, draft)?)?;
    let surroundings = draft.surroundings.get_or_init(|| surroundings).clone();
    bytecode::chunk(&sandbox.lua, draft, source, text).set_environment(surroundings).exec()
}

/// Whether a fault lies in the declaration that a change is of. The line within the declaration may
/// have been found already.
fn lies_in_what_changed(
    fault: &Place,
    change: &definitions::Change,
    declared: &Declarations,
) -> bool {
    let declaration = declared.place_of(&change.kind, &change.name);
    declaration.is_some_and(|place| place.file == fault.file && place.line <= fault.line)
}

/// A fault of something that was changed, or of what leans on it, at the line of the change that
/// holds the name of which the fault speaks: what ships is sound as it stands.
fn named_by_a_change(mut problem: Problem, declared: &Declarations, sources: &[Source]) -> Problem {
    let at_fault = sources.iter().find(|source| source.name == problem.place.file);
    let sound = at_fault.is_some_and(|source| source.pack.is_some());
    let at = &problem.place;
    let of_it = |change: &&definitions::Change| sound || lies_in_what_changed(at, change, declared);
    let named = declared.changes.iter().filter(of_it).find_map(|change| {
        let source = sources.iter().find(|source| source.name == change.place.file)?;
        let line = api::better_line(text_of(source).ok()?, change.place.line, &problem.message);
        line.map(|line| Place { line: Some(line), ..change.place.clone() })
    });
    if let Some(place) = named {
        problem.place = place;
    }
    problem
}
