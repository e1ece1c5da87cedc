//! Named styles of a report's cells.

/// Named styles: what they look like is the writers' business, how wide their letters are the
/// layout's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// The report's title.
    Title,
    /// The line under it.
    Subtitle,
    /// The sentence that says what the report is for.
    Purpose,
    /// A heading over names and text.
    HeadText,
    /// A heading over figures.
    HeadFigure,
    /// A heading across the table.
    Section,
    /// An indicator's name.
    Name,
    /// An area's name beside its narrative.
    Area,
    /// A figure.
    Figure,
    /// Commentary, narrative, notes.
    Text,
    /// Commentary below the figures that it is about.
    Below,
    /// A line of the key.
    Key,
    /// What the notes say of an indicator.
    Note,
    /// An indicator's name in the notes.
    NoteName,
    /// A heading in the notes' table.
    NoteHead,
    /// A column of notes.
    NoteColumn,
    /// The name of a point in a chart's long table.
    Point,
    /// Its figure.
    PointFigure,
    /// How a figure stands against its target.
    Status(Tone),
    /// The name of a total.
    Total,
    /// The figure of a total.
    TotalFigure,
}

impl Style {
    /// How far the text stands from the cell's left edge, in steps of a spreadsheet's indent.
    pub fn indent(self) -> u8 {
        match self {
            Style::Below => 2,
            Style::HeadText
            | Style::Section
            | Style::Name
            | Style::Area
            | Style::Text
            | Style::Total
            | Style::Note
            | Style::NoteName
            | Style::NoteHead
            | Style::Point => 1,
            Style::Title
            | Style::Subtitle
            | Style::Purpose
            | Style::Key
            | Style::NoteColumn
            | Style::HeadFigure
            | Style::Figure
            | Style::TotalFigure
            | Style::PointFigure
            | Style::Status(_) => 0,
        }
    }

    /// The part of that room that may go, where a page is saved by it.
    pub fn spare_air(self) -> f64 {
        match self {
            Style::Note | Style::NoteName => 2.25,
            Style::NoteHead | Style::Title | Style::Subtitle | Style::Purpose => 2.25,
            Style::Section => 3.0,
            Style::HeadText | Style::HeadFigure => 3.0,
            Style::Name | Style::Figure | Style::Text | Style::Below | Style::Status(_) => 3.0,
            _ => 0.0,
        }
    }

    /// The room above and below the text together, in points.
    pub fn air(self) -> f64 {
        match self {
            Style::Key | Style::NoteColumn | Style::Point | Style::PointFigure => 0.9,
            Style::Note | Style::NoteName => 3.0,
            Style::Title | Style::Subtitle | Style::Purpose => 4.0,
            Style::HeadText | Style::HeadFigure => 10.0,
            Style::Section => 8.0,
            Style::NoteHead => 6.0,
            _ => 7.0,
        }
    }

    /// Size in points, and whether bold.
    pub fn font(self) -> (f64, bool) {
        match self {
            Style::Title => (14.0, true),
            Style::Subtitle => (12.0, true),
            Style::Key | Style::Note | Style::NoteColumn | Style::PointFigure => (8.0, false),
            Style::NoteName | Style::NoteHead | Style::Point => (8.0, true),
            Style::Purpose
            | Style::Figure
            | Style::Text
            | Style::Below
            | Style::Status(Tone::Information | Tone::NoData) => (10.0, false),
            Style::HeadText
            | Style::HeadFigure
            | Style::Section
            | Style::Name
            | Style::Area
            | Style::Status(_)
            | Style::Total
            | Style::TotalFigure => (10.0, true),
        }
    }
}

/// How a status is meant, for its fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Green: exceeded, achieved.
    Good,
    /// Amber.
    Fair,
    /// Red: not achieved.
    Poor,
    /// For information: no target.
    Information,
    /// No data.
    NoData,
}
