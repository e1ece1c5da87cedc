//! Whose a figure is: an area, and the code that names a council.

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
