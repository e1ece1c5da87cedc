//! Whose a figure is: an area, and the code that names a council.

use std::collections::HashMap;

/// England's code in published files.
pub const ENGLAND: &str = "E92000001";

/// Whose figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// The council that the return is about.
    Own,
    /// The average of its statistical neighbours.
    StatisticalNeighbours,
    /// Its region.
    Region,
    /// England.
    England,
    /// Another council.
    Council(AreaCode),
}

impl Area {
    /// What it is called within a sentence: `above similar councils`.
    pub fn in_a_sentence(&self) -> &str {
        match self {
            Area::Own => "the council",
            Area::StatisticalNeighbours => "similar councils",
            Area::Region => "the region",
            Area::England => "England",
            Area::Council(code) => code.as_str(),
        }
    }
}

/// A council's nine-character code, such as E06000015: names are spelt in many ways, codes in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AreaCode([u8; 9]);

impl AreaCode {
    /// The code, where the text is one: a capital letter and eight digits.
    ///
    /// ```
    /// use rapporteur::nouns::area::AreaCode;
    ///
    /// let code = AreaCode::parse(" e06000015 ").expect("a code");
    /// assert_eq!(code.as_str(), "E06000015");
    /// assert_eq!(AreaCode::parse("E0600001"), None);
    /// ```
    pub fn parse(text: &str) -> Option<AreaCode> {
        let bytes: [u8; 9] = text.trim().to_ascii_uppercase().as_bytes().try_into().ok()?;
        let proper = bytes[0].is_ascii_uppercase() && bytes[1..].iter().all(u8::is_ascii_digit);
        proper.then_some(AreaCode(bytes))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a code is made of letters and digits")
    }
}

/// What areas are called, and their codes.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    /// The council's name.
    pub authority: String,
    /// The council's code, where it is known.
    pub authority_code: String,
    /// The region's name.
    pub region: String,
    /// The region's code, where it is known.
    pub region_code: String,
    /// Names of other councils.
    pub councils: HashMap<AreaCode, String>,
}

impl Areas {
    /// What an area is called: a council that nobody named, by its code.
    pub fn name<'a>(&'a self, area: &'a Area) -> &'a str {
        match area {
            Area::Own => &self.authority,
            Area::StatisticalNeighbours => "Statistical neighbours",
            Area::Region => &self.region,
            Area::England => "England",
            Area::Council(code) => self.councils.get(code).map_or(code.as_str(), String::as_str),
        }
    }

    /// The same within a line.
    pub fn name_within<'a>(&'a self, area: &'a Area) -> &'a str {
        match area {
            Area::StatisticalNeighbours => "statistical neighbours",
            other => self.name(other),
        }
    }

    /// Its code; nothing for the average of neighbours, and where it is not known.
    pub fn code<'a>(&'a self, area: &'a Area) -> &'a str {
        match area {
            Area::Own => &self.authority_code,
            Area::StatisticalNeighbours => "",
            Area::Region => &self.region_code,
            Area::England => ENGLAND,
            Area::Council(code) => code.as_str(),
        }
    }
}
