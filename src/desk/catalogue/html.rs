//! The catalogue as one web page.

use maud::{Markup, html};

use super::facts::{self, Piece, anchor};
use super::{Catalogue, Entry};
use crate::definitions::{Column, ColumnType, List, Population};
use crate::nouns::page::{table, whole_page};
use crate::nouns::words::capital;

/// The page.
pub fn page(catalogue: &Catalogue) -> String {
    let title = catalogue.title();
    let body = html! {
        a class="skip" href="#catalogue" { "Skip to the catalogue" } "\n"
        header class="tall" {
            h1 { (title) }
            p {
                "What each one means, how it is counted, what it is held against and where it is \
                 shown. Made from the scripts: no figure of a return is here."
            }
        }
        "\n"
        (contents(catalogue))
        main id="catalogue" class="tall" {
            "\n"
            @for (theme, entries) in &catalogue.themes {
                section {
                    h2 { (theme) } "\n"
                    @for entry in entries { (indicator(entry)) }
                }
                "\n"
            }
            section {
                h2 id="populations" { "Populations" } "\n"
                @for (named, codes) in &catalogue.populations { (population(named, codes)) }
            }
            section {
                h2 id="lists" { "Lists of the return" } "\n"
                @for (named, codes) in &catalogue.lists { (list(named, codes)) }
            }
        }
        "\n"
    };
    whole_page(&title, &[("generator", "Rapporteur")], &body)
}

fn contents(catalogue: &Catalogue) -> Markup {
    html! {
        nav aria-labelledby="contents" {
            h2 id="contents" { "Contents" } "\n"
            @for (theme, entries) in &catalogue.themes {
                h3 { (theme) }
                ul {
                    @for entry in entries {
                        li {
                            a href={ "#" (anchor("indicator", &entry.indicator.code)) } {
                                (entry.indicator.title)
                            }
                            " " code { (entry.indicator.code) }
                        }
                        "\n"
                    }
                }
                "\n"
            }
            p {
                a href="#populations" { "Populations" } ", "
                a href="#lists" { "lists of the return" }
            }
        }
        "\n"
    }
}

fn indicator(entry: &Entry) -> Markup {
    let i = entry.indicator;
    html! {
        article id=(anchor("indicator", &i.code)) {
            h3 { (i.title) " " code { (i.code) } } "\n"
            @if !i.definition.is_empty() { p { (i.definition) } "\n" }
            table class="facts" {
                caption class="unseen" { "About " (i.code) }
                tbody {
                    @for (label, lines) in facts::of(entry) {
                        tr {
                            th scope="row" { (label) }
                            td {
                                @for (at, line) in lines.iter().enumerate() {
                                    @if at > 0 { br; }
                                    (said(line))
                                }
                            }
                        }
                        "\n"
                    }
                }
            }
            "\n"
            @if let Some(code) = &entry.code { pre tabindex="0" { code { (code) } } "\n" }
        }
        "\n"
    }
}

fn population(population: &Population, codes: &[&str]) -> Markup {
    html! {
        article id=(anchor("population", &population.name)) {
            h3 { code { (population.name) } }
            p { (capital(&population.to_string())) "." }
            p {
                "Used by " (said(&facts::links("indicator", codes.iter().copied())))
                ". Declared at " code { (population.place) } "."
            }
        }
        "\n"
    }
}

fn list(list: &List, codes: &[&str]) -> Markup {
    let rows = html! {
        @for column in &list.columns {
            tr {
                th scope="row" { (column.name) }
                td { (holds(column)) }
                td { (may_be(column)) }
            }
            "\n"
        }
    };
    let caption = format!("Columns of {}", list.title);
    html! {
        article id=(anchor("list", &list.name)) {
            h3 { (list.title) " " code { (list.name) } } "\n"
            p {
                "Each row is about a " code { (list.key) } ". Used by "
                (said(&facts::links("indicator", codes.iter().copied())))
                ". Declared at " code { (list.place) } "."
            }
            "\n"
            (table("", &caption, &["Column", "Holds", "May be"], &rows))
        }
        "\n"
    }
}

fn holds(column: &Column) -> Markup {
    let ColumnType::Codes(codes) = &column.kind else {
        return html! { (column.kind.expected()) };
    };
    html! {
        @for (at, (name, code)) in codes.iter().enumerate() {
            @if at > 0 { "; " }
            code { (name) }
            @if !code.meaning.is_empty() { " " (code.meaning) }
        }
    }
}

fn may_be(column: &Column) -> &'static str {
    match (column.required, column.optional) {
        (true, _) => "never blank",
        (false, true) => "blank, or the column missing",
        (false, false) => "blank",
    }
}

fn said(pieces: &[Piece]) -> Markup {
    html! {
        @for piece in pieces {
            @match piece {
                Piece::Text(text) => { (text) },
                Piece::Code(code) => { code { (code) } },
                Piece::Link(name, to) => { a href={ "#" (to) } { code { (name) } } },
            }
        }
    }
}
