//! The RMA number as codes that machines read: Code 128 and QR.

use super::PrintError;
use crate::rules::number::RmaNumber;
use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

/// A Code 128: modules from left to right, true where there is a bar. Without its quiet zones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bars(Vec<bool>);

/// A QR code: rows of modules, true where it is dark. Without its quiet zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Squares {
    width: usize,
    dark: Vec<bool>,
}

/// A dark rectangle, in modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dark {
    /// From the left.
    pub x: u16,
    /// From the top.
    pub y: u16,
    /// How wide; each is one module high.
    pub width: u16,
}

impl Bars {
    /// What a scanner needs to find clear on both sides, in modules.
    pub const QUIET: u16 = 10;

    /// The number, in the character set of letters and digits.
    pub fn of(number: RmaNumber) -> Result<Self, PrintError> {
        // The first sign chooses the character set B.
        let code = Code128::new(format!("\u{181}{number}")).map_err(|_| PrintError::Code)?;
        Ok(Self(code.encode().into_iter().map(|module| module == 1).collect()))
    }
    /// How many modules wide.
    pub fn width(&self) -> u16 {
        short(self.0.len())
    }
    /// The bars.
    pub fn dark(&self) -> Vec<Dark> {
        runs(&self.0, 0)
    }
}

impl Squares {
    /// What a reader needs to find clear on all sides, in modules.
    pub const QUIET: u16 = 4;

    /// The number, so that it is read with a quarter of the code gone.
    pub fn of(number: RmaNumber) -> Result<Self, PrintError> {
        let code = QrCode::with_error_correction_level(number.to_string(), EcLevel::Q).map_err(|_| PrintError::Code)?;
        Ok(Self { width: code.width(), dark: code.to_colors().into_iter().map(|c| c == Color::Dark).collect() })
    }
    /// How many modules wide and high.
    pub fn width(&self) -> u16 {
        short(self.width)
    }
    /// The dark runs of each row.
    pub fn dark(&self) -> Vec<Dark> {
        self.dark.chunks(self.width.max(1)).zip(0_u16..).flat_map(|(row, y)| runs(row, y)).collect()
    }
}

fn short(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// Neighbors as one rectangle: drawn apart, they would show hairlines between them.
fn runs(row: &[bool], y: u16) -> Vec<Dark> {
    let mut found: Vec<Dark> = Vec::new();
    for (x, _) in (0_u16..).zip(row).filter(|(_, dark)| **dark) {
        match found.last_mut() {
            Some(last) if last.x + last.width == x => last.width += 1,
            _ => found.push(Dark { x, y, width: 1 }),
        }
    }
    found
}

/// Dark rectangles as the path of an SVG whose unit is a module; `height` of each.
pub fn svg_path(dark: &[Dark], height: u16) -> String {
    dark.iter().map(|d| format!("M{} {}h{}v{height}h-{}z", d.x, d.y, d.width, d.width)).collect()
}

#[cfg(test)]
mod tests;
