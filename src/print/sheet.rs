//! A sheet of paper in points, from the upper left corner: what is put on it, and the PDF of several.

use super::PrintError;
use super::code::{Bars, Dark, Squares};
use super::font::{self, Shaped, Weight};
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule};

/// The height of a line in shares of its font's size.
pub const LEADING: f32 = 1.22;
/// How many lines one line of an address may take.
const PARTS_MOST: usize = 3;

enum Mark {
    Text { x: f32, y: f32, size: f32, shaped: Shaped, gray: u8 },
    Rects { rects: Vec<Rect>, gray: u8 },
}

/// A sheet that is being filled.
pub struct Sheet {
    /// How wide.
    pub width: f32,
    /// How high.
    pub height: f32,
    /// True if some text is spelled in Latin letters: the sheet has to say so.
    pub respelled: bool,
    marks: Vec<Mark>,
}

/// Where a block of text may stand.
#[derive(Debug, Clone, Copy)]
pub struct Area {
    /// Its left edge.
    pub x: f32,
    /// Its upper edge.
    pub y: f32,
    /// How wide.
    pub width: f32,
    /// How high.
    pub height: f32,
}

fn rect(x: f32, y: f32, width: f32, height: f32) -> Option<Rect> {
    Rect::from_xywh(x, y, width, height)
}

/// Cuts a text into lines that fit: between words, or inside one that is too long.
pub fn wrap(text: &str, width: f32, size: f32, weight: Weight) -> Result<Vec<String>, PrintError> {
    let spelled = font::spell(text)?.text;
    let (mut lines, mut line, mut filled) = (Vec::new(), String::new(), 0.0);
    let gap = font::shape(" ", weight)?.width * size;
    for word in spelled.split_whitespace() {
        let wide = font::shape(word, weight)?.width * size;
        if filled > 0.0 && filled + gap + wide > width {
            lines.push(std::mem::take(&mut line));
            filled = 0.0;
        }
        if filled > 0.0 {
            line.push(' ');
            filled += gap;
        }
        if filled + wide <= width {
            line.push_str(word);
            filled += wide;
            continue;
        }
        for c in word.chars() {
            let wide = font::shape(c.encode_utf8(&mut [0; 4]), weight)?.width * size;
            if filled > 0.0 && filled + wide > width {
                lines.push(std::mem::take(&mut line));
                filled = 0.0;
            }
            line.push(c);
            filled += wide;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    Ok(lines)
}

/// At most so many lines; the last one shows that there were more.
pub fn cut(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most);
        lines.iter_mut().last().into_iter().for_each(shorten);
    }
    lines
}

fn shorten(line: &mut String) {
    line.pop();
    line.push('…');
}

impl Sheet {
    /// An empty one.
    pub fn new(width: f32, height: f32) -> Self {
        Self { width, height, respelled: false, marks: Vec::new() }
    }

    /// A line of text on the base line `y`, shades of gray from 0 for black; how wide it is.
    pub fn text(&mut self, (x, y): (f32, f32), size: f32, weight: Weight, text: &str) -> Result<f32, PrintError> {
        self.shaded((x, y), size, weight, text, 0)
    }

    /// As [`Sheet::text`], in a shade of gray.
    pub fn shaded(&mut self, (x, y): (f32, f32), size: f32, weight: Weight, text: &str, gray: u8) -> Result<f32, PrintError> {
        let shaped = font::shape(text, weight)?;
        self.respelled |= shaped.respelled;
        let width = shaped.width * size;
        self.marks.push(Mark::Text { x, y, size, shaped, gray });
        Ok(width)
    }

    /// A line that ends at `x`.
    pub fn text_to(&mut self, (x, y): (f32, f32), size: f32, weight: Weight, text: &str) -> Result<f32, PrintError> {
        let width = font::shape(text, weight)?.width * size;
        self.text((x - width, y), size, weight, text)
    }

    /// Lines in an area, wrapped, as large as they fit between the sizes `(most, least)`; what doesn't fit at the least size ends
    /// in an ellipsis. The first line is bold. Gives the height that is used.
    pub fn block(&mut self, area: Area, (most, least): (f32, f32), lines: &[String]) -> Result<f32, PrintError> {
        let weight = |index: usize| if index == 0 { Weight::Bold } else { Weight::Regular };
        let mut size = most;
        let mut fitted = loop {
            let mut wrapped = Vec::new();
            for (index, line) in lines.iter().enumerate() {
                self.respelled |= font::spell(line)?.respelled;
                let parts = cut(wrap(line, area.width, size, weight(index))?, PARTS_MOST);
                wrapped.extend(parts.into_iter().map(|part| (part, weight(index))));
            }
            if measure(wrapped.len()) * size * LEADING <= area.height || size <= least {
                break wrapped;
            }
            size = (size - 0.5).max(least);
        };
        let mut room = fitted.len();
        while room > 1 && measure(room) * size * LEADING > area.height {
            room -= 1;
        }
        if room < fitted.len() {
            fitted.truncate(room);
            fitted.iter_mut().last().into_iter().for_each(|(last, _)| shorten(last));
        }
        for (index, (line, weight)) in fitted.iter().enumerate() {
            self.text((area.x, area.y + size + measure(index) * size * LEADING), size, *weight, line)?;
        }
        Ok(measure(fitted.len()) * size * LEADING)
    }

    /// A paragraph of the width; the height that it takes.
    pub fn paragraph(&mut self, area: Area, size: f32, weight: Weight, text: &str) -> Result<f32, PrintError> {
        self.respelled |= font::spell(text)?.respelled;
        let lines = wrap(text, area.width, size, weight)?;
        for (index, line) in lines.iter().enumerate() {
            self.text((area.x, area.y + size + measure(index) * size * LEADING), size, weight, line)?;
        }
        Ok(measure(lines.len()) * size * LEADING)
    }

    /// A filled rectangle in a shade of gray; also lines.
    pub fn fill(&mut self, area: Area, gray: u8) {
        let rects = rect(area.x, area.y, area.width, area.height).into_iter().collect();
        self.marks.push(Mark::Rects { rects, gray });
    }

    /// A line from side to side.
    pub fn rule(&mut self, (x, y): (f32, f32), width: f32, thick: f32) {
        self.fill(Area { x, y, width, height: thick }, 0);
    }

    /// A Code 128 in an area, with its quiet zones inside.
    pub fn bars(&mut self, area: Area, bars: &Bars) {
        let module = area.width / f32::from(bars.width() + 2 * Bars::QUIET);
        let x = area.x + module * f32::from(Bars::QUIET);
        self.dark(&bars.dark(), (x, area.y), (module, area.height));
    }

    /// A QR code in a square, with its quiet zone inside.
    pub fn squares(&mut self, (x, y): (f32, f32), side: f32, squares: &Squares) {
        let module = side / f32::from(squares.width() + 2 * Squares::QUIET);
        let quiet = module * f32::from(Squares::QUIET);
        self.dark(&squares.dark(), (x + quiet, y + quiet), (module, module));
    }

    fn dark(&mut self, dark: &[Dark], (x, y): (f32, f32), (wide, high): (f32, f32)) {
        let rect = |d: &Dark| rect(x + f32::from(d.x) * wide, y + f32::from(d.y) * high, f32::from(d.width) * wide, high);
        self.marks.push(Mark::Rects { rects: dark.iter().filter_map(rect).collect(), gray: 0 });
    }
}

/// A count as a measure.
pub fn measure(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

/// The PDF of some sheets. No instant and no chance goes into it: the same sheets give the same bytes.
pub fn pdf(sheets: Vec<Sheet>, title: &str) -> Result<Vec<u8>, PrintError> {
    let failed = |what: &str| PrintError::Pdf(what.to_owned());
    let mut document = Document::new_with(SerializeSettings::default());
    document.set_metadata(Metadata::new().title(title.to_owned()).language("en".to_owned()).creator("Swapline".to_owned()));
    for sheet in sheets {
        let settings = PageSettings::from_wh(sheet.width, sheet.height).ok_or_else(|| failed("a sheet without size"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in sheet.marks {
            let gray = match &mark {
                Mark::Text { gray, .. } | Mark::Rects { gray, .. } => *gray,
            };
            let fill = Fill { paint: luma::Color::new(gray).into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero };
            surface.set_fill(Some(fill));
            match mark {
                Mark::Text { x, y, size, shaped, .. } => {
                    let mut x = x;
                    for run in shaped.runs {
                        surface.draw_glyphs(Point::from_xy(x, y), &run.glyphs, run.font, &run.text, size, false);
                        x += run.width * size;
                    }
                }
                Mark::Rects { rects, .. } => {
                    let mut path = PathBuilder::new();
                    rects.into_iter().for_each(|rect| path.push_rect(rect));
                    if let Some(path) = path.finish() {
                        surface.draw_path(&path);
                    }
                }
            }
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| PrintError::Pdf(format!("{error:?}")))
}

#[cfg(test)]
mod tests;
