//! Text as dots, for label printers: what their own fonts lack is sent as a picture.

use super::PrintError;
use super::font::{self, Weight};
use skrifa::outline::OutlinePen;
use tiny_skia::{FillRule, Mask, PathBuilder, Transform};

/// Dots, eight a byte, rows one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dots {
    /// How many bytes a row has.
    pub row: usize,
    /// The bytes; a bit is set where the printer prints.
    pub bytes: Vec<u8>,
    /// As [`font::Spelled::respelled`].
    pub respelled: bool,
}

/// Turns outlines, which grow upwards, into a path in dots, which grow downwards.
struct Pen {
    path: PathBuilder,
    x: f32,
    base: f32,
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.base - y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.base - y);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + cx, self.base - cy, self.x + x, self.base - y);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.path.cubic_to(self.x + ax, self.base - ay, self.x + bx, self.base - by, self.x + x, self.base - y);
    }
    fn close(&mut self) {
        self.path.close();
    }
}

/// A line of text as dots, `height` rows high and at most `columns` bytes wide; what is wider is cut off.
pub fn line(text: &str, height: u16, columns: u16) -> Result<Dots, PrintError> {
    // Signs stand between nine tenths over the base line and two below: all of that in the height.
    let size = f32::from(height) * 0.9;
    let mut pen = Pen { path: PathBuilder::new(), x: 0.0, base: size * 0.88 };
    let respelled = font::draw(text, Weight::Bold, size, &mut pen, |pen, x| pen.x = x)?;
    let columns = usize::from(columns);
    let mut canvas = Mask::new(u32::try_from(columns * 8).map_err(|_| PrintError::Font)?, u32::from(height)).ok_or(PrintError::Font)?;
    if let Some(path) = pen.path.finish() {
        canvas.fill_path(&path, FillRule::Winding, false, Transform::identity());
    }
    let bit = |byte: u8, covered: &u8| byte << 1 | u8::from(*covered > 127);
    let bytes: Vec<u8> = canvas.data().chunks(8).map(|dots| dots.iter().fold(0, bit)).collect();
    // Nothing is sent for the blank at the right.
    let filled = |row: &[u8]| row.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let row = bytes.chunks(columns).map(filled).max().unwrap_or(0);
    let bytes = bytes.chunks(columns).flat_map(|whole| whole.iter().take(row).copied()).collect();
    Ok(Dots { row, bytes, respelled })
}

#[cfg(test)]
mod tests;
