//! The return label for label printers that speak ZPL II: 4 by 6 inches at 203 dots an inch.
//!
//! Whatever comes from people goes through [`Zpl::line`]: as data without a character that a printer obeys, or, where a printer's own
//! font may lack a character, as dots drawn here, so that Greek, Cyrillic, Chinese and Japanese come out on every printer.

use super::PrintError;
use super::font::{self, Weight};
use super::label::NOT_POSTAGE;
use super::papers::Papers;
use super::raster;
use super::sheet::{cut, wrap};

/// How wide a line may be, in dots.
const WIDTH: f32 = 728.0;

/// The same in bytes of eight dots.
const COLUMNS: u16 = 91;

/// True for what every printer's own font has: Latin letters of western Europe.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{FF}'))
}

/// The data of a field: UTF-8, with `^`, `~`, `_` and everything that isn't printed as `_` and two digits, which `^FH` reads as plain
/// characters.
fn field(text: &str) -> String {
    let mut data = String::new();
    for c in text.chars() {
        match c {
            // `\` and `>` start codes of their own in blocks and bar codes.
            '^' | '~' | '_' | '\\' | '>' | '\0'..='\x1f' | '\x7f' => data.push_str(&format!("_{:02X}", u32::from(c))),
            c if c.is_control() => data.push(' '),
            c => data.push(c),
        }
    }
    data
}

/// A label that is being written.
struct Zpl {
    text: String,
    respelled: bool,
}

impl Zpl {
    /// A line of text; as a picture where the printer's font may lack a character.
    fn line(&mut self, (x, y): (u16, u16), height: u16, text: &str) -> Result<(), PrintError> {
        if is_plain(text) {
            self.text.push_str(&format!("^FO{x},{y}^A0N,{height},{height}^FH^FD{}^FS\n", field(text)));
            return Ok(());
        }
        let dots = raster::line(text, height, COLUMNS)?;
        self.respelled |= dots.respelled;
        let (row, total) = (dots.row, dots.bytes.len());
        let digits: String = dots.bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        if total > 0 {
            self.text.push_str(&format!("^FO{x},{y}^GFA,{total},{total},{row},{digits}^FS\n"));
        }
        Ok(())
    }

    /// Lines as wide as the label. Roboto is no narrower than the printer's font.
    fn lines(&mut self, mut y: u16, height: u16, room: usize, lines: &[String]) -> Result<(), PrintError> {
        let mut fitting = Vec::new();
        for line in lines {
            fitting.extend(cut(wrap(line, WIDTH, f32::from(height), Weight::Bold)?, 3));
            self.respelled |= font::spell(line)?.respelled;
        }
        for line in fitting.iter().take(room) {
            self.line((40, y), height, line)?;
            y += height + 6;
        }
        Ok(())
    }

    fn rule(&mut self, y: u16) {
        self.text.push_str(&format!("^FO40,{y}^GB732,4,4^FS\n"));
    }
}

/// The whole label, one `^XA` … `^XZ`.
pub fn label(papers: &Papers) -> Result<String, PrintError> {
    let number = papers.rma.to_string();
    // UTF-8, four by six inches, from the corner.
    let mut zpl = Zpl { text: "^XA\n^CI28\n^PW812\n^LL1218\n^LH0,0\n".to_owned(), respelled: false };
    zpl.line((40, 40), 64, "RETURN")?;
    zpl.line((440, 56), 40, &format!("RMA {number}"))?;
    zpl.rule(112);
    zpl.line((40, 130), 22, "FROM")?;
    let mut from = papers.from.clone();
    from.extend(papers.contact.clone());
    zpl.lines(158, 26, 8, &from)?;
    if !papers.from_is_known {
        // The sender writes the address on these.
        zpl.text.push_str("^FO40,330^GB732,2,2^FS\n^FO40,390^GB732,2,2^FS\n");
    }
    zpl.rule(420);
    zpl.line((40, 438), 22, "TO")?;
    let mut to = papers.dock.clone();
    to.insert(1.min(to.len()), format!("Returns, RMA {number}"));
    zpl.lines(468, 34, 9, &to)?;
    zpl.rule(835);
    zpl.line((40, 855), 22, "Return by")?;
    zpl.line((40, 880), 32, &papers.return_by.to_string())?;
    zpl.line((40, 925), 22, "Contents")?;
    zpl.line((40, 950), 32, &papers.count())?;
    // QR that is read with a quarter of it gone; then Code 128 with its number underneath.
    zpl.text.push_str(&format!("^FO600,850^BQN,2,6^FDQA,{number}^FS\n"));
    zpl.text.push_str(&format!("^FO140,1010^BY3,3,120^BCN,120,Y,N,N^FD{number}^FS\n"));
    zpl.line((40, 1178), 20, NOT_POSTAGE)?;
    if zpl.respelled {
        zpl.line((40, 1198), 18, "Some names are spelled in Latin letters here; the web page shows them.")?;
    }
    zpl.text.push_str("^PQ1\n^XZ\n");
    Ok(zpl.text)
}

#[cfg(test)]
mod tests;
