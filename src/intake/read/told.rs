//! How damage in what is read is told: in the cells of a sheet by its tab, in another part of a
//! file by the part's name, in a file without parts by the file.

use super::sheet::damaged;
use crate::nouns::problem::{Place, Problem};

/// What is read.
#[derive(Debug, Clone)]
pub struct DamagePlace {
    place: Place,
    part: Option<String>,
}

impl DamagePlace {
    /// A file that has no parts.
    pub fn of_file(file: &str) -> DamagePlace {
        DamagePlace { place: Place::file(file), part: None }
    }

    /// A part of a file.
    pub fn of_part(file: &str, part: &str) -> DamagePlace {
        DamagePlace { place: Place::file(file), part: Some(part.to_string()) }
    }

    /// The cells of a sheet: nobody knows the part that they lie in.
    pub fn of_sheet(place: &Place) -> DamagePlace {
        DamagePlace { place: place.clone(), part: None }
    }

    /// Damage in it.
    pub fn damaged(&self, what: &str) -> Problem {
        let what = match &self.part {
            Some(part) => format!("in {part}, {what}"),
            None => what.to_string(),
        };
        damaged(self.place.clone(), &what)
    }

    /// It is not there.
    pub fn missing(&self) -> Problem {
        self.whole("is not there")
    }

    /// It is there twice.
    pub fn twice(&self) -> Problem {
        self.whole("is there twice")
    }

    /// It cannot be unpacked, or read to its end.
    pub fn unreadable(&self) -> Problem {
        match self.place.sheet.is_some() || self.part.is_some() {
            true => self.whole("cannot be unpacked"),
            false => self.damaged("it cannot be read to its end"),
        }
    }

    /// It declares a document type.
    pub fn document_type(&self) -> Problem {
        match self.place.sheet.is_some() || self.part.is_some() {
            true => self.whole("declares a document type"),
            false => self.damaged("it declares a document type"),
        }
    }

    /// Damage that is the whole's.
    fn whole(&self, what: &str) -> Problem {
        let which = match &self.part {
            Some(part) => format!("its part {part}"),
            None => "the sheet".to_string(),
        };
        damaged(self.place.clone(), &format!("{which} {what}"))
    }
}
