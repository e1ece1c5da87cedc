//! Whether a script can keep anything from one call of its functions to the next, read from the
//! bytecode that runs: no other reader of its text could differ from Luau about it. A function that
//! sets nothing but its own locals, and reaches nothing of Luau's own that changes a table, is as
//! it was once it returns. What the script does while it is loaded is free: it has seen nothing
//! yet; but whether it began what changes by being called, only the sandbox knows (`Meter::walks`).
//!
//! Whatever is not known to be harmless counts as keeping, newer bytecode as a whole: such a script
//! is asked again (`kept.rs`), which takes longer and tells the same.

/// The one version of the format that is read, and of its types.
const VERSIONS: [u8; 2] = [9, 3];

/// What code may name of what all scripts see: nothing in it changes a table.
const HARMLESS: [&str; 25] = [
    "__in_order",
    "assert",
    "bit32",
    "error",
    "ipairs",
    "math",
    "next",
    "pairs",
    "print",
    "rawequal",
    "rawget",
    "rawlen",
    "select",
    "string",
    "table.clone",
    "table.concat",
    "table.create",
    "table.find",
    "table.pack",
    "table.unpack",
    "tonumber",
    "tostring",
    "type",
    "typeof",
    "utf8",
];

/// The part of `rap` that runs a file, whose own text may change what another gave.
const USE: &str = "rap.use";

/// Whether no function of a compiled script keeps anything.
pub fn forgets(code: &[u8]) -> bool {
    Reader { rest: code }.script().unwrap_or(false)
}

/// The operations that are looked at; of all others only the length counts.
mod op {
    pub const LOADNIL: u8 = 2;
    pub const LOADK: u8 = 5;
    pub const MOVE: u8 = 6;
    pub const GETGLOBAL: u8 = 7;
    pub const SETGLOBAL: u8 = 8;
    pub const SETUPVAL: u8 = 10;
    pub const GETIMPORT: u8 = 12;
    pub const SETTABLE: u8 = 14;
    pub const SETTABLEKS: u8 = 16;
    pub const SETTABLEN: u8 = 18;
    pub const CALL: u8 = 21;
    /// The last that is known.
    pub const IDIVK: u8 = 82;

    /// Those that are followed by a word which is none.
    pub const LONG: [u8; 23] = [
        GETGLOBAL, SETGLOBAL, GETIMPORT, 15, SETTABLEKS, 20, 27, 28, 29, 30, 31, 32, 53, 55, 58,
        60, 66, 74, 75, 77, 78, 79, 80,
    ];
    /// Those that set what is not the function's own.
    pub const SETS: [u8; 5] = [SETGLOBAL, SETUPVAL, SETTABLE, SETTABLEKS, SETTABLEN];
}

/// A function, as it is compiled.
struct Function<'c> {
    code: Vec<u32>,
    /// Its constants that are texts; the others are nothing.
    texts: Vec<Option<&'c str>>,
}

impl Function<'_> {
    /// Whether it keeps nothing from one call to the next. The script itself may set what is its
    /// own: it runs once.
    fn forgets(&self, is_main: bool) -> bool {
        self.names_what_is_harmless(is_main) && (is_main || !self.sets_what_is_not_its_own())
    }

    /// Each operation with where it stands.
    fn operations(&self) -> impl Iterator<Item = (usize, [u8; 4])> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let word = self.code.get(at)?.to_le_bytes();
            let here = at;
            at += if op::LONG.contains(&word[0]) { 2 } else { 1 };
            Some((here, word))
        })
    }

    fn sets_what_is_not_its_own(&self) -> bool {
        self.operations().any(|(_, [code, ..])| op::SETS.contains(&code) || code > op::IDIVK)
    }

    /// Whether it names nothing but what is harmless; the text of the script itself, which runs
    /// once, may call anything.
    fn names_what_is_harmless(&self, is_main: bool) -> bool {
        self.operations().all(|(at, [code, target, ..])| match code {
            op::GETGLOBAL => self.text(self.code.get(at + 1)).is_some_and(is_harmless),
            op::GETIMPORT => {
                self.import(at).is_some_and(|path| is_harmless(&path))
                    || is_main && self.is_called_at_once(at + 2, target)
            }
            _ => code <= op::IDIVK,
        })
    }

    fn text(&self, constant: Option<&u32>) -> Option<&str> {
        *self.texts.get(*constant? as usize)?
    }

    /// The path of an import, such as `table.concat`.
    fn import(&self, at: usize) -> Option<String> {
        let path = *self.code.get(at + 1)?;
        let parts = (0..path >> 30).map(|part| self.text(Some(&(path >> (20 - 10 * part) & 1023))));
        Some(parts.collect::<Option<Vec<_>>>()?.join("."))
    }

    /// Whether what lies in a register is called, and nothing else is done with it before.
    fn is_called_at_once(&self, from: usize, target: u8) -> bool {
        for word in self.code.iter().skip(from) {
            match word.to_le_bytes() {
                [op::CALL, called, ..] => return called == target,
                [op::MOVE, to, what, _] if to > target && what != target => {}
                [op::LOADK | op::LOADNIL, to, ..] if to > target => {}
                _ => return false,
            }
        }
        false
    }
}

fn is_harmless(path: &str) -> bool {
    let library = path.split('.').next();
    path.starts_with("rap.") && path != USE
        || HARMLESS.iter().any(|known| *known == path || Some(*known) == library)
}

/// Reads the format that Luau loads; nothing where it is another.
struct Reader<'c> {
    rest: &'c [u8],
}

impl<'c> Reader<'c> {
    fn script(mut self) -> Option<bool> {
        if self.take(2)? != VERSIONS {
            return None;
        }
        let mut strings = Vec::new();
        for _ in 0..self.number()? {
            let length = self.number()?;
            strings.push(std::str::from_utf8(self.take(length)?).ok());
        }
        while self.byte()? != 0 {
            self.number()?;
        }
        let mut functions = Vec::new();
        for _ in 0..self.number()? {
            functions.push(self.function(&strings)?);
        }
        let main = self.number()?;
        let mut numbered = functions.iter().enumerate();
        (self.rest.is_empty() && main < functions.len())
            .then(|| numbered.all(|(at, function)| function.forgets(at == main)))
    }

    fn function(&mut self, strings: &[Option<&'c str>]) -> Option<Function<'c>> {
        // Registers, parameters, upvalues, whether it takes any number, flags; then types.
        self.take(5)?;
        let types = self.number()?;
        self.take(types)?;
        let mut code = Vec::new();
        for _ in 0..self.number()? {
            code.push(self.word()?);
        }
        let mut texts = Vec::new();
        for _ in 0..self.number()? {
            texts.push(self.constant(strings)?);
        }
        for _ in 0..self.number()? {
            self.number()?;
        }
        // The line and the name; the lines of the code; names of locals are not compiled in.
        self.number()?;
        self.number()?;
        if self.byte()? != 0 {
            let gap = self.byte()?;
            let steps = (code.len().checked_sub(1)? >> gap.min(31)) + 1;
            self.take(code.len() + 4 * steps)?;
        }
        (self.byte()? == 0).then_some(Function { code, texts })
    }

    /// A constant, where it is a text.
    fn constant(&mut self, strings: &[Option<&'c str>]) -> Option<Option<&'c str>> {
        match self.byte()? {
            0 => {}
            1 => drop(self.byte()?),
            2 => drop(self.take(8)?),
            3 => return strings.get(self.number()?.checked_sub(1)?).copied(),
            4 => drop(self.word()?),
            5 => {
                for _ in 0..self.number()? {
                    self.number()?;
                }
            }
            6 => drop(self.number()?),
            7 => drop(self.take(16)?),
            8 => {
                for _ in 0..self.number()? {
                    self.number()?;
                    self.word()?;
                }
            }
            _ => return None,
        }
        Some(None)
    }

    fn take(&mut self, length: usize) -> Option<&'c [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn word(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// A number as it is packed, seven bits at a time.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::engine::bytecode::compiled;

    /// Scripts whose function `f` is asked about records.
    const KEEP: [&str; 22] = [
        "local n = 0 function f(r) n += 1 return n > 3 end",
        "n = 0 function f(r) n = r.X return true end",
        "local t = {} function f(r) t.x = r.X end",
        "local t = {} function f(r) t[r.X] = true end",
        "local t = {} function f(r) t[1] = r.X end",
        "local t = {} function f(r) table.insert(t, r.X) end",
        "local t = {} function f(r) rawset(t, 1, r.X) end",
        "local t = {} function f(r) setmetatable(t, { __index = { r.X } }) end",
        "local t = {} function f(r) table.freeze(t) end",
        "local t, put = {}, table.insert function f(r) put(t, r.X) end",
        "local t, l = {}, table function f(r) l.insert(t, r.X) end",
        "local t = {} function f(r) table[\"ins\" .. \"ert\"](t, r.X) end",
        "local t = {} function f(r) for n, g in table do if #n == 6 then g(t, r.X) end end end",
        "local t = {} function f(r) _G.table.insert(t, r.X) end",
        "local t, all = {}, _G function f(r) all.table.insert(t, r.X) end",
        "local t = setmetatable({}, { __index = rawset }) function f(r) return t[r.X] end",
        "function f(r) if r.X then rap.use \"b\" end return rap.use(\"a\").x end",
        "local use = rap.use function f(r) if r.X then use \"b\" end end",
        "local all = rap function f(r) if r.X then all.use \"b\" end end",
        "local function keeper() local n = 0 return function(r) n += 1 return n end end f = \
         keeper()",
        "local t = {} function f(r) table.sort(t) end",
        "local t = {} function f(r) t.a.b.c = r.X end",
    ];

    /// What is usual, and keeps nothing.
    const FORGET: [&str; 10] = [
        "function f(r) return r.PL_DISTANCE ~= nil and r.PL_DISTANCE >= 20 end",
        "local m = rap.use \"m\" local far = 20 function f(r) return m.far(r, far) end",
        "local function far(r) return r.X > 3 end rap.indicator \"x\" { numerator = far }",
        "function f(r, p) local n = 0 for _, e in r.child.episodes do n += 1 end return n end",
        "function f(r) local n = 0 while n < 3 do n = n + 1 end return math.max(n, r.X) end",
        "function f(r) return (r.X or \"\"):sub(1, 2) == \"U1\" and string.len(r.X) == 2 end",
        "local codes = { U1 = true } codes.U2 = true function f(r) return codes[r.X] end",
        "local t = {} table.insert(t, \"x\") function f(r) return table.find(t, r.X) ~= nil end",
        "function f(r) local list = { r.X, r.Y } return #list end",
        "function f(r) return rap.format(r.X) == \"1\" end",
    ];

    #[test]
    fn what_keeps_something_is_known() {
        for script in KEEP {
            let code = compiled(script).expect("it is Luau");
            assert!(Reader { rest: &code }.script().is_some(), "cannot be read: {script}");
            assert!(!forgets(&code), "{script}");
        }
    }

    #[test]
    fn what_keeps_nothing_is_known() {
        for script in FORGET {
            assert!(forgets(&compiled(script).expect("it is Luau")), "{script}");
        }
    }

    #[test]
    fn what_is_no_whole_script_counts_as_keeping() {
        let code = compiled(FORGET[0]).expect("it is Luau");
        for length in 0..code.len() {
            assert!(!forgets(&code[..length]), "{length}");
        }
        let newer = [&[10], &code[1..]].concat();
        assert!(!forgets(&newer));
    }
}
