//! XML as it comes: what is not well-formed, or is no part of a document of data, is damage.
//!
//! A national return has two hundred megabytes of it, so the reader is our own: it looks at each
//! byte once and sets nothing aside but the piece that it gives.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr3, memmem, memrchr};

use super::parts::limit_passed;
use super::told::DamagePlace;
use crate::nouns::problem::Problem;

/// No document that is read here nests its elements so deep.
const DEEPEST: usize = 256;
/// No tag is so long: the longest hold a formula or a name.
const LONGEST_TAG: usize = 1 << 20;
/// Of so few attributes each is held against each.
const FEW_ATTRIBUTES: usize = 8;
/// No element that is read here has so many.
const MOST_ATTRIBUTES: usize = 64;
/// So much is read at once; a longer text comes in pieces.
const AT_ONCE: usize = 1 << 17;

/// What comes next in a document.
pub enum Token<'b> {
    /// An element begins; an empty one ends at once.
    Open(Tag<'b>),
    /// The element that began last and has not ended ends.
    Close,
    /// Some text; a text may come in several pieces.
    Text(Cow<'b, str>),
    /// The document ends.
    End,
}

/// The beginning of an element.
pub struct Tag<'b> {
    name: &'b str,
    inside: &'b [u8],
    told: &'b DamagePlace,
}

impl<'b> Tag<'b> {
    /// Its name without a prefix.
    pub fn local_name(&self) -> &'b str {
        self.name.rsplit_once(':').map_or(self.name, |(_, local)| local)
    }

    /// Its attributes, by their names as they are written.
    pub fn attributes(
        &self,
    ) -> impl Iterator<Item = Result<(&'b str, Cow<'b, str>), Problem>> + use<'b> {
        let (inside, told) = (self.inside, self.told);
        let malformed = move || told.damaged("an attribute is not well-formed");
        raw_attributes(inside).enumerate().map(move |(at, attribute)| {
            let (name, value) = attribute.ok_or_else(malformed)?;
            let mut before = raw_attributes(inside).take(at.min(FEW_ATTRIBUTES)).flatten();
            let twice = before.any(|(earlier, _)| earlier == name)
                || (at == FEW_ATTRIBUTES && repeats(inside))
                || at == MOST_ATTRIBUTES;
            if twice {
                return Err(malformed());
            }
            let name = std::str::from_utf8(name).map_err(|_| malformed())?;
            let mut value = text_of(value).map_err(|what| told.damaged(what))?;
            if value.contains(['\n', '\t']) {
                value = value.replace(['\n', '\t'], " ").into();
            }
            Ok((name, value))
        })
    }
}

/// Whether a name stands in a tag twice.
fn repeats(inside: &[u8]) -> bool {
    let all = raw_attributes(inside).flatten().take(MOST_ATTRIBUTES);
    let mut names: Vec<&[u8]> = all.map(|(name, _)| name).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
}

/// The attributes of a tag as they are written: a name and what stands in its quotation marks;
/// nothing where they are not well-formed.
fn raw_attributes(inside: &[u8]) -> impl Iterator<Item = Option<(&[u8], &[u8])>> {
    let mut rest = inside;
    let mut failed = false;
    std::iter::from_fn(move || {
        rest = rest.trim_ascii_start();
        if rest.is_empty() || failed {
            return None;
        }
        let attribute = raw_attribute(rest);
        match attribute {
            Some((.., behind)) => rest = behind,
            None => failed = true,
        }
        Some(attribute.map(|(name, value, _)| (name, value)))
    })
}

/// The first attribute, and what follows it: a blank, or the tag's end.
fn raw_attribute(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let equals = memchr(b'=', text)?;
    let name = text[..equals].trim_ascii_end();
    if name.is_empty() || name.iter().any(u8::is_ascii_whitespace) {
        return None;
    }
    let (quote, value) = text[equals + 1..].trim_ascii_start().split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let end = memchr(*quote, value)?;
    let behind = &value[end + 1..];
    let apart = behind.first().is_none_or(u8::is_ascii_whitespace);
    apart.then_some((name, &value[..end], behind))
}

/// Where a piece of the document lies, counted from where the reader stands.
enum Piece {
    Open { name: usize, inside: usize },
    Close,
    Text(usize),
    Verbatim { from: usize, to: usize },
    End,
}

/// A document while it is read.
pub struct Xml<R> {
    source: R,
    /// What turns the document's letters into UTF-8, where they are none.
    decoder: Option<Decoder>,
    buffer: Vec<u8>,
    /// What of the buffer was not given yet.
    at: usize,
    end: usize,
    /// How much of the buffer the last piece took.
    given: usize,
    source_ended: bool,
    /// The names of the elements that are open, one behind another, and how long each is.
    open: Vec<u8>,
    lengths: Vec<usize>,
    /// An empty element ends with the next piece.
    empty: bool,
    begun: bool,
    /// What it is.
    told: DamagePlace,
}

impl<R: Read> Xml<R> {
    /// Begins to read a document: a file, or a part of one.
    pub fn new(told: DamagePlace, source: R) -> Result<Self, Problem> {
        let mut xml = Xml {
            source,
            decoder: None,
            buffer: vec![0; AT_ONCE / 16],
            at: 0,
            end: 0,
            given: 0,
            source_ended: false,
            open: Vec::new(),
            lengths: Vec::new(),
            empty: false,
            begun: false,
            told,
        };
        while xml.end < 128 && xml.more()? {}
        let Some(encoding) = encoding_of(&xml.buffer[..xml.end]) else {
            return Err(xml.damaged("its letters are in a code that is not known"));
        };
        if encoding == UTF_8 {
            xml.at = if xml.buffer[..xml.end].starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        } else {
            let begin = xml.buffer[..xml.end].to_vec();
            xml.end = 0;
            xml.decoder = Some(encoding.new_decoder_with_bom_removal());
            xml.decode(&begin)?;
        }
        Ok(xml)
    }

    /// Reads on.
    pub fn next(&mut self) -> Result<Token<'_>, Problem> {
        let piece = self.piece()?;
        let told = &self.told;
        let bytes = &self.buffer[self.at - self.given..self.at];
        Ok(match piece {
            Piece::End => Token::End,
            Piece::Close => Token::Close,
            Piece::Open { name, inside } => {
                let name = std::str::from_utf8(&bytes[1..name])
                    .map_err(|_| told.damaged("an element has no proper name"))?;
                let inside = &bytes[1 + name.len()..inside];
                Token::Open(Tag { name, inside, told })
            }
            Piece::Text(length) => {
                Token::Text(text_of(&bytes[..length]).map_err(|what| told.damaged(what))?)
            }
            Piece::Verbatim { from, to } => Token::Text(
                lines_of(&bytes[from..to]).ok_or_else(|| told.damaged("a text is not in UTF-8"))?,
            ),
        })
    }

    /// Passes over the element that has just begun.
    pub fn skip(&mut self) -> Result<(), Problem> {
        let outside = self.lengths.len() - 1;
        while self.lengths.len() > outside {
            self.piece()?;
        }
        Ok(())
    }

    /// Damage here.
    pub fn damaged(&self, what: &str) -> Problem {
        self.told.damaged(what)
    }

    /// How deep the reader stands: how many elements are open.
    pub fn depth(&self) -> usize {
        self.lengths.len()
    }

    /// What lies ahead, so far as it is here: a good part of a row at least, where there is so
    /// much. Nothing while an empty element has not ended.
    pub fn ahead(&mut self) -> Result<&[u8], Problem> {
        if self.end - self.at < AT_ONCE / 8 && !self.source_ended {
            self.more()?;
        }
        Ok(if self.empty { &[] } else { &self.buffer[self.at..self.end] })
    }

    /// Passes over whole elements that were read out of [`Xml::ahead`].
    pub fn pass(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// The next piece; the reader stands behind it.
    fn piece(&mut self) -> Result<Piece, Problem> {
        self.given = 0;
        if self.empty {
            self.empty = false;
            self.leave();
            return Ok(Piece::Close);
        }
        loop {
            if self.at == self.end && !self.more()? {
                if !self.lengths.is_empty() || !self.begun {
                    return Err(self.damaged("it ends too early"));
                }
                return Ok(Piece::End);
            }
            if self.buffer[self.at] != b'<' {
                let length = self.text_ahead()?;
                if !self.lengths.is_empty() {
                    return Ok(self.give(length, Piece::Text(length)));
                }
                if !self.buffer[self.at..self.at + length].trim_ascii().is_empty() {
                    return Err(self.damaged("something stands outside its elements"));
                }
                self.at += length;
                continue;
            }
            while self.end - self.at < 9 && self.more()? {}
            match &self.buffer[self.at + 1..self.end] {
                [b'/', ..] => return self.close(),
                [b'?', ..] => {
                    let end = self.until(2, b"?>")?;
                    self.at += end + 2;
                }
                [b'!', b'-', b'-', ..] => {
                    let end = self.until(4, b"-->")?;
                    self.at += end + 3;
                }
                [b'!', rest @ ..] if rest.starts_with(b"[CDATA[") && !self.lengths.is_empty() => {
                    let to = self.until(9, b"]]>")?;
                    return Ok(self.give(to + 3, Piece::Verbatim { from: 9, to }));
                }
                [b'!', ..] => return Err(self.told.document_type()),
                _ => return self.open(),
            }
        }
    }

    fn give(&mut self, length: usize, piece: Piece) -> Piece {
        self.at += length;
        self.given = length;
        piece
    }

    /// An element begins.
    fn open(&mut self) -> Result<Piece, Problem> {
        if self.lengths.is_empty() && self.begun {
            return Err(self.damaged("something follows its end"));
        }
        let end = self.tag_end()?;
        let tag = &self.buffer[self.at..self.at + end];
        let empty = tag.last() == Some(&b'/');
        let inside = if empty { end - 1 } else { end };
        let name = tag[..inside].iter().position(u8::is_ascii_whitespace).unwrap_or(inside);
        let letter = |b: &u8| b.is_ascii_alphabetic() || *b == b'_' || *b >= 0x80;
        if !tag[1..name].first().is_some_and(letter) || memchr(b'<', &tag[1..]).is_some() {
            return Err(self.damaged("a tag is not well-formed"));
        }
        if self.lengths.len() == DEEPEST {
            return Err(self.damaged("its elements are nested too deep"));
        }
        self.open.extend_from_slice(&tag[1..name]);
        self.lengths.push(name - 1);
        (self.begun, self.empty) = (true, empty);
        Ok(self.give(end + 1, Piece::Open { name, inside }))
    }

    /// An element ends: the one that began last.
    fn close(&mut self) -> Result<Piece, Problem> {
        let end = self.until(2, b">")?;
        let name = self.buffer[self.at + 2..self.at + end].trim_ascii_end();
        let open = self.lengths.last().map(|length| &self.open[self.open.len() - length..]);
        if open != Some(name) {
            return Err(self.damaged("its tags do not match"));
        }
        self.leave();
        Ok(self.give(end + 1, Piece::Close))
    }

    fn leave(&mut self) {
        let length = self.lengths.pop().expect("an element was open");
        self.open.truncate(self.open.len() - length);
    }

    /// How far the text ahead reaches, or so much of it as is given at once. It is not cut within
    /// a letter, a reference or a line break.
    fn text_ahead(&mut self) -> Result<usize, Problem> {
        let mut looked = 0;
        loop {
            let text = &self.buffer[self.at..self.end];
            if let Some(length) = memchr(b'<', &text[looked..]) {
                return Ok(looked + length);
            }
            looked = text.len();
            if looked >= AT_ONCE / 2 {
                let last = &text[looked - 16..];
                let reference =
                    memrchr(b'&', last).filter(|at| memchr(b';', &last[*at..]).is_none());
                let letter = last.iter().rposition(|b| *b < 0x80 && *b != b'\r').map(|at| at + 1);
                let keep = reference.or(letter).unwrap_or(last.len());
                return Ok(looked - 16 + keep);
            }
            if !self.more()? {
                return Ok(looked);
            }
        }
    }

    /// Where the tag ahead ends: at `>`, but within quotation marks.
    fn tag_end(&mut self) -> Result<usize, Problem> {
        let (mut looked, mut quote) = (1, None);
        loop {
            let rest = &self.buffer[self.at + looked..self.end];
            let found = match quote {
                None => memchr3(b'>', b'"', b'\'', rest),
                Some(quote) => memchr(quote, rest),
            };
            match found {
                Some(at) if quote.is_none() && rest[at] == b'>' => return Ok(looked + at),
                Some(at) => {
                    quote = if quote.is_some() { None } else { Some(rest[at]) };
                    looked += at + 1;
                }
                None => {
                    looked = self.end - self.at;
                    self.need_more(looked)?;
                }
            }
        }
    }

    /// Where the mark is that something ends with.
    fn until(&mut self, from: usize, mark: &[u8]) -> Result<usize, Problem> {
        let mut looked = from;
        loop {
            let rest = &self.buffer[(self.at + looked).min(self.end)..self.end];
            if let Some(at) = memmem::find(rest, mark) {
                return Ok(looked + at);
            }
            looked = looked.max((self.end - self.at).saturating_sub(mark.len() - 1));
            self.need_more(looked)?;
        }
    }

    fn need_more(&mut self, looked: usize) -> Result<(), Problem> {
        if looked > LONGEST_TAG {
            return Err(self.damaged("a tag is longer than any can be"));
        }
        if self.more()? { Ok(()) } else { Err(self.damaged("it ends too early")) }
    }

    /// Reads more behind what is here; nothing where there is no more.
    fn more(&mut self) -> Result<bool, Problem> {
        if self.source_ended {
            return Ok(false);
        }
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.end, 0);
            (self.at, self.end) = (0, self.end - self.at);
        }
        // Most parts are small; of a large one much is read at once.
        if self.buffer.len() < AT_ONCE || self.buffer.len() - self.end < AT_ONCE / 2 {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        if self.decoder.is_some() {
            return self.more_decoded();
        }
        let read = self.source.read(&mut self.buffer[self.end..]);
        let read = read.map_err(|error| self.unreadable(&error))?;
        self.end += read;
        self.source_ended = read == 0;
        Ok(read > 0)
    }

    /// The same, where the letters are in another code.
    fn more_decoded(&mut self) -> Result<bool, Problem> {
        let mut coded = vec![0; AT_ONCE / 8];
        let before = self.end;
        while self.end == before && !self.source_ended {
            let read = self.source.read(&mut coded);
            let read = read.map_err(|error| self.unreadable(&error))?;
            self.source_ended = read == 0;
            self.decode(&coded[..read])?;
        }
        Ok(self.end > before)
    }

    /// Puts letters of another code behind what is here.
    fn decode(&mut self, coded: &[u8]) -> Result<(), Problem> {
        let decoder = self.decoder.as_mut().expect("it is asked for where there is one");
        let room = decoder.max_utf8_buffer_length(coded.len()).unwrap_or(coded.len() * 3 + 16);
        self.buffer.resize(self.buffer.len().max(self.end + room), 0);
        let free = &mut self.buffer[self.end..];
        let (.., written, damage) = decoder.decode_to_utf8(coded, free, self.source_ended);
        self.end += written;
        if damage {
            return Err(self.damaged("a text is not in the code that it says it is in"));
        }
        Ok(())
    }

    fn unreadable(&self, error: &std::io::Error) -> Problem {
        limit_passed(error).unwrap_or_else(|| self.told.unreadable())
    }
}

/// The code of a document's letters: what its first bytes say, or its declaration. A declaration
/// whose letters are of one byte each cannot be in UTF-16, whatever it says: programs put down what
/// a text in memory is in.
fn encoding_of(begin: &[u8]) -> Option<&'static Encoding> {
    match begin {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => return Some(UTF_16LE),
        [0xfe, 0xff, ..] | [0, b'<', ..] => return Some(UTF_16BE),
        [0xef, 0xbb, 0xbf, ..] => return Some(UTF_8),
        _ => {}
    }
    let Some(rest) = begin.strip_prefix(b"<?xml") else { return Some(UTF_8) };
    let declaration = &rest[..memmem::find(rest, b"?>").unwrap_or(rest.len())];
    let named = raw_attributes(declaration).flatten().find(|(name, _)| *name == b"encoding");
    let named = named.map_or(Some(UTF_8), |(_, label)| Encoding::for_label(label));
    named.map(|encoding| if encoding.is_ascii_compatible() { encoding } else { UTF_8 })
}

/// A text with its references as the letters that they stand for.
fn text_of(text: &[u8]) -> Result<Cow<'_, str>, &'static str> {
    let plain = lines_of(text).ok_or("a text is not in UTF-8")?;
    let Some(first) = memchr(b'&', plain.as_bytes()) else { return Ok(plain) };
    let mut all = plain[..first].to_string();
    let mut rest = &plain[first..];
    while let Some(reference) = rest.strip_prefix('&') {
        let (name, behind) =
            reference.split_once(';').ok_or("a letter has a name that is not known")?;
        all.push(letter_named(name).ok_or("a letter has a name that is not known")?);
        let next = memchr(b'&', behind.as_bytes()).unwrap_or(behind.len());
        all.push_str(&behind[..next]);
        rest = &behind[next..];
    }
    Ok(all.into())
}

/// A text whose lines end as XML has it: with one letter.
fn lines_of(text: &[u8]) -> Option<Cow<'_, str>> {
    let text = std::str::from_utf8(text).ok()?;
    Some(match memchr(b'\r', text.as_bytes()) {
        None => text.into(),
        Some(_) => text.replace("\r\n", "\n").replace('\r', "\n").into(),
    })
}

/// The letter that a reference stands for.
fn letter_named(name: &str) -> Option<char> {
    let number = match name {
        "amp" => return Some('&'),
        "lt" => return Some('<'),
        "gt" => return Some('>'),
        "quot" => return Some('"'),
        "apos" => return Some('\''),
        _ => name.strip_prefix('#')?,
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
    let code = all_digits.then(|| u32::from_str_radix(digits, radix).ok()).flatten()?;
    char::from_u32(code).filter(|letter| *letter != '\0')
}
