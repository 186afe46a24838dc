//! What goes on paper with a defective unit (P4.6): the return label and the packing slip, as a page for browsers, as PDF, and
//! the label for label printers.
//!
//! Knows `rules` only, as `mail` does, and is pure: the facts of a letter go in, text or bytes come out, the same for the same
//! facts. `mail` attaches what is made here, `http` serves it. Two codes carry the RMA number on every sheet: Code 128 for the
//! scanners of docks, and QR for telephones.
//!
//! PDF embeds its fonts ([`font`]): Latin, Greek, Cyrillic, Chinese and Japanese are shown as they are written. Names in other
//! scripts, which need another font and often shaping, are spelled in Latin letters, and the sheet says so. The page for
//! browsers shows them as they are. Label printers get the same letters, drawn where their own font may lack them (`raster`).

pub mod code;
pub mod font;
pub mod papers;
pub mod sheet;
pub(crate) mod words;

mod label;
mod page;
mod raster;
mod slip;
mod zpl;

/// A sheet could not be made; no facts are known that do it.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// A font of the house can't be read.
    #[error("a font can't be read")]
    Font,
    /// The number can't be a code.
    #[error("the number can't be made a code")]
    Code,
    /// The PDF could not be written.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
    /// A template could not be filled in.
    #[error("the page could not be written")]
    Page(#[from] askama::Error),
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
