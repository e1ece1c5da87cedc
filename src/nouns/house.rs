//! How a council's papers look: its colours, its letters, its logo.

use std::fmt;

/// The council's own look, of which every edition is made.
#[derive(Debug, Clone, PartialEq)]
pub struct HouseStyle {
    /// The font that is named in files.
    pub font: Font,
    /// What headings over tables are filled with, and what titles are written in.
    pub head: Colour,
    /// What headings within tables are filled with.
    pub tint: Colour,
    /// What stands at the head of the first page.
    pub logo: Option<Logo>,
}

impl Default for HouseStyle {
    fn default() -> Self {
        HouseStyle {
            font: Font::Arial,
            head: Colour(0x001F_3864),
            tint: Colour(0x00E9_EFF7),
            logo: None,
        }
    }
}

/// A colour: red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u32);

/// The fonts whose letters are as wide as those that rows are measured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Font {
    /// The usual one.
    Arial,
    /// On Apple's machines.
    Helvetica,
    /// On machines without Arial.
    LiberationSans,
}

impl Font {
    /// All of them.
    pub const ALL: [Font; 3] = [Font::Arial, Font::Helvetica, Font::LiberationSans];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Font::Arial => "Arial",
            Font::Helvetica => "Helvetica",
            Font::LiberationSans => "Liberation Sans",
        }
    }
}

/// A picture, and what it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// The bytes of a PNG file.
    pub picture: Vec<u8>,
    /// How wide and how high it is, in pixels.
    pub size: (u32, u32),
    /// What it shows, for those who do not see it.
    pub alt: String,
}

impl Logo {
    /// The most that it takes at the head of a page, in pixels.
    const MOST: (f64, f64) = (220.0, 56.0);

    /// Its width and height at the head of a page, in pixels.
    pub fn printed(&self) -> (f64, f64) {
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        let scale = (Logo::MOST.0 / width).min(Logo::MOST.1 / height).min(1.0);
        (width * scale, height * scale)
    }
}

impl Colour {
    /// White.
    pub const WHITE: Colour = Colour(0x00FF_FFFF);
    /// Black.
    pub const BLACK: Colour = Colour(0);

    /// `#1F3864`.
    pub fn parse(text: &str) -> Option<Colour> {
        let digits = text.trim().strip_prefix('#')?;
        let hex = digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit());
        hex.then(|| u32::from_str_radix(digits, 16).ok().map(Colour)).flatten()
    }

    /// How well one colour can be read on another, from 1 to 21: as the Web Content Accessibility
    /// Guidelines reckon it.
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        0.2126 * self.light(16) + 0.7152 * self.light(8) + 0.0722 * self.light(0)
    }

    /// How much light one of the three parts gives, from 0 to 1: sRGB tells dark ones more finely.
    fn light(self, shift: u32) -> f64 {
        let share = f64::from((self.0 >> shift) & 0xFF) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "#{:06x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        // Known pairs: grey 767676 is the lightest that may be read on white.
        for (ink, paper, expected) in [
            ("#000000", "#FFFFFF", 21.0),
            ("#767676", "#ffffff", 4.54),
            ("#1F3864", "#FFFFFF", 11.62),
        ] {
            let [ink, paper] = [ink, paper].map(|text| Colour::parse(text).expect("a colour"));
            assert!((ink.contrast(paper) - expected).abs() < 0.01, "{expected}");
        }
    }

    #[test]
    fn a_colour_is_a_hash_and_six_digits() {
        assert_eq!(Colour::parse("#1F3864"), Some(Colour(0x001F_3864)));
        for wrong in ["1F3864", "#1F386", "#1F38644", "navy", "#+F3864", ""] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }
}
