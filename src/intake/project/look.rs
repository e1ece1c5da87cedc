//! The settings' `[look]`, read and checked: colours that can be read, a font that the rows are
//! measured for, a picture that says what it shows.

use std::path::Path;

use super::Look;
use crate::intake::read::{io_reason, near_file};
use crate::nouns::house::{Colour, Font, HouseStyle, Logo};
use crate::nouns::problem::{Problem, did_you_mean};

/// The least contrast of letters, as the Web Content Accessibility Guidelines ask (level AA).
const LEAST_CONTRAST: f64 = 4.5;
/// A picture at the head of a page is no photograph.
const LARGEST_LOGO: usize = 2 * 1024 * 1024;

/// How the council's papers look.
pub fn house_style(look: &Look, root: Option<&Path>, name: &str) -> Result<HouseStyle, Problem> {
    let usual = HouseStyle::default();
    let head = colour(look.head.as_deref(), "head", usual.head, name)?;
    let tint = colour(look.tint.as_deref(), "tint", usual.tint, name)?;
    readable(head, Colour::WHITE, "white letters on `head`", "a darker", name)?;
    readable(head, tint, "letters in `head` on `tint`", "a lighter tint, or a darker", name)?;
    Ok(HouseStyle { font: font(look, name)?, head, tint, logo: logo(look, root, name)? })
}

fn colour(text: Option<&str>, field: &str, usual: Colour, name: &str) -> Result<Colour, Problem> {
    let Some(text) = text else { return Ok(usual) };
    Colour::parse(text).ok_or_else(|| {
        Problem::usage(name, format!("`{field}` of [look] is no colour: `{text}`")).hint(format!(
            "write it as {field} = \"#1F3864\": red, green and blue, two digits each"
        ))
    })
}

fn readable(
    one: Colour,
    other: Colour,
    what: &str,
    choose: &str,
    name: &str,
) -> Result<(), Problem> {
    let contrast = one.contrast(other);
    if contrast >= LEAST_CONTRAST {
        return Ok(());
    }
    // Rounded down: 4.48 is no 4.5.
    let contrast = (contrast * 100.0).floor() / 100.0;
    let message =
        format!("the colours of [look] cannot be read: {what} have a contrast of {contrast}");
    Err(Problem::usage(name, message)
        .hint(format!("choose {choose} head colour: {LEAST_CONTRAST} to 1 is the least")))
}

fn font(look: &Look, name: &str) -> Result<Font, Problem> {
    let Some(text) = &look.font else { return Ok(HouseStyle::default().font) };
    let found = Font::ALL.into_iter().find(|font| font.name().eq_ignore_ascii_case(text.trim()));
    found.ok_or_else(|| {
        let names = Font::ALL.map(Font::name);
        let guess = did_you_mean(text, names);
        Problem::usage(name, format!("`font` of [look] cannot be `{text}`{guess}")).hint(format!(
            "fonts are {}: rows are as high as their letters need, and others are of other widths",
            names.join(", ")
        ))
    })
}

fn logo(look: &Look, root: Option<&Path>, name: &str) -> Result<Option<Logo>, Problem> {
    let Some(file) = &look.logo else { return Ok(None) };
    let alt = look.logo_alt.as_deref().map(str::trim).filter(|alt| !alt.is_empty());
    let Some(alt) = alt else {
        return Err(Problem::usage(
            name,
            "the logo of [look] has no words for those who do not see it",
        )
        .hint("say what it shows: logo_alt = \"Exampleton Council\""));
    };
    let path = root.unwrap_or(Path::new("")).join(file);
    let shown = path.display().to_string();
    let picture = std::fs::read(&path).map_err(|e| {
        let near =
            near_file(&path).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Problem::unreadable(&shown, format!("the logo cannot be read: {}{near}", io_reason(&e)))
            .hint("`logo` of [look] names a file from the project's folder")
    })?;
    match size(&picture).filter(|_| picture.len() <= LARGEST_LOGO) {
        Some(size) => Ok(Some(Logo { picture, size, alt: alt.to_string() })),
        None => Err(Problem::unreadable(&shown, "the logo is no PNG picture of up to 2 MB")
            .hint("save it as PNG, a few hundred pixels wide")),
    }
}

/// Width and height of a PNG picture: they stand behind its signature and the name of their part.
fn size(picture: &[u8]) -> Option<(u32, u32)> {
    let head = picture.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(..16)?;
    let number = |at: usize| head[at..at + 4].iter().fold(0, |n, byte| (n << 8) | u32::from(*byte));
    let size = (number(8), number(12));
    (head[4..8] == *b"IHDR" && size.0 > 0 && size.1 > 0).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(text: &str) -> Result<HouseStyle, Problem> {
        let look: Look = toml::from_str(text).expect("settings");
        house_style(&look, None, "rapporteur.toml")
    }

    #[test]
    fn colours_that_cannot_be_read_are_refused() {
        assert_eq!(look("").expect("the usual look"), HouseStyle::default());
        assert!(look("head = \"#00573F\"\ntint = \"#E3F1EC\"").is_ok());
        for (text, word) in [
            ("head = \"#FFCC00\"", "white letters"),
            // Never said to be as much as is asked for.
            ("head = \"#777777\"", "contrast of 4.47"),
            ("head = \"#595959\"\ntint = \"#808080\"", "on `tint`"),
            ("head = \"navy\"", "no colour"),
            ("font = \"Comic Sans\"", "cannot be `Comic Sans`"),
            ("logo = \"logo.png\"", "no words"),
            ("logo = \"logo.png\"\nlogo_alt = \"Exampleton\"", "cannot be read"),
        ] {
            let message = look(text).expect_err(text).message;
            assert!(message.contains(word), "{message}");
        }
    }

    #[test]
    fn a_png_says_its_size() {
        let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x2c\0\0\0\x64".to_vec();
        assert_eq!(size(&picture), Some((300, 100)));
        picture.truncate(20);
        assert_eq!(size(&picture), None);
    }
}
