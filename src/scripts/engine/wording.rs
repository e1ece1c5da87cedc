//! What Luau itself finds wrong with a running script, in an analyst's words: what met what, and
//! what to write.

/// What is wrong, and what to do.
type Worded = (String, String);

/// What to do about a field without a value.
pub const BLANK: &str = "a field may be blank: test it first, `r.FIELD and r.FIELD > 3`, or use a \
                         table of conditions, where a blank never matches";

/// One of Luau's messages in plain words; nothing where it is none of the everyday ones.
pub fn of(message: &str) -> Option<Worded> {
    let rest = |start: &str| message.strip_prefix(start);
    if let Some(rest) = rest("attempt to compare ") {
        let (one, other) =
            [" <= ", " < ", " >= ", " > "].iter().find_map(|sign| rest.split_once(sign))?;
        return Some(compared(one, other));
    }
    if let Some(rest) = rest("attempt to perform arithmetic (") {
        let (how, on) = rest.split_once(") on ")?;
        return Some(reckoned(how, on));
    }
    if let Some((one, other)) =
        rest("attempt to concatenate ").and_then(|rest| rest.split_once(" with "))
    {
        let hint = "say what stands there where it is blank: `(r.FIELD or \"none\")`; a number or \
                    day goes into `{…}` of a text in back-ticks";
        return Some((
            format!("{} and {} are joined with `..`", called(one), called(other)),
            hint.to_string(),
        ));
    }
    if let Some((what, name)) = rest("attempt to index ").and_then(|rest| rest.split_once(" with "))
    {
        let name = name.trim_matches('\'');
        let hint = match what {
            "nil" => format!(
                "what stands before `.{name}` has no value here: the name may be misspelt, the \
                 field blank, the linked record missing; test it first, `r.child and r.child.DOB`"
            ),
            _ => "only records, days, periods, figures, the report and tables have something \
                  behind a dot"
                .to_string(),
        };
        return Some((format!("`{name}` is asked of {}", called(what)), hint));
    }
    if let Some(what) = rest("attempt to call a ").and_then(|rest| rest.strip_suffix(" value")) {
        let hint =
            "the function's name may be misspelt, or a comma may be missing before the bracket";
        let message = match what {
            "nil" => "something is called that is not there".to_string(),
            _ => format!("{} is called as if it were a function", called(what)),
        };
        return Some((message, hint.to_string()));
    }
    if let Some((name, of)) =
        rest("attempt to call missing method '").and_then(|rest| rest.split_once("' of "))
    {
        let hint = "it may be misspelt; fields of a record are read with a dot, `r.FIELD`";
        return Some((format!("there is no `:{name}()` of {}", called(of)), hint.to_string()));
    }
    if let Some(what) =
        rest("attempt to iterate over a ").and_then(|rest| rest.strip_suffix(" value"))
    {
        let hint = "`for _, item in …` needs a table, such as report:figures() or child.episodes";
        return Some((format!("`for … in` goes through {}", called(what)), hint.to_string()));
    }
    if let Some(what) =
        rest("attempt to get length of a ").and_then(|rest| rest.strip_suffix(" value"))
    {
        let hint = match what {
            "nil" => BLANK,
            _ => "`#` counts what stands in a table, such as #child.episodes, or a text's letters",
        };
        return Some((format!("`#` asks how long {} is", called(what)), hint.to_string()));
    }
    if let Some(rest) = rest("table index is ") {
        let hint = "a table is asked by a name or a number: test what stands in the brackets first";
        return Some((format!("a table is written to by {}", called(rest)), hint.to_string()));
    }
    if message == "table overflow" {
        let hint = "a script may use 64 MiB; build smaller tables";
        return Some(("a table would be larger than it may be".to_string(), hint.to_string()));
    }
    of_library(message).or_else(|| of_texts(message)).or_else(|| converted(message))
}

/// What the functions of texts, tables and bits say in words of their own.
fn of_texts(message: &str) -> Option<Worded> {
    const PATTERNS: [&str; 7] = [
        "malformed pattern",
        "unfinished capture",
        "invalid pattern",
        "invalid capture",
        "pattern too complex",
        "missing '['",
        "invalid use of '%'",
    ];
    let begins = |starts: &[&str]| starts.iter().any(|start| message.starts_with(start));
    let said = |message: String, hint: &str| Some((message, hint.to_string()));
    if begins(&PATTERNS) {
        let hint = "signs such as ( [ . - + * ? % mean something in a pattern: the sign itself is \
                    written with % before it, as in  \"%(\"";
        return said("the pattern that is looked for cannot be read".to_string(), hint);
    }
    if let Some((option, _)) =
        message.strip_prefix("invalid option '").and_then(|rest| rest.split_once('\''))
    {
        let hint =
            "whole numbers are %d, others %.1f, texts %s; or write  `{value}`  in back-ticks";
        return said(format!("string.format knows no `{option}`"), hint);
    }
    if let Some((found, rest)) =
        message.strip_prefix("invalid value (").and_then(|rest| rest.split_once(") at index "))
    {
        let at = rest.split(' ').next().unwrap_or_default();
        let hint = "it joins texts and numbers: put in what is to be read, such as figure.title";
        return said(format!("table.concat is given {} in place {at}", called(found)), hint);
    }
    if begins(&["integral size", "invalid format", "invalid next option", "data string too short"])
    {
        let hint =
            "string.pack is hardly ever what a report needs: write  `{value}`  in back-ticks";
        return said("what string.pack or string.unpack is given cannot be read".to_string(), hint);
    }
    if begins(&["invalid UTF-8 code"]) {
        let hint =
            "it was not made of whole letters: cut texts with utf8.offset, or leave them whole";
        return said("a text holds what is no letter".to_string(), hint);
    }
    if begins(&["missing argument #"]) {
        let hint = "look at what stands in the brackets";
        return said("a value is missing in the brackets".to_string(), hint);
    }
    if begins(&["invalid key to 'next'"]) {
        let hint = "write  for name, value in t do  to go through a table";
        return said(
            "`next` is asked for what comes after a name that is not there".to_string(),
            hint,
        );
    }
    if begins(&["trying to access non-existent bits", "field cannot be negative", "width must"]) {
        let hint = "bits are counted from 0 to 31";
        return said("bit32 is asked for bits that no number has".to_string(), hint);
    }
    None
}

/// `invalid argument #1 to 'floor' (number expected, got string)`, `missing argument #1 to 'max'`.
fn of_library(message: &str) -> Option<Worded> {
    const HINT: &str = "look at what stands in the brackets";
    let rest = message.strip_prefix("invalid argument #");
    let missing = message.strip_prefix("missing argument #");
    let (number, rest) = rest.or(missing)?.split_once(" to '")?;
    let (name, rest) = rest.split_once('\'')?;
    let which = match number {
        "1" => "first",
        "2" => "second",
        "3" => "third",
        _ => "last",
    };
    let why = rest.trim().trim_start_matches('(').trim_end_matches(')');
    let (wanted, found) = match why.split_once(" expected") {
        Some((wanted, found)) => (wanted, found.trim_start_matches(", got ")),
        None if why.is_empty() => ("", ""),
        None => {
            let cannot = format!("`{name}` cannot be done with the {which} value it is given");
            let why = match why.contains("out of range") || why == "invalid value" {
                true => "it is too small or too large",
                false => why,
            };
            return Some((format!("{cannot}: {why}"), HINT.to_string()));
        }
    };
    let wanted = match wanted {
        "" => format!("a {which} value"),
        "nil or table" => "a table".to_string(),
        "table or string" => "a table or a text".to_string(),
        "string/function/table" => "a text, a function or a table".to_string(),
        one => called(one),
    };
    let hint = if found == "nil" || found == "no value" { BLANK } else { HINT };
    Some(match found {
        "" | "no value" => (format!("`{name}` needs {wanted} in its brackets"), HINT.to_string()),
        found => (format!("`{name}` needs {wanted}, not {}", called(found)), hint.to_string()),
    })
}

/// The name that a script asked something for, in one of Luau's messages: it may be made up.
pub fn asked_for(message: &str) -> Option<&str> {
    let index =
        message.strip_prefix("attempt to index ").and_then(|rest| rest.split_once(" with "));
    let method = message.strip_prefix("attempt to call missing method ");
    let rest = index.map(|(_, name)| name).or(method)?;
    rest.strip_prefix('\'')?.split_once('\'').map(|(name, _)| name)
}

/// What Luau says of a script that it cannot read.
pub fn unreadable(message: &str) -> Option<Worded> {
    let said = |message: &str, hint: &str| Some((message.to_string(), hint.to_string()));
    if message.starts_with("Incomplete statement") {
        return said(
            "nothing is done here: a value or a comparison stands alone",
            "a name is quoted, a field has one equals sign, `return` gives what a function gives",
        );
    }
    if message.starts_with("Double braces") || message.starts_with("double braces") {
        return said(
            "two braces stand side by side in a text",
            "one pair holds what is to be written: `{f.value}`; a brace itself is written  \\{",
        );
    }
    if message.starts_with("Malformed string") {
        return said("a text is not closed", "its quotation mark is missing at the end");
    }
    if message.starts_with("Expected ',' after table") {
        let hint = "look at the end of this line, and of the one above it";
        return said("a comma is missing between two fields", hint);
    }
    let (wanted, found) = message.strip_prefix("Expected ")?.split_once(", got ")?;
    let found = found.split_once("; did you").map_or(found, |(found, _)| found);
    let found = match found {
        "<eof>" => "the end of the script".to_string(),
        sign => format!("`{}`", sign.trim_matches('\'')),
    };
    let sign = |text: &str| text.trim_matches(['\'', '<', '>']).to_string();
    if let Some((wanted, opened)) = wanted.split_once(" (to close ") {
        let (opened, at) = opened.trim_end_matches(')').split_once(" at ")?;
        let (wanted, opened) = (sign(wanted), sign(opened));
        let begins =
            if at.starts_with("line") { format!(", which begins at {at}") } else { String::new() };
        let hint = match wanted.as_str() {
            "end" => {
                format!("`{opened}`{begins} is closed by `end`; look whether each has its own")
            }
            _ => format!(
                "`{opened}`{begins} is closed by `{wanted}`; or a comma is missing before {found}"
            ),
        };
        return Some((format!("`{wanted}` is missing before {found}"), hint));
    }
    if wanted == "<eof>" {
        let hint = "more is closed above it than was opened: take one `end` or bracket away";
        return said(&format!("{found} has nothing to close"), hint);
    }
    let (wanted, place) = wanted.split_once(" when parsing ").unwrap_or((wanted, ""));
    let hint = match (wanted, place, found.as_str()) {
        (_, "method name", _) => "a field is given with an equals sign: title = \"…\"",
        ("'then'" | "'do'", _, "`=`") => "equal is written  ==  where something is compared",
        _ => "look for a missing comma, bracket or `end` on this line or the one above",
    };
    let wanted = match wanted {
        "identifier" => "a name".to_string(),
        other => format!("`{}`", sign(other)),
    };
    said(&format!("{wanted} is missing before {found}"), hint)
}

fn compared(one: &str, other: &str) -> Worded {
    let hint = match (one, other) {
        ("nil", _) | (_, "nil") => BLANK.to_string(),
        ("LuaDay", "number") | ("number", "LuaDay") => {
            "a day is compared with a day: `r.FIELD < period.ending`; its year is a number: \
             `r.FIELD.year < 2020`"
                .to_string()
        }
        ("LuaDay", "string") | ("string", "LuaDay") => {
            "a day is compared with a day: `r.FIELD < period.ending`; in a table of conditions, \
             with rap.before and the like"
                .to_string()
        }
        ("string", "number") | ("number", "string") => {
            "codes and texts are texts even where they look like numbers: `r.FIELD == \"2\"`, or \
             `tonumber(r.FIELD)`"
                .to_string()
        }
        _ => "two numbers, two texts or two days can be compared".to_string(),
    };
    (format!("{} is compared with {}", called(one), called(other)), hint)
}

/// A sum of things that cannot be added, and the like.
fn reckoned(how: &str, on: &str) -> Worded {
    let sign = match how {
        "add" => "+",
        "sub" | "unm" => "-",
        "mul" => "*",
        "div" => "/",
        "idiv" => "//",
        "mod" => "%",
        _ => "^",
    };
    let (one, other) = on.split_once(" and ").unwrap_or((on, on));
    let hint = if [one, other].contains(&"nil") {
        BLANK.to_string()
    } else if [one, other].contains(&"LuaDay") {
        DAYS.to_string()
    } else if [one, other].contains(&"string") {
        "a text is no number: `tonumber(r.FIELD)` makes one of it; a column of type \"number\" \
         holds numbers"
            .to_string()
    } else {
        "both sides must be numbers".to_string()
    };
    let of = match one == other {
        true => format!("`{sign}` cannot be used on {}", called(one)),
        false => format!("`{sign}` cannot be used on {} and {}", called(one), called(other)),
    };
    (of, hint)
}

/// What can be reckoned with days.
pub const DAYS: &str = "days are moved with `day:plus_days(3)` and `day:plus_months(3)`; one day \
                        less another, `a - b`, is a number of days";

/// `bad argument #2 to 'LuaDay.plus_months': error converting Lua string to i32 (…)`.
fn converted(message: &str) -> Option<Worded> {
    let (before, rest) = message.split_once("error converting Lua ")?;
    let (found, rest) = rest.split_once(" to ")?;
    let wanted = match rest.split([' ', '(']).next().unwrap_or_default() {
        "i32" | "i64" | "f64" | "u32" | "integer" | "number" => "a number",
        "String" | "string" => "a text",
        "Table" | "table" | "Vec" => "a table",
        "Function" | "function" => "a function",
        "userdata" => "a day or a period",
        _ => "something else",
    };
    // `bad argument `self` to `LuaDay.plus_months``: the function's name stands last.
    let quoted: Vec<&str> = before.split('`').skip(1).step_by(2).collect();
    let function = quoted.last().and_then(|name| name.strip_prefix("Lua"));
    let function = function
        .and_then(|name| name.split_once('.'))
        .map(|(whose, name)| (whose.to_lowercase(), name));
    // `figure[1]`, `day[nil]`: what stands between the brackets is no name.
    if let Some((whose, "__index")) = &function {
        let hint = format!("write a name behind a dot, as in  {whose}.title");
        return Some((format!("a {whose} is asked for something by {}", called(found)), hint));
    }
    match (function, quoted.first()) {
        (Some((whose, name)), Some(&"self")) => Some((
            format!("`{name}` is called with a dot"),
            format!("write a colon: `{whose}:{name}(…)`"),
        )),
        (Some((whose, name)), _) => Some((
            format!("{whose}:{name}() needs {wanted}, not {}", called(found)),
            if found == "nil" && whose == "day" {
                BLANK.to_string()
            } else {
                format!("`rapporteur docs --reference` has an example of `{name}`")
            },
        )),
        _ => Some((
            format!("{wanted} is needed here, not {}", called(found)),
            "look at what stands in the brackets".to_string(),
        )),
    }
}

/// A kind of value as people call it.
fn called(kind: &str) -> String {
    match kind {
        "nil" => "a blank".to_string(),
        "number" | "integer" => "a number".to_string(),
        "string" => "a text".to_string(),
        "boolean" => "true or false".to_string(),
        "LuaReport" => "the report".to_string(),
        "LuaRow" => "a record".to_string(),
        "LuaMatcher" => "a condition".to_string(),
        "LuaConditions" => "conditions".to_string(),
        "LuaCover" => "a Cover entry".to_string(),
        "userdata" | "value" => "a record, a day or the like".to_string(),
        // A value of ours, whose name has been put into words already.
        ours if ours.starts_with("a ") || ours.starts_with("the ") => ours.to_string(),
        other => format!("a {}", other.strip_prefix("Lua").unwrap_or(other).to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn luau_speaks_as_an_analyst_does() {
        let said = [
            ("attempt to compare nil < LuaDay", "a blank is compared with a day"),
            ("attempt to compare LuaDay <= number", "a day is compared with a number"),
            (
                "attempt to perform arithmetic (add) on LuaDay and number",
                "`+` cannot be used on a day and a number",
            ),
            ("attempt to perform arithmetic (mul) on nil", "`*` cannot be used on a blank"),
            ("attempt to index nil with 'year'", "`year` is asked of a blank"),
            ("attempt to call a nil value", "something is called that is not there"),
            ("attempt to concatenate nil with string", "a blank and a text are joined with `..`"),
            (
                "bad argument `self` to `LuaDay.plus_months`: error converting Lua number to \
                 userdata",
                "`plus_months` is called with a dot",
            ),
            (
                "bad argument #2 to `LuaDay.plus_months`: error converting Lua string to i32 \
                 (expected number)",
                "day:plus_months() needs a number, not a text",
            ),
        ];
        for (luau, plain) in said {
            assert_eq!(of(luau).expect(luau).0, plain);
        }
    }
}
