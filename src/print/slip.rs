//! The packing slip as PDF: A4 or Letter, as many sheets as the units need.

use super::PrintError;
use super::code::{Bars, Squares};
use super::font::Weight;
use super::label::RESPELLED;
use super::papers::{Paper, Papers, Unit};
use super::sheet::{self, Area, Sheet, cut, wrap};

const MARGIN: f32 = 48.0;
/// Below this nothing but the foot stands.
const FOOT: f32 = 54.0;
/// The columns of the table of units: where each begins, in shares of its width.
const COLUMNS: [(f32, &str); 4] = [(0.0, "Line"), (0.07, "Serial number"), (0.38, "Part number"), (0.62, "Description")];

struct Slip<'a> {
    papers: &'a Papers,
    sheets: Vec<Sheet>,
    sheet: Sheet,
    y: f32,
}

/// All its sheets.
pub fn pdf(papers: &Papers) -> Result<Vec<u8>, PrintError> {
    let mut slip = Slip { papers, sheets: Vec::new(), sheet: blank(papers), y: 0.0 };
    slip.head()?;
    slip.places()?;
    slip.table()?;
    slip.steps()?;
    slip.dock()?;
    let Slip { mut sheets, sheet, .. } = slip;
    sheets.push(sheet);
    let (count, respelled) = (sheets.len(), sheets.iter().any(|s| s.respelled));
    for (index, sheet) in sheets.iter_mut().enumerate() {
        let y = sheet.height - 30.0;
        sheet.rule((MARGIN, y - 12.0), sheet.width - 2.0 * MARGIN, 0.5);
        sheet.text((MARGIN, y), 8.0, Weight::Regular, &format!("RMA {}", papers.rma))?;
        sheet.text_to((sheet.width - MARGIN, y), 8.0, Weight::Regular, &format!("Page {} of {count}", index + 1))?;
        if respelled {
            sheet.text((MARGIN, y + 11.0), 7.5, Weight::Regular, RESPELLED)?;
        }
    }
    sheet::pdf(sheets, &format!("Packing slip for RMA {}", papers.rma))
}

fn blank(papers: &Papers) -> Sheet {
    match papers.paper {
        Paper::Iso => Sheet::new(595.28, 841.89),
        Paper::American => Sheet::new(612.0, 792.0),
    }
}

impl Slip<'_> {
    fn inner(&self) -> f32 {
        self.sheet.width - 2.0 * MARGIN
    }

    fn area(&self, height: f32) -> Area {
        Area { x: MARGIN, y: self.y, width: self.inner(), height }
    }

    /// Goes to a new sheet where `height` is not left on this one; true if it did.
    fn need(&mut self, height: f32) -> Result<bool, PrintError> {
        if self.y + height <= self.sheet.height - FOOT {
            return Ok(false);
        }
        let full = std::mem::replace(&mut self.sheet, blank(self.papers));
        self.sheets.push(full);
        self.sheet.text((MARGIN, MARGIN + 4.0), 11.0, Weight::Bold, &format!("Packing slip, RMA {}", self.papers.rma))?;
        self.y = MARGIN + 20.0;
        Ok(true)
    }

    fn head(&mut self) -> Result<(), PrintError> {
        let right = self.sheet.width - MARGIN;
        let side = 92.0;
        let width = self.inner() - side - 10.0;
        let vendor = Area { x: MARGIN, y: 40.0, width, height: 26.0 };
        self.sheet.block(vendor, (10.0, 7.0), std::slice::from_ref(&self.papers.vendor))?;
        self.sheet.text((MARGIN, 88.0), 24.0, Weight::Bold, "Packing slip")?;
        self.sheet.text((MARGIN, 106.0), 11.0, Weight::Regular, "Return of defective units. Please put this sheet into the box.")?;
        // The quiet zone lies in the margin.
        self.sheet.squares((right - side + 12.0, 32.0), side, &Squares::of(self.papers.rma)?);
        self.sheet.bars(Area { x: MARGIN - 14.0, y: 122.0, width: 240.0, height: 40.0 }, &Bars::of(self.papers.rma)?);
        let facts = [
            ("RMA", self.papers.rma.to_string()),
            ("Case", self.papers.case.map(|c| c.to_string()).unwrap_or_default()),
            ("Return by", self.papers.return_by.to_string()),
        ];
        let x = MARGIN + 240.0;
        for ((name, value), y) in facts.iter().filter(|(_, value)| !value.is_empty()).zip([133.0, 147.0, 161.0]) {
            self.sheet.text((x, y), 10.0, Weight::Regular, name)?;
            let area = Area { x: x + 60.0, y: y - 10.0, width: right - x - 60.0, height: 13.0 };
            self.sheet.block(area, (10.0, 7.0), std::slice::from_ref(value))?;
        }
        self.y = 180.0;
        Ok(())
    }

    fn places(&mut self) -> Result<(), PrintError> {
        let half = self.inner() / 2.0 - 10.0;
        let mut from = self.papers.from.clone();
        from.extend(self.papers.contact.clone());
        let mut deepest: f32 = 0.0;
        for (x, name, lines) in [(MARGIN, "FROM", &from), (MARGIN + half + 20.0, "TO", &self.papers.dock)] {
            self.sheet.rule((x, self.y), half, 1.0);
            self.sheet.text((x, self.y + 13.0), 8.0, Weight::Bold, name)?;
            let area = Area { x, y: self.y + 17.0, width: half, height: 112.0 };
            deepest = deepest.max(self.sheet.block(area, (11.0, 7.0), lines)?);
        }
        self.y += 17.0 + deepest + 18.0;
        Ok(())
    }

    fn header(&mut self) -> Result<(), PrintError> {
        let inner = self.inner();
        self.sheet.fill(self.area(18.0), 228);
        for (share, name) in COLUMNS {
            self.sheet.text((MARGIN + 4.0 + share * inner, self.y + 12.5), 9.0, Weight::Bold, name)?;
        }
        self.y += 18.0;
        Ok(())
    }

    fn table(&mut self) -> Result<(), PrintError> {
        self.header()?;
        for unit in &self.papers.units {
            self.row(unit)?;
        }
        self.y += 20.0;
        Ok(())
    }

    fn row(&mut self, unit: &Unit) -> Result<(), PrintError> {
        let cells = [unit.line.to_string(), unit.serial_number.clone(), unit.part_number.clone(), unit.description.clone()];
        let inner = self.inner();
        let mut wrapped = Vec::new();
        for (index, ((share, _), cell)) in COLUMNS.iter().zip(&cells).enumerate() {
            let end = COLUMNS.get(index + 1).map_or(1.0, |(next, _)| *next);
            let weight = if index == 1 { Weight::Bold } else { Weight::Regular };
            let lines = cut(wrap(cell, (end - share) * inner - 8.0, 10.0, weight)?, 4);
            self.sheet.respelled |= super::font::spell(cell)?.respelled;
            wrapped.push((MARGIN + 4.0 + share * inner, weight, lines));
        }
        let height = sheet::measure(wrapped.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(1)) * 12.5 + 7.0;
        if self.need(height + 12.0)? {
            self.header()?;
        }
        for (x, weight, lines) in wrapped {
            for (index, line) in lines.iter().enumerate() {
                self.sheet.text((x, self.y + 14.0 + sheet::measure(index) * 12.5), 10.0, weight, line)?;
            }
        }
        self.y += height;
        self.sheet.fill(self.area(0.5), 150);
        Ok(())
    }

    fn steps(&mut self) -> Result<(), PrintError> {
        self.need(110.0)?;
        self.sheet.text((MARGIN, self.y + 4.0), 13.0, Weight::Bold, "How to send it back")?;
        self.y += 14.0;
        for (number, step) in (1..).zip(self.papers.steps()) {
            self.need(30.0)?;
            self.sheet.text((MARGIN, self.y + 10.0), 10.0, Weight::Bold, &format!("{number}."))?;
            let area = Area { x: MARGIN + 16.0, width: self.inner() - 16.0, ..self.area(30.0) };
            self.y += self.sheet.paragraph(area, 10.0, Weight::Regular, &step)? + 4.0;
        }
        self.y += 14.0;
        Ok(())
    }

    /// What the dock writes.
    fn dock(&mut self) -> Result<(), PrintError> {
        self.need(74.0)?;
        self.sheet.fill(self.area(70.0), 228);
        self.sheet.fill(Area { x: MARGIN + 0.75, y: self.y + 0.75, width: self.inner() - 1.5, height: 68.5 }, 255);
        self.sheet.text((MARGIN + 10.0, self.y + 16.0), 9.0, Weight::Bold, "For the service center")?;
        let third = (self.inner() - 20.0) / 3.0;
        for (name, place) in ["Received on", "By", "Condition"].into_iter().zip([0.0, 1.0, 2.0]) {
            let x = MARGIN + 10.0 + place * third;
            self.sheet.rule((x, self.y + 48.0), third - 14.0, 0.5);
            self.sheet.text((x, self.y + 58.0), 8.0, Weight::Regular, name)?;
        }
        self.y += 74.0;
        Ok(())
    }
}
