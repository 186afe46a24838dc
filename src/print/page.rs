//! The papers as pages for browsers: printable, complete, nothing to load.

use super::PrintError;
use super::code::{Bars, Squares, svg_path};
use super::label::NOT_POSTAGE;
use super::papers::{Paper, Papers};
use askama::Template;

/// The codes as paths in modules, with the boxes around them.
struct Codes {
    bars: String,
    bars_box: String,
    squares: String,
    squares_box: String,
}

impl Codes {
    fn of(papers: &Papers) -> Result<Self, PrintError> {
        let (bars, squares) = (Bars::of(papers.rma)?, Squares::of(papers.rma)?);
        let side = squares.width() + 2 * Squares::QUIET;
        Ok(Self {
            bars: svg_path(&bars.dark(), 40),
            bars_box: format!("-{} 0 {} 40", Bars::QUIET, bars.width() + 2 * Bars::QUIET),
            squares: svg_path(&squares.dark(), 1),
            squares_box: format!("-{0} -{0} {side} {side}", Squares::QUIET),
        })
    }
}

#[derive(Template)]
#[template(path = "return_label.html")]
struct Label<'a> {
    p: &'a Papers,
    codes: Codes,
    size: &'static str,
    not_postage: &'static str,
}

#[derive(Template)]
#[template(path = "packing_slip.html")]
struct Slip<'a> {
    p: &'a Papers,
    codes: Codes,
    size: &'static str,
}

/// The return label.
pub fn label(papers: &Papers) -> Result<String, PrintError> {
    let size = match papers.paper {
        Paper::Iso => "105mm 148mm",
        Paper::American => "4in 6in",
    };
    Ok(Label { p: papers, codes: Codes::of(papers)?, size, not_postage: NOT_POSTAGE }.render()?)
}

/// The packing slip.
pub fn slip(papers: &Papers) -> Result<String, PrintError> {
    let size = match papers.paper {
        Paper::Iso => "A4",
        Paper::American => "letter",
    };
    Ok(Slip { p: papers, codes: Codes::of(papers)?, size }.render()?)
}
