//! What a person meets before any figure: completions, the manual, suggestions, and what programs
//! are told.

use serde_json::Value;

use crate::support::{example, folder, rapporteur, root};

/// The shell itself is asked, where there is one: what would it put in for what was typed?
#[test]
fn bash_completes_commands_layouts_and_codes() {
    let folder = folder();
    std::fs::create_dir(folder.path().join("scripts")).expect("made");
    let script = "rap.indicator \"kin_pct\" { title = \"Kin\", unit = \"percentage\", \
                  denominator = \"looked_after\",\n\
                  numerator = { PLACE = { \"U1\" } } }";
    std::fs::write(folder.path().join("scripts/mine.luau"), script).expect("written");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = rapporteur(folder.path(), &["completions", shell]);
        assert_eq!(run.code, Some(0), "{}", run.shown());
        assert!(run.out.contains("explain") && run.out.contains("round_to_5"), "{shell}");
        std::fs::write(folder.path().join(shell), run.out).expect("written");
    }
    let ask = "source ./bash; ask() { COMP_WORDS=(rapporteur \"$@\"); COMP_CWORD=$#; \
               _rapporteur rapporteur \"${@: -1}\" \"${COMP_WORDS[$(($#-1))]}\"; \
               echo \"${COMPREPLY[@]}\"; }; ask wat; ask build --template bo; ask explain kin";
    let answer =
        std::process::Command::new("bash").args(["-c", ask]).current_dir(folder.path()).output();
    let Ok(answer) = answer else {
        eprintln!("skipped: there is no bash here");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&answer.stdout), "watch\nboard\nkin_pct\n", "{answer:?}");
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = folder();
    let run = rapporteur(folder.path(), &["man", "-o", "man"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let help = rapporteur(folder.path(), &["--help"]).out;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty()).filter_map(|line| {
        let inside = line.strip_prefix("  ")?;
        (!inside.starts_with(' ')).then(|| inside.split(' ').next().unwrap_or_default())
    });
    let commands: Vec<&str> = commands.filter(|name| *name != "help").collect();
    assert!(commands.contains(&"build") && commands.contains(&"watch"), "{commands:?}");
    for name in commands {
        let page = std::fs::read_to_string(folder.path().join(format!("man/rapporteur-{name}.1")))
            .expect(name);
        assert!(page.contains(".SH SYNOPSIS") && page.contains(".SH OPTIONS"), "{name}: {page}");
    }
    assert!(rapporteur(folder.path(), &["man"]).out.contains(".TH rapporteur 1"));
}

/// What was meant, for every kind of name that can be mistyped on the command line.
#[test]
fn a_slip_is_answered_with_what_was_meant() {
    let folder = example();
    std::fs::create_dir(folder.path().join("project")).expect("made");
    let cases: [(&[&str], i32, &str); 13] = [
        (&["biuld", "q2.xlsx"], 2, "'build'"),
        (&["q2.xslx"], 4, "did you mean `q2.xlsx`?"),
        (&["q2"], 4, "did you mean `q2.xlsx`?"),
        (&["check", "q2.xls"], 4, "did you mean `q2.xlsx`?"),
        (&["show", "./q2"], 4, "q2.xlsx`?"),
        (&["q2.xlsx", "--tempalte", "board"], 2, "'--template'"),
        (&["q2.xlsx", "--template", "bord"], 2, "did you mean `board`?"),
        (&["q2.xlsx", "--disclosure", "def"], 2, "did you mean `dfe`?"),
        (&["q2.xlsx", "--project", "projct"], 2, "did you mean `project`?"),
        (&["explain", "ha_pc", "q2.xlsx"], 2, "did you mean `ha_pct`?"),
        (&["explain", "Helth", "q2.xlsx"], 2, "did you mean `Health`?"),
        (&["explain", "q2.xlsx", "ha_pct"], 2, "the code of a figure comes before it"),
        (&["explain", "q2.xlsx"], 2, "`rapporteur explain CODE q2.xlsx`"),
    ];
    for (arguments, code, said) in cases {
        let run = rapporteur(folder.path(), arguments);
        assert!(run.code == Some(code) && run.err.contains(said), "{arguments:?}: {}", run.shown());
    }
}

/// Under --json every command, in success and in failure, prints one JSON object that has its
/// problems and the exit code.
#[test]
fn what_programs_are_told_is_json_with_problems_and_the_exit_code() {
    let folder = example();
    let cases: &[&[&str]] = &[
        &["build", "q2.xlsx"],
        &["build", "nowhere.xlsx"],
        &["check", "q2.xlsx"],
        &["check", "q2.xlsx", "--period", "sometime"],
        &["show", "q2.xlsx"],
        &["show", "q2.xlsx", "--cells"],
        &["show", "nowhere.xlsx"],
        &["list"],
        &["restated"],
        &["explain", "ha_pct", "q2.xlsx"],
        &["explain", "ha_pct,dent_pct", "q2.xlsx"],
        &["explain", "ha_pc", "q2.xlsx"],
        &["explain", "--cell", "D6", "q2.xlsx"],
        &["explain", "--cell", "ZZZ99999", "q2.xlsx"],
        &["diff", "q2-appendix.xlsx", "q2-appendix.xlsx"],
        &["blank", "--period", "2026/27 Q3"],
        &["types"],
        &["test"],
        &["docs"],
        &["watch", "nowhere.xlsx"],
        &["biuld", "q2.xlsx"],
        &["build", "q2.xlsx", "--tempalte", "board"],
    ];
    let documented =
        std::fs::read_to_string(root().join("docs/json.md")).expect("there is a page on it");
    for arguments in cases {
        let run = rapporteur(folder.path(), &[arguments, &["--json"][..]].concat());
        let told: Value = serde_json::from_str(&run.out)
            .unwrap_or_else(|e| panic!("{arguments:?}: {e}: {}", run.shown()));
        assert!(told["problems"].is_array(), "{arguments:?} tells no problems: {}", run.shown());
        assert_eq!(
            told["exit_code"].as_i64(),
            run.code.map(i64::from),
            "{arguments:?}: {}",
            run.shown()
        );
        for field in told.as_object().expect("an object").keys().filter(|_| arguments[0] != "blank")
        {
            let known = documented.contains(&format!("`{field}`"));
            assert!(known, "docs/json.md does not tell of `{field}`, which {arguments:?} gives");
        }
        assert_eq!(run.err, "", "{arguments:?} says something beside its JSON");
    }
}
