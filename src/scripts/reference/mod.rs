//! Everything there is to say of `rap`: one table of functions, fields and types, each with a
//! sentence. The tables of `docs/scripts.md`, `rapporteur docs --reference` and the editor's
//! definitions are made from it, and tests hold it together with the code in both directions: what
//! scripts can write stands here, and nothing else does.

use crate::nouns::problem::nearest;

mod calls;
mod declared;
mod html;
mod judged;
mod laid_out;
mod luau;
mod markdown;
mod values;

pub use html::page as html_page;
pub use laid_out::SHOWS;
pub use luau::{definitions, records};
pub use markdown::{page, refreshed};

/// A field that a script writes or reads, or a method that it calls.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its type in Luau, without the `?` of what may be left out.
    pub luau: &'static str,
    /// Whether it must be written.
    pub needed: bool,
    /// What holds where it is left out, in Markdown.
    pub usual: &'static str,
    /// A sentence, in Markdown.
    pub says: &'static str,
}

impl Field {
    const fn usually(self, usual: &'static str) -> Field {
        Field { usual, ..self }
    }

    /// What it says, and what is usual, without links.
    pub fn plainly(&self) -> String {
        let usual = if self.usual.is_empty() {
            String::new()
        } else {
            format!("; {} if left out", self.usual)
        };
        format!("{}{usual}", markdown::without_links(self.says))
    }

    /// Whether it is called, `day:plus_days(1)`, and not read.
    pub fn is_method(&self) -> bool {
        self.luau.starts_with('(')
    }
}

/// A field that must be written.
const fn must(name: &'static str, luau: &'static str, says: &'static str) -> Field {
    Field { name, luau, needed: true, usual: "", says }
}

/// A field that may be left out; or, of a value, one that may be `nil`.
const fn may(name: &'static str, luau: &'static str, says: &'static str) -> Field {
    Field { name, luau, needed: false, usual: "", says }
}

/// Fields that stand in one table of the reference.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// The table's name between the marks of `docs/scripts.md`.
    pub mark: &'static str,
    /// What they are about.
    pub heading: &'static str,
    /// The fields.
    pub fields: &'static [Field],
}

/// Something with fields: a table that scripts write, or a value that their functions are handed.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// Its type in Luau.
    pub name: &'static str,
    /// What people call it: `a list`.
    pub called: &'static str,
    /// A sentence.
    pub says: &'static str,
    /// Whether scripts write it as a table; otherwise they are handed it and can only read.
    pub written: bool,
    /// How many texts without a name it may begin with.
    pub unnamed: usize,
    /// Its fields.
    pub groups: &'static [Group],
    /// How it is used, as a whole script; nothing for what stands inside another.
    pub example: &'static str,
}

impl Kind {
    /// All its fields.
    pub fn fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.groups.iter().flat_map(|group| group.fields)
    }

    /// The names of its fields.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.fields().map(|field| field.name)
    }

    /// What to say of a name that is none of them: what the nearest one is, or which there are.
    pub fn hint_for(&self, name: &str) -> String {
        if let Some(meant) = nearest(name, self.names()).and_then(|meant| self.field(meant)) {
            return format!("`{}`: {}", meant.name, meant.plainly());
        }
        const MOST: usize = 20;
        if self.fields().count() > MOST {
            return "`rapporteur docs --reference` tells all that it has".to_string();
        }
        let names = self
            .fields()
            .map(|f| if f.is_method() { format!("{}()", f.name) } else { f.name.to_string() });
        format!("it has {}", names.collect::<Vec<_>>().join(", "))
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields().find(|field| field.name == name)
    }
}

/// A function of `rap`, or a value of it.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// Its name, without `rap.`.
    pub name: &'static str,
    /// Its type in Luau.
    pub luau: &'static str,
    /// How it is written.
    pub example: &'static str,
    /// A sentence, in Markdown.
    pub says: &'static str,
    /// What it is for: the columns it suits, for conditions.
    pub suits: &'static str,
}

impl Call {
    /// Whether it declares something (otherwise it gives something).
    pub fn declares(&self) -> bool {
        calls::DECLARE.iter().any(|call| call.name == self.name)
    }

    /// What it says, without links.
    pub fn plainly(&self) -> String {
        markdown::without_links(self.says)
    }

    /// The first sentence of it.
    pub fn briefly(&self) -> String {
        let whole = self.plainly();
        whole.split_once(". ").map_or(whole.clone(), |(first, _)| first.to_string())
    }
}

/// A parameter of a function, as its type in Luau names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its type in Luau, without the `?` of what may be left out.
    pub luau: &'static str,
    /// Whether it must be given.
    pub needed: bool,
}

/// The parameters of a function's type, `self` left out; none where it takes as many as it is
/// given.
pub fn parameters(luau: &'static str) -> Option<Vec<Parameter>> {
    let (given, _) = luau.strip_prefix('(')?.split_once(") -> ")?;
    let parts = given.split(", ").filter(|part| !part.is_empty() && *part != "self");
    parts.map(parameter).collect()
}

/// One parameter of a function's type, such as `name: string?`.
fn parameter(written: &'static str) -> Option<Parameter> {
    let (name, luau) = written.split_once(": ")?;
    let needed = !luau.ends_with('?');
    Some(Parameter { name, luau: luau.trim_end_matches('?'), needed })
}

/// Every function of `rap`, those that declare first.
pub fn calls() -> impl Iterator<Item = &'static Call> {
    calls::DECLARE.iter().chain(calls::CONDITIONS).chain(calls::OTHERS)
}

/// Every table and value that has fields.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    declared::KINDS.iter().chain(laid_out::KINDS).chain(values::KINDS)
}

/// The kind that a function of `rap` reads, such as `indicator`.
pub fn declared(function: &str) -> Option<&'static Kind> {
    kinds().find(|kind| kind.called.strip_prefix("rap.") == Some(function))
}

/// The kind of a name, which must be one of [`kinds`].
pub fn kind(name: &str) -> &'static Kind {
    kinds()
        .find(|kind| kind.name == name)
        .expect("the code asks only for kinds that the reference has")
}
