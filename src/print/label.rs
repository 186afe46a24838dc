//! The return label as PDF: 4 by 6 inches, or A6.

use super::PrintError;
use super::code::{Bars, Squares};
use super::font::Weight;
use super::papers::{Paper, Papers};
use super::sheet::{self, Area, Sheet};

const MARGIN: f32 = 14.0;

/// What is said where names had to be spelled otherwise.
pub const RESPELLED: &str = "Some names are spelled in Latin letters here; the web page of this sheet shows them as they are written.";
/// What the label is not.
pub const NOT_POSTAGE: &str = "No postage: the carrier's label goes beside this one.";

/// One sheet.
pub fn pdf(papers: &Papers) -> Result<Vec<u8>, PrintError> {
    let (width, height) = match papers.paper {
        Paper::Iso => (297.64, 419.53),
        Paper::American => (288.0, 432.0),
    };
    let mut sheet = Sheet::new(width, height);
    let inner = width - 2.0 * MARGIN;
    let area = |y: f32, height: f32| Area { x: MARGIN, y, width: inner, height };
    sheet.text((MARGIN, 33.0), 22.0, Weight::Bold, "RETURN")?;
    sheet.text_to((width - MARGIN, 24.0), 8.0, Weight::Regular, "RMA")?;
    sheet.text_to((width - MARGIN, 36.0), 12.0, Weight::Bold, &papers.rma.to_string())?;
    sheet.rule((MARGIN, 41.0), inner, 1.5);

    sheet.text((MARGIN, 52.0), 7.0, Weight::Bold, "FROM")?;
    let mut from = papers.from.clone();
    from.extend(papers.contact.clone());
    let used = sheet.block(area(54.0, 76.0), (10.0, 6.0), &from)?;
    if !papers.from_is_known {
        // The sender writes the address on these.
        for line in [24.0, 42.0] {
            sheet.rule((MARGIN, 54.0 + used + line), inner, 0.5);
        }
    }
    sheet.rule((MARGIN, 134.0), inner, 1.5);

    sheet.text((MARGIN, 145.0), 7.0, Weight::Bold, "TO")?;
    let codes = height - 190.0;
    let mut to = papers.dock.clone();
    to.insert(1.min(to.len()), format!("Returns, RMA {}", papers.rma));
    sheet.block(area(147.0, codes - 151.0), (15.0, 7.0), &to)?;
    sheet.rule((MARGIN, codes), inner, 1.5);

    let side = 92.0;
    sheet.squares((width - MARGIN - side + 8.0, codes + 3.0), side, &Squares::of(papers.rma)?);
    let mut y = codes + 14.0;
    let facts = [
        ("Return by", papers.return_by.to_string()),
        ("Contents", papers.count()),
        ("Case", papers.case.map(|c| c.to_string()).unwrap_or_default()),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        sheet.text((MARGIN, y), 7.0, Weight::Regular, name)?;
        y += 2.0 + sheet.paragraph(Area { x: MARGIN, y: y + 1.0, width: inner - side, height: 30.0 }, 11.0, Weight::Bold, value)?;
        y += 11.0;
    }

    let top = height - 90.0;
    sheet.bars(area(top, 50.0), &Bars::of(papers.rma)?);
    let number = papers.rma.to_string();
    let wide = super::font::shape(&number, Weight::Bold)?.width * 13.0;
    sheet.text(((width - wide) / 2.0, top + 64.0), 13.0, Weight::Bold, &number)?;
    sheet.text((MARGIN, height - 14.0), 6.0, Weight::Regular, NOT_POSTAGE)?;
    if sheet.respelled {
        sheet.text((MARGIN, height - 7.0), 5.5, Weight::Regular, RESPELLED)?;
    }
    sheet::pdf(vec![sheet], &format!("Return label for RMA {}", papers.rma))
}
