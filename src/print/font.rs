//! The fonts of printed pages, and which characters they have. See data/PROVENANCE.toml for where they come from.
//!
//! Roboto (regular and bold) for Latin, Greek and Cyrillic; Droid Sans Fallback for Chinese and Japanese. Characters
//! stand one beside the other as the fonts measure them: no kerning, no ligatures, no joining.

use super::PrintError;
use flate2::read::GzDecoder;
use icu_normalizer::ComposingNormalizerBorrowed;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::{FontRef, MetadataProvider};
use std::io::Read;
use std::sync::LazyLock;

/// How heavy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For finding.
    Bold,
}

/// A font that is read.
struct Face {
    font: Font,
    charmap: Charmap<'static>,
    outlines: OutlineGlyphCollection<'static>,
    metrics: GlyphMetrics<'static>,
}

static REGULAR_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| unpacked(include_bytes!("../../data/fonts/roboto-regular.ttf.gz")));
static BOLD_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| unpacked(include_bytes!("../../data/fonts/roboto-bold.ttf.gz")));
static FALLBACK_BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| unpacked(include_bytes!("../../data/fonts/droid-fallback.ttf.gz")));
static REGULAR: LazyLock<Option<Face>> = LazyLock::new(|| Face::read(&REGULAR_BYTES));
static BOLD: LazyLock<Option<Face>> = LazyLock::new(|| Face::read(&BOLD_BYTES));
// Four megabytes: unpacked when the first Asian name is printed.
static FALLBACK: LazyLock<Option<Face>> = LazyLock::new(|| Face::read(&FALLBACK_BYTES));

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut font = Vec::new();
    // A font that can't be unpacked is one that can't be read: `face` says so.
    match GzDecoder::new(packed).read_to_end(&mut font) {
        Ok(_) => font,
        Err(_) => Vec::new(),
    }
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let read = FontRef::new(bytes).ok()?;
        Some(Self {
            font: Font::new(bytes.into(), 0)?,
            charmap: read.charmap(),
            outlines: read.outline_glyphs(),
            // In shares of the font's size.
            metrics: read.glyph_metrics(Size::new(1.0), LocationRef::default()),
        })
    }
    fn has(&self, c: char) -> bool {
        self.charmap.map(c).is_some_and(|glyph| glyph != skrifa::GlyphId::NOTDEF)
    }
}

fn face(weight: Weight) -> Result<&'static Face, PrintError> {
    match weight {
        Weight::Regular => REGULAR.as_ref(),
        Weight::Bold => BOLD.as_ref(),
    }
    .ok_or(PrintError::Font)
}

/// Neither seen nor missed: joiners and variation selectors.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200C}' | '\u{200D}' | '\u{2060}') || ('\u{FE00}'..='\u{FE0F}').contains(&c)
}

/// A text in characters that can be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelled {
    /// The text.
    pub text: String,
    /// True if some of it is spelled in Latin letters now: its reader must be told.
    pub respelled: bool,
}

/// Spells what can't be shown in Latin letters, as near as can be; what has no spelling becomes a question mark.
pub fn spell(text: &str) -> Result<Spelled, PrintError> {
    let alphabets = face(Weight::Regular)?;
    let (mut spelled, mut respelled) = (String::with_capacity(text.len()), false);
    for c in ComposingNormalizerBorrowed::new_nfc().normalize(text).chars().filter(|c| !is_silent(*c)) {
        // The second font is only opened for what the first one lacks.
        let shown = alphabets.has(c) || FALLBACK.as_ref().ok_or(PrintError::Font)?.has(c);
        match (shown, deunicode::deunicode_char(c)) {
            (true, _) => spelled.push(c),
            (false, near) => {
                respelled = true;
                spelled.push_str(near.unwrap_or("?"));
            }
        }
    }
    if respelled {
        spelled = spelled.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    Ok(Spelled { text: spelled, respelled })
}

/// Characters of one font, one after the other.
#[derive(Debug, Clone)]
pub struct Run {
    /// The font.
    pub font: Font,
    /// The characters.
    pub text: String,
    /// Their shapes, measured in shares of the font's size.
    pub glyphs: Vec<KrillaGlyph>,
    /// How wide, in shares of the font's size.
    pub width: f32,
}

/// A line of text, measured.
#[derive(Debug, Clone)]
pub struct Shaped {
    /// Its runs from left to right.
    pub runs: Vec<Run>,
    /// How wide, in shares of the font's size.
    pub width: f32,
    /// As [`Spelled::respelled`].
    pub respelled: bool,
}

/// Finds the shape of every character.
pub fn shape(text: &str, weight: Weight) -> Result<Shaped, PrintError> {
    let (first, spelled) = (face(weight)?, spell(text)?);
    let mut shaped = Shaped { runs: Vec::new(), width: 0.0, respelled: spelled.respelled };
    for c in spelled.text.chars() {
        let face = if first.has(c) { first } else { FALLBACK.as_ref().ok_or(PrintError::Font)? };
        if shaped.runs.last().is_none_or(|run| run.font != face.font) {
            shaped.runs.push(Run { font: face.font.clone(), text: String::new(), glyphs: Vec::new(), width: 0.0 });
        }
        let Some(run) = shaped.runs.last_mut() else { continue };
        let glyph = face.charmap.map(c).unwrap_or(skrifa::GlyphId::NOTDEF);
        let advance = face.metrics.advance_width(glyph).unwrap_or(0.0);
        let range = run.text.len()..run.text.len() + c.len_utf8();
        run.text.push(c);
        run.glyphs.push(KrillaGlyph::new(GlyphId::new(glyph.to_u32()), advance, 0.0, 0.0, 0.0, range, None));
        run.width += advance;
        shaped.width += advance;
    }
    Ok(shaped)
}

/// Draws every character with a pen, after `place` has told the pen where on the line it begins. True as in [`Spelled::respelled`].
pub fn draw<P: OutlinePen>(text: &str, weight: Weight, size: f32, pen: &mut P, place: impl Fn(&mut P, f32)) -> Result<bool, PrintError> {
    let (first, spelled) = (face(weight)?, spell(text)?);
    let mut x = 0.0;
    for c in spelled.text.chars() {
        let face = if first.has(c) { first } else { FALLBACK.as_ref().ok_or(PrintError::Font)? };
        let glyph = face.charmap.map(c).unwrap_or(skrifa::GlyphId::NOTDEF);
        if let Some(outline) = face.outlines.get(glyph) {
            place(pen, x);
            // A blank has no outline, and one that can't be drawn is left blank.
            drop(outline.draw(DrawSettings::unhinted(Size::new(size), LocationRef::default()), pen));
        }
        x += face.metrics.advance_width(glyph).unwrap_or(0.0) * size;
    }
    Ok(spelled.respelled)
}

#[cfg(test)]
mod tests;
