//! Code pages: what the bytes of texts meant before there was Unicode. Excel 5 and 95 wrote them
//! so.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// How texts of bytes are read.
#[derive(Debug, Clone, Copy)]
pub enum CodePage {
    /// As an encoding of the web, which the Windows pages are.
    Web(&'static Encoding),
    /// As ASCII with these characters from 128 on.
    Upper(&'static str),
}

/// What DOS wrote in the United States, and in western Europe.
const DOS_437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";
const DOS_850: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

impl CodePage {
    /// The page of a number, as a workbook names it; none where it is not known here.
    pub fn numbered(number: u16) -> Option<Self> {
        let label = match number {
            437 => return Some(CodePage::Upper(DOS_437)),
            850 | 858 => return Some(CodePage::Upper(DOS_850)),
            367 | 20127 | 32769 => "windows-1252",
            866 => "ibm866",
            874 => "windows-874",
            932 | 10001 => "shift_jis",
            936 | 10008 => "gbk",
            949 | 10003 => "euc-kr",
            950 | 10002 => "big5",
            1250..=1258 => return web(&format!("windows-{number}")),
            10000 | 32768 => "macintosh",
            10007 => "x-mac-cyrillic",
            20866 => "koi8-r",
            21866 => "koi8-u",
            28592..=28608 => return web(&format!("iso-8859-{}", number - 28590)),
            28591 => "windows-1252",
            65001 => "utf-8",
            _ => return None,
        };
        web(label)
    }

    /// The page of a workbook that names none, or one that is not known.
    pub fn western() -> Self {
        CodePage::Web(encoding_rs::WINDOWS_1252)
    }

    /// The text of bytes.
    pub fn decode<'b>(&self, bytes: &'b [u8]) -> Cow<'b, str> {
        match self {
            CodePage::Web(encoding) => encoding.decode_without_bom_handling(bytes).0,
            CodePage::Upper(upper) => bytes.iter().map(|byte| above(upper, *byte)).collect(),
        }
    }
}

fn web(label: &str) -> Option<CodePage> {
    Encoding::for_label(label.as_bytes()).map(CodePage::Web)
}

fn above(upper: &str, byte: u8) -> char {
    let nth = usize::from(byte).checked_sub(128);
    nth.map_or(char::from(byte), |nth| {
        upper.chars().nth(nth).unwrap_or(char::REPLACEMENT_CHARACTER)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_in_each_page() {
        let pages: [(u16, &[u8]); 6] = [
            (437, b"Zo\x89"),
            (850, b"Zo\x89"),
            (1252, b"Zo\xeb"),
            (10000, b"Zo\x91"),
            (28605, b"Zo\xeb"),
            (65001, b"Zo\xc3\xab"),
        ];
        for (number, bytes) in pages {
            let page = CodePage::numbered(number).expect("known");
            assert_eq!(page.decode(bytes), "Zo\u{eb}", "{number}");
        }
        assert!(CodePage::numbered(12).is_none());
        for upper in [DOS_437, DOS_850] {
            assert_eq!(upper.chars().count(), 128);
        }
    }
}
