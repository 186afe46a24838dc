//! The units of an RMA's lines: what is reserved for them, what leaves with them, and what goes back on the shelf.

use super::Dossier;
use crate::actions::fill_backorder::fill_backorder;
use crate::actions::{Context, Done};
use crate::rules::refusal::Refusal;
use crate::rules::stock::{self, StockState, Supply};
use crate::rules::text::SerialNumber;
use crate::store::rmas::RmaLine;
use crate::store::stock_units::{self, Known};
use crate::store::{Conn, Id, Word, rmas, substitutes};

/// A unit of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineUnit {
    /// The line.
    pub line: Id,
    /// What it says on it.
    pub serial_number: String,
    /// What it is.
    pub part_number: String,
    /// Reserved or shipped.
    pub state: StockState,
}

impl Dossier {
    /// The unit that stock has for a line.
    pub fn unit_of(&self, line: Id) -> Option<&LineUnit> {
        self.units.iter().find(|unit| unit.line == line)
    }

    /// Loads the units of lines, of one RMA or more; nothing is asked where no part is kept in stock.
    pub(super) fn load_units(conn: &mut Conn, lines: &[(RmaLine, String, String)]) -> crate::store::Stored<Vec<LineUnit>> {
        let mut rmas: Vec<Id> =
            lines.iter().filter(|(line, ..)| line.supply.0 != Supply::Untracked).map(|(line, ..)| line.rma_id).collect();
        rmas.dedup();
        let unit = |(line, serial_number, part_number, state)| LineUnit { line, serial_number, part_number, state };
        Ok(stock_units::of_rmas(conn, &rmas)?.into_iter().map(unit).collect())
    }

    /// Stores what a line has to be sent; once nothing is waited for, the promise doesn't say so any more.
    pub fn set_supply(&mut self, conn: &mut Conn, line: Id, supply: Supply) -> Done<()> {
        rmas::set_supply(conn, line, supply)?;
        for (row, ..) in self.lines.iter_mut().filter(|(row, ..)| row.id == line) {
            row.supply = Word(supply);
        }
        self.forget_backorder(conn)
    }

    /// Takes the wait for a unit out of the promise where no line waits for one.
    pub fn forget_backorder(&mut self, conn: &mut Conn) -> Done<()> {
        if self.live_lines().all(|(row, ..)| row.supply.0 != Supply::Backordered) {
            let mut reasons = self.reasons()?;
            reasons.retain(|r| r.code != "backordered");
            self.set_reasons(conn, &reasons)?;
        }
        Ok(())
    }

    /// The lines for which something is, or was, sent: not those that were called off.
    pub fn live_lines(&self) -> impl Iterator<Item = &(RmaLine, String, String)> {
        self.lines.iter().filter(|(line, ..)| !line.void)
    }

    /// The serial numbers that leave where nobody said which: the reserved units'.
    pub fn reserved_serials(&self) -> Result<Vec<SerialNumber>, Refusal> {
        let serial = |(line, ..): &(RmaLine, String, String)| {
            let unit = self.unit_of(line.id).and_then(|unit| SerialNumber::parse(&unit.serial_number).ok());
            let detail = || format!("line {} has no unit that is reserved: say which one leaves", line.line);
            unit.ok_or_else(|| Refusal::input("required", "/replacement_serial_number", detail()))
        };
        self.live_lines().map(serial).collect()
    }

    /// Takes the units that leave with the lines out of stock. A unit that is reserved but doesn't leave is free again.
    pub fn take_units(&mut self, conn: &mut Conn, ctx: &Context, serials: &[SerialNumber]) -> Done<()> {
        let twice = serials.iter().enumerate().find(|(index, serial)| serials.iter().take(*index).any(|earlier| earlier == *serial));
        if let Some((_, serial)) = twice {
            let detail = format!("unit {serial} can't leave twice");
            return Err(Refusal::input("repeated", "/replacement_serial_numbers", detail).into());
        }
        let lines: Vec<RmaLine> = self.live_lines().map(|(line, ..)| line.clone()).collect();
        let own: Vec<Id> = lines.iter().map(|line| line.id).collect();
        let mut known: Vec<Option<Known>> = Vec::new();
        for (line, serial) in lines.iter().zip(serials) {
            let unit = stock_units::lock(conn, serial.as_str())?;
            let fits = unit.as_ref().map(|u| substitutes::fits(conn, line.part_id, u.part_id)).transpose()?.unwrap_or(false);
            let ours = unit.as_ref().and_then(|u| u.rma_line_id).is_some_and(|line| own.contains(&line));
            stock::may_leave(serial, line.supply.0, unit.as_ref().map(|u| u.state.0), fits, ours)?;
            known.push(unit);
        }
        let left = |(line, unit): &(&RmaLine, &Option<Known>)| unit.as_ref().and_then(|u| u.rma_line_id) != Some(line.id);
        let changed: Vec<Id> = lines.iter().zip(&known).filter(left).map(|(line, _)| line.id).collect();
        let mut freed = stock_units::release(conn, &changed, ctx.ts())?;
        for (line, unit) in lines.iter().zip(&known).filter(left) {
            let Some(unit) = unit else {
                // Nobody booked it: what leaves isn't waited for any more.
                self.set_supply(conn, line.id, Supply::Untracked)?;
                continue;
            };
            freed.retain(|f| f.id != unit.id);
            stock_units::reserve(conn, &unit.clone().into(), line.id, ctx.ts())?;
            self.set_supply(conn, line.id, Supply::Reserved)?;
        }
        stock_units::ship(conn, &own, ctx.ts())?;
        self.units = Self::load_units(conn, &self.lines)?;
        free(conn, ctx, freed)
    }

    /// Gives back what is reserved for lines that are called off.
    pub fn put_back(&mut self, conn: &mut Conn, ctx: &Context, lines: &[Id]) -> Done<()> {
        if self.units.is_empty() {
            return Ok(());
        }
        let freed = stock_units::release(conn, lines, ctx.ts())?;
        self.units.retain(|unit| !lines.contains(&unit.line) || unit.state != StockState::Reserved);
        free(conn, ctx, freed)
    }
}

/// Units that are free again go to those who wait for them.
fn free(conn: &mut Conn, ctx: &Context, units: Vec<Known>) -> Done<()> {
    for unit in units {
        let (part, center) = (unit.part_id, unit.service_center_id);
        fill_backorder(conn, ctx, &unit.into(), part, center)?;
    }
    Ok(())
}
