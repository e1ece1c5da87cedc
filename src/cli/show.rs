//! `show`: what the reader sees in a file.

use std::fmt::{self, Write as _};
use std::io::{BufWriter, Write as _};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::{Size, Which, exit_code, give_json, print_problems, progress, say_as_it_is};
use crate::definitions::{Declarations, List};
use crate::intake::local;
use crate::intake::read::{self, Sheet};
use crate::intake::returns::{Found, TypedSheet, find_list};
use crate::nouns::problem::{CellAddress, Problems, clean, column_letters};
use crate::scripts::engine::Engine;

/// Show what is in a workbook or CSV file, as the reader sees it
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  rapporteur show q2.xlsx            what each sheet was taken for, its columns
  rapporteur show q2.xlsx --cells    what stands in each cell: about children")]
pub struct Options {
    /// The workbook or CSV file
    pub file: PathBuf,
    /// Which project.
    #[command(flatten)]
    pub which: Which,
    /// Print one line a filled cell: sheet, address, text, parted by tabs
    #[arg(long)]
    pub cells: bool,
    /// How large it may be.
    #[command(flatten)]
    pub size: Size,
}

/// Runs it; gives the exit code.
pub fn run(options: &Options) -> u8 {
    let (file, which, cells) = (&options.file, &options.which, options.cells);
    let mut problems = Problems::default();
    progress::tell("reading");
    let read = read::read_file(file, &options.size.limits(), &mut problems);
    progress::done();
    let Some(source) = problems.keep(read) else {
        let code = exit_code(&problems);
        if which.print.json {
            return give_json(json!({}), &problems, false, code);
        }
        print_problems(&problems, false, usize::MAX, true);
        return code;
    };
    if cells && which.print.json {
        let cells: Vec<_> = source.sheets.iter().flat_map(cells_json).collect();
        return give_json(json!({ "file": source.name, "cells": cells }), &problems, false, 0);
    }
    if cells {
        print_cells(&source.sheets);
        return 0;
    }
    let project = problems.keep(which.open());
    let declared = project.map(|project| {
        let mut declared = Engine::load(&project.sources, &mut problems).1;
        local::apply(&project, &mut declared, &mut problems);
        declared
    });
    let declared = declared.unwrap_or_default();
    let sheets: Vec<Seen> = source.sheets.iter().map(|sheet| Seen::of(sheet, &declared)).collect();
    if which.print.json {
        let json = json!({ "file": source.name, "kind": source.kind, "sheets": sheets });
        return give_json(json, &problems, false, 0);
    }
    let mut text = format!("{}: {}\n", clean(&source.name), source.kind);
    for sheet in &sheets {
        let _ = sheet.tell(&mut text);
    }
    print_problems(&problems, false, super::MOST_PRINTED, true);
    say_as_it_is(&text);
    0
}

/// A sheet as the reader sees it.
#[derive(Serialize)]
struct Seen {
    sheet: String,
    hidden: bool,
    rows: usize,
    cells: usize,
    management: Option<&'static str>,
    list: Option<String>,
    header_row: Option<u32>,
    why: Option<String>,
    columns: Option<Vec<String>>,
    not_used: Option<Vec<String>>,
}

impl Seen {
    fn of(sheet: &Sheet, declared: &Declarations) -> Seen {
        let found = find_list(sheet, declared);
        let list = found.as_ref().map(|found| &declared.lists[&found.list]);
        Seen {
            sheet: sheet.name.clone(),
            hidden: sheet.hidden,
            rows: sheet.rows().len(),
            cells: sheet.len(),
            management: TypedSheet::of(sheet).map(|kind| kind.name()),
            list: list.map(|list| list.title.clone()),
            header_row: found.as_ref().map(|found| found.header_row + 1),
            why: found.as_ref().map(|found| found.why.clone()),
            columns: list.zip(found.as_ref()).map(|(list, found)| columns(list, found)),
            not_used: found.map(|found| found.unknown),
        }
    }

    /// The same for people.
    fn tell(&self, text: &mut String) -> fmt::Result {
        let hidden = if self.hidden { ", hidden" } else { "" };
        let (name, rows, cells) = (clean(&self.sheet), self.rows, self.cells);
        writeln!(text, "\n{name}{hidden}: {rows} rows, {cells} cells")?;
        if let Some(kind) = self.management {
            return writeln!(text, "  management sheet: {}", clean(kind));
        }
        let Some(list) = &self.list else {
            return writeln!(text, "  no list that the scripts know");
        };
        let why = self.why.as_deref().map(clean).unwrap_or_default();
        writeln!(text, "  list: {}; {why}", clean(list))?;
        let columns = self.columns.as_deref().unwrap_or_default();
        writeln!(text, "  columns: {}", columns.join(", "))?;
        let unused: Vec<_> = self.not_used.iter().flatten().map(|column| clean(column)).collect();
        match unused.is_empty() {
            true => Ok(()),
            false => writeln!(text, "  not used: {}", unused.join(", ")),
        }
    }
}

fn columns(list: &List, found: &Found) -> Vec<String> {
    let pairs = list.columns.iter().zip(&found.columns);
    pairs
        .map(|(column, at)| match at {
            Some(at) => format!("{} {}", column_letters(*at), column.name),
            None => format!("(no {})", column.name),
        })
        .collect()
}

fn cells_json(sheet: &Sheet) -> Vec<serde_json::Value> {
    let cells = sheet.rows().flat_map(|(row, cells)| cells.iter().map(move |cell| (row, cell)));
    let json = cells.map(|(row, cell)| {
        json!({
            "sheet": sheet.name, "cell": CellAddress::new(row, cell.col).to_string(),
            "text": sheet.shown(cell),
        })
    });
    json.collect()
}

/// One line a cell. What would break the line, or do something to a terminal, is written as `\n`,
/// `\t` and the like, to a file as to a screen.
fn print_cells(sheets: &[Sheet]) {
    let mut out = BufWriter::new(std::io::stdout().lock());
    for sheet in sheets {
        let name = clean(&sheet.name);
        for (row, cells) in sheet.rows() {
            for cell in cells {
                let text = clean(&sheet.shown(cell).replace('\\', "\\\\").replace('\n', "\\n"));
                let at = CellAddress::new(row, cell.col);
                if writeln!(out, "{name}\t{at}\t{text}").is_err() {
                    return;
                }
            }
        }
    }
}
