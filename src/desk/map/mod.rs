//! Proposing what a council's own headings and words mean: from what they are called, from what the
//! cells hold, and from the keys that lists share. Nothing is read by a proposal; an officer or
//! analyst takes it into the settings.

mod likeness;
mod profile;
mod settings;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::definitions::{Column, ColumnType, ColumnWords, Declarations, List, Words, plain};
use crate::intake::read::{Sheet, Source};
use crate::intake::returns::{Found, TypedSheet, find_lists};
use crate::nouns::problem::Place;
use likeness::likeness;
use profile::Profile;
pub use settings::{with_choices, with_proposal};

/// How sure a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// Somebody must say.
    Unsure,
    /// Have a look.
    Likely,
    /// Name and contents agree.
    Sure,
}

impl Sure {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            Sure::Sure => "sure",
            Sure::Likely => "likely",
            Sure::Unsure => "unsure",
        }
    }

    fn of(score: f64) -> Option<Sure> {
        match score {
            s if s >= 0.8 => Some(Sure::Sure),
            s if s >= 0.62 => Some(Sure::Likely),
            s if s >= 0.5 => Some(Sure::Unsure),
            _ => None,
        }
    }
}

/// A column of a list, and the heading that may be it.
#[derive(Debug, Clone)]
pub struct ColumnProposal {
    /// The column.
    pub column: String,
    /// The council's heading.
    pub heading: String,
    /// Where the heading stands.
    pub at: Place,
    /// How sure.
    pub sure: Sure,
    /// Whether it is read so already: by its name, or by the settings.
    pub known: bool,
}

/// A word of a column of codes, and the code that it may mean.
#[derive(Debug, Clone)]
pub struct WordProposal {
    /// The column.
    pub column: String,
    /// The council's word.
    pub word: String,
    /// How many rows hold it.
    pub rows: usize,
    /// The code and what it means, and how sure; none where nothing is like it.
    pub code: Option<(String, String, Sure)>,
}

/// A list that a sheet may hold.
#[derive(Debug, Clone)]
pub struct ListProposal {
    /// The list, by its name in scripts.
    pub list: String,
    /// Its title.
    pub title: String,
    /// Where the sheet is.
    pub sheet: Place,
    /// Its columns that were found.
    pub columns: Vec<ColumnProposal>,
    /// Columns that the list must have and that nothing looks like.
    pub missing: Vec<String>,
    /// What columns are called in plain words, by column, where `rap.words` says so.
    pub called: BTreeMap<String, String>,
    /// All headings of the sheet.
    pub headings: Vec<String>,
    /// Words that are no codes.
    pub words: Vec<WordProposal>,
    /// How many other words stand in one row each: they may name somebody, so they are not told.
    pub rare_words: usize,
}

/// What is proposed for everything that was read.
#[derive(Debug, Clone, Default)]
pub struct Proposal {
    /// The lists, sheet by sheet.
    pub lists: Vec<ListProposal>,
    /// Sheets that no list looks like.
    pub unknown: Vec<Place>,
}

impl ListProposal {
    fn of_headings(mut self, profiles: &[Profile]) -> ListProposal {
        self.headings = profiles.iter().map(|profile| profile.heading.clone()).collect();
        self
    }
}

impl Proposal {
    /// Looks at every sheet that is no management sheet.
    pub fn of(sources: &[Source], declared: &Declarations) -> Proposal {
        let mut proposal = Proposal::default();
        for sheet in sources.iter().flat_map(|source| &source.sheets) {
            if sheet.is_empty() || sheet.hidden || is_management(sheet) {
                continue;
            }
            let lists = of_sheet(sheet, declared);
            if lists.is_empty() {
                proposal.unknown.push(sheet.place.clone());
            }
            proposal.lists.extend(lists);
        }
        proposal
    }

    /// Whether there is anything that the settings do not say yet.
    pub fn is_new(&self) -> bool {
        self.lists.iter().any(|list| {
            list.columns.iter().any(|c| !c.known) || list.words.iter().any(|w| w.code.is_some())
        })
    }
}

fn is_management(sheet: &Sheet) -> bool {
    TypedSheet::of(sheet).is_some()
}

fn of_sheet(sheet: &Sheet, declared: &Declarations) -> Vec<ListProposal> {
    let known = find_lists(sheet, declared);
    if !known.is_empty() {
        let profiles = profile::below(sheet, known[0].header_row);
        let lists = known.iter().map(|found| completed(sheet, declared, found, &profiles));
        return lists.map(|list| list.of_headings(&profiles)).collect();
    }
    let Some((header, profiles)) = profile::header(sheet) else { return Vec::new() };
    let mut fits: Vec<Fit> = declared
        .lists
        .values()
        .filter_map(|list| fit(list, declared.words.get(&list.name), &profiles))
        .collect();
    fits.sort_by(|a, b| b.score.total_cmp(&a.score));
    // A list that has no heading of its own is only a shadow of one that fits better.
    let mut taken: HashSet<u16> = HashSet::new();
    fits.retain(|fit| {
        let own = fit.pairs.iter().filter(|pair| !taken.contains(&pair.profile.col)).count();
        let keep = own * 2 > fit.pairs.len();
        if keep {
            taken.extend(fit.pairs.iter().map(|pair| pair.profile.col));
        }
        keep
    });
    fits.into_iter()
        .map(|fit| {
            let columns = fit
                .pairs
                .iter()
                .map(|pair| proposed(sheet, header, pair.column, pair.profile, pair.sure, false));
            let columns = columns.collect();
            let pairs = fit.pairs.iter().map(|pair| (pair.column, pair.profile)).collect();
            finished(sheet, declared, fit.list, columns, pairs).of_headings(&profiles)
        })
        .collect()
}

/// A list that is read already: columns that it lacks may go by other headings.
fn completed(
    sheet: &Sheet,
    declared: &Declarations,
    found: &Found,
    profiles: &[Profile],
) -> ListProposal {
    let list = &declared.lists[&found.list];
    let at = |col: u16| profiles.iter().find(|p| p.col == col);
    let read = list.columns.iter().zip(&found.columns);
    let read: Vec<(&Column, &Profile)> =
        read.filter_map(|(column, col)| Some((column, at((*col)?)?))).collect();
    let lacking = list.columns.iter().zip(&found.columns).filter(|(_, col)| col.is_none());
    let lacking: Vec<&Column> = lacking.map(|(column, _)| column).collect();
    let free: Vec<&Profile> =
        profiles.iter().filter(|p| !found.columns.contains(&Some(p.col))).collect();
    let more = pairs(&list.key, declared.words.get(&list.name), &lacking, &free);
    let known = read.iter().map(|(column, profile)| {
        proposed(sheet, found.header_row, column, profile, Sure::Sure, true)
    });
    let new = more
        .iter()
        .map(|pair| proposed(sheet, found.header_row, pair.column, pair.profile, pair.sure, false));
    let mut columns: Vec<ColumnProposal> = known.chain(new).collect();
    columns.sort_by_key(|c| list.column(&c.column));
    let all = read.into_iter().chain(more.iter().map(|pair| (pair.column, pair.profile)));
    finished(sheet, declared, list, columns, all.collect())
}

fn proposed(
    sheet: &Sheet,
    header: u32,
    column: &Column,
    profile: &Profile,
    sure: Sure,
    known: bool,
) -> ColumnProposal {
    ColumnProposal {
        column: column.name.clone(),
        heading: profile.heading.clone(),
        at: sheet.place.at(header, profile.col),
        sure,
        known,
    }
}

fn finished(
    sheet: &Sheet,
    declared: &Declarations,
    list: &List,
    columns: Vec<ColumnProposal>,
    pairs: Vec<(&Column, &Profile)>,
) -> ListProposal {
    let has = |name: &str| columns.iter().any(|c| c.column == name);
    let missing = list.columns.iter().filter(|c| !c.optional && !has(&c.name));
    let missing = missing.map(|c| c.name.clone()).collect();
    let said = declared.words.get(&list.name);
    let (mut words, mut rare_words) = (Vec::new(), 0);
    for (column, profile) in pairs {
        let like = said.and_then(|w| w.columns.get(&column.name));
        let (told, rare) = of_words(column, like, profile);
        words.extend(told);
        rare_words += rare;
    }
    ListProposal {
        list: list.name.clone(),
        title: list.title.clone(),
        sheet: sheet.place.clone(),
        columns,
        missing,
        called: said.map(Words::plain_names).unwrap_or_default(),
        headings: Vec::new(),
        words,
        rare_words,
    }
}

/// A column of a list, and the column of the sheet that is most like it.
struct Pair<'a> {
    column: &'a Column,
    profile: &'a Profile,
    score: f64,
    sure: Sure,
}

/// How a list fits a sheet.
struct Fit<'a> {
    list: &'a List,
    pairs: Vec<Pair<'a>>,
    score: f64,
}

/// The best pairs of columns of a list and of a sheet, each in one pair at most.
fn pairs<'a>(
    key: &str,
    words: Option<&Words>,
    columns: &[&'a Column],
    profiles: &[&'a Profile],
) -> Vec<Pair<'a>> {
    let mut pairs: Vec<Pair> = Vec::new();
    for column in columns {
        let like = words.and_then(|words| words.columns.get(&column.name));
        for profile in profiles {
            let score = alike(column, like, column.name == key, profile);
            if let Some(sure) = Sure::of(score) {
                pairs.push(Pair { column, profile, score, sure });
            }
        }
    }
    pairs.sort_by(|a, b| b.score.total_cmp(&a.score));
    let (mut named, mut placed) = (HashSet::new(), HashSet::new());
    pairs.retain(|pair| {
        let free = !named.contains(&pair.column.name) && !placed.contains(&pair.profile.col);
        if free {
            named.insert(&pair.column.name);
            placed.insert(pair.profile.col);
        }
        free
    });
    pairs
}

/// How a list fits a sheet; not at all where the key, or most of what the list must have, is not
/// there.
fn fit<'a>(list: &'a List, words: Option<&Words>, profiles: &'a [Profile]) -> Option<Fit<'a>> {
    let columns: Vec<&Column> = list.columns.iter().collect();
    let profiles: Vec<&Profile> = profiles.iter().collect();
    let mut pairs = pairs(&list.key, words, &columns, &profiles);
    let named: HashSet<&String> = pairs.iter().map(|pair| &pair.column.name).collect();
    let found = |column: &&Column| named.contains(&column.name);
    let required: Vec<&Column> = list.columns.iter().filter(|c| c.required).collect();
    let usual: Vec<&Column> = list.columns.iter().filter(|c| !c.optional).collect();
    let all_required = required.iter().filter(|c| found(c)).count() == required.len();
    let enough = usual.iter().filter(|c| found(c)).count() * 2 >= usual.len();
    if !named.contains(&list.key) || !all_required || !enough || pairs.len() < 2 {
        return None;
    }
    pairs.sort_by_key(|pair| list.column(&pair.column.name));
    let score = pairs.iter().map(|pair| pair.score).sum();
    Some(Fit { list, pairs, score })
}

/// How much a column of a sheet is like one of a list: by its heading and by what it holds.
fn alike(column: &Column, like: Option<&ColumnWords>, is_key: bool, profile: &Profile) -> f64 {
    let headings = like.into_iter().flat_map(|like| &like.headings);
    let names = std::iter::once(&column.name).chain(&column.also).chain(headings);
    let by_name = names.map(|name| likeness(name, &profile.heading)).fold(0.0, f64::max);
    let by_words = 0.7 * likeness::share(&profile.heading, &column.description);
    let name = by_name.max(by_words);
    let contents = contents(column, like, is_key, profile);
    if contents < 0.5 {
        return 0.0;
    }
    // Codes are told by themselves where nearly all of what stands there is a code.
    let telling = matches!(column.kind, ColumnType::Codes(_)) && profile.distinct() > 2;
    let by_contents = if telling && contents > 0.95 && name > 0.2 { 0.66 } else { 0.0 };
    (0.65 * name + 0.35 * contents).max(by_contents) * if name < 0.2 { 0.5 } else { 1.0 }
}

/// Whether a word means a code of a column: it is a word for one, or like one.
fn is_word_of(column: &Column, like: Option<&ColumnWords>, word: &str) -> bool {
    column.words.contains_key(&plain(word)) || best_code(column, like, word).is_some()
}

/// How well what stands in a column of a sheet is what the column of a list holds, from 0 to 1.
fn contents(column: &Column, like: Option<&ColumnWords>, is_key: bool, profile: &Profile) -> f64 {
    if profile.filled == 0 {
        return if column.required { 0.0 } else { 0.6 };
    }
    let filled = profile.filled as f64;
    let full = profile.filled as f64 / profile.rows.max(1) as f64;
    if column.required && full < 0.8 {
        return 0.0;
    }
    match &column.kind {
        ColumnType::Date => profile.days as f64 / filled,
        ColumnType::Number { .. } | ColumnType::Percentage => profile.numbers as f64 / filled,
        ColumnType::Codes(codes) => {
            let all: usize = profile.words.values().sum();
            let known = profile.words.iter().filter(|(word, _)| {
                codes.contains_key(&word.to_uppercase()) || is_word_of(column, like, word)
            });
            let those: usize = known.map(|(_, n)| n).sum();
            if profile.days > 0 || all == 0 { 0.0 } else { those as f64 / all as f64 }
        }
        // A key says who a row is about: many different ones, and no days.
        ColumnType::Id if is_key => {
            let several = profile.distinct() as f64 / filled;
            if profile.days > 0 || several < 0.05 { 0.0 } else { 0.8 + 0.2 * several.min(1.0) }
        }
        ColumnType::Id | ColumnType::Text | ColumnType::Quarter => {
            if profile.days > 0 {
                0.0
            } else {
                0.75
            }
        }
    }
}

/// What a column's words that are no codes may mean.
fn of_words(
    column: &Column,
    like: Option<&ColumnWords>,
    profile: &Profile,
) -> (Vec<WordProposal>, usize) {
    let ColumnType::Codes(codes) = &column.kind else { return (Vec::new(), 0) };
    let mut told = Vec::new();
    let mut rare = 0;
    let mut words: Vec<(&String, &usize)> = profile.words.iter().collect();
    words.sort();
    for (word, rows) in words {
        if codes.contains_key(&word.to_uppercase()) || column.words.contains_key(&plain(word)) {
            continue;
        }
        let code = best_code(column, like, word);
        if code.is_none() && *rows == 1 {
            rare += 1;
            continue;
        }
        let column = column.name.clone();
        told.push(WordProposal { column, word: word.clone(), rows: *rows, code });
    }
    (told, rare)
}

/// The code whose meaning a word is most like, where one is clearly the most like.
fn best_code(
    column: &Column,
    like: Option<&ColumnWords>,
    word: &str,
) -> Option<(String, String, Sure)> {
    let ColumnType::Codes(codes) = &column.kind else { return None };
    let others = |code: &String| like.and_then(|like| like.codes.get(code)).into_iter().flatten();
    let mut scores: HashMap<&String, f64> = HashMap::new();
    for (name, code) in codes {
        let names = std::iter::once(&code.meaning).chain(others(name));
        let score = names.map(|name| likeness(name, word)).fold(0.0, f64::max);
        scores.insert(name, score);
    }
    // Of codes of one meaning, the one that scripts have words for is the one in use.
    let rank = |code: &String| (scores[code], others(code).count() > 0);
    let best = codes.keys().max_by(|a, b| {
        let ((one, words), (other, its)) = (rank(a), rank(b));
        one.total_cmp(&other).then(words.cmp(&its)).then(b.cmp(a))
    })?;
    let meant = &codes[best].meaning;
    let rivals = codes.iter().filter(|(name, code)| *name != best && code.meaning != *meant);
    let second = rivals.map(|(name, _)| scores[name]).fold(0.0, f64::max);
    let sure = Sure::of(scores[best])?;
    // A council's word means what its people mean by it: only the meaning itself is sure.
    let sure = match () {
        () if plain(meant) == plain(word) => Sure::Sure,
        () if scores[best] >= 0.999 || scores[best] - second >= 0.08 => sure.min(Sure::Likely),
        () => Sure::Unsure,
    };
    Some((best.clone(), meant.clone(), sure))
}
