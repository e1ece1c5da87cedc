//! What `build --bundle` puts together for whoever inspects a report.

use crate::desk::catalogue::Catalogue;
use crate::figures::suppress::ShownFigures;
use crate::intake::project::Project;
use crate::nouns::problem::{Problem, Problems};
use crate::papers::write::{BundlePart, bundle, figures_csv, workbook};
use crate::pipeline::{Finished, Received};

/// What each figure of a report means: the catalogue of those that it holds.
pub(super) fn definitions(project: &Project, received: &Received, shown: &ShownFigures) -> String {
    // What is wrong with a layout was told when the report was laid out.
    let mut told = Problems::default();
    let mut catalogue = Catalogue::gather(project, &received.engine, &received.declared, &mut told);
    catalogue.keep(|code| shown.own(code).is_some());
    catalogue.html()
}

/// The bundle of a report, with the page of what is wrong with its return.
pub(super) fn made(
    received: &Received,
    finished: &Finished,
    definitions: String,
    problems: String,
) -> Result<Vec<u8>, Problem> {
    let report = &finished.report;
    let parts = [
        BundlePart {
            name: "appendix.xlsx",
            says: "the report as the committee reads it",
            bytes: workbook(report)?,
        },
        BundlePart {
            name: "figures.csv",
            says: "every figure, as it may be shown",
            bytes: figures_csv(&finished.shown, &received.areas)?,
        },
        BundlePart {
            name: "definitions.html",
            says: "what each figure means and how it is counted, with the script",
            bytes: definitions.into_bytes(),
        },
        BundlePart {
            name: "problems.html",
            says: "what is wrong with the return, by sheet and cell",
            bytes: problems.into_bytes(),
        },
    ];
    Ok(bundle(&report.properties, &received.period.label(), &parts))
}
