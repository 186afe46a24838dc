//! Units in stock: receiving, moving, quarantine, writing off. What an RMA has, only its moves change.

use super::super::fill_backorder::fill_backorder;
use super::{Context, Done, Keep, all, resolve};
use crate::rules::record::StockUnit;
use crate::rules::stock::{self, StockState};
use crate::store::{Conn, Id, Stand, StoreError, Stored, centers, parts, stock_units};

/// The kind.
#[derive(Debug)]
pub enum StockUnits {}

impl Keep for StockUnits {
    type Record = StockUnit;
    const KIND: &'static str = "stock unit";
    fn key(record: &StockUnit) -> &str {
        record.serial_number.as_str()
    }
    fn find(conn: &mut Conn, _ctx: &Context, key: &str) -> Stored<Option<Stand<StockUnit>>> {
        let filter = stock_units::Filter { serial_number: Some(key.to_ascii_uppercase()), ..Default::default() };
        Ok(stock_units::page(conn, &filter, None, 1)?.rows.pop())
    }
    fn store(conn: &mut Conn, ctx: &Context, stand: &Stand<StockUnit>, before: Option<&StockUnit>) -> Done<bool> {
        let record = &stand.record;
        stock::may_change(before, record)?;
        let part = parts::id_of(conn, record.part_number.as_str())?;
        let center = centers::id_of(conn, record.service_center.as_str())?;
        let resolved = vec![
            resolve(part, "unknown_part", "/part_number", "part", record.part_number.as_str()),
            resolve(center, "unknown_service_center", "/service_center", "service center", record.service_center.as_str()),
        ];
        let [part, center] = all(resolved)?[..] else { return Ok(false) };
        if !stock_units::save(conn, stand, part, center)? {
            return Ok(false);
        }
        if record.state == StockState::Received {
            let unit = stock_units::Held { id: stand.id, serial_number: record.serial_number.to_string() };
            fill_backorder(conn, ctx, &unit, part, center)?;
        }
        Ok(true)
    }
    fn erase(conn: &mut Conn, _ctx: &Context, id: Id, was: i32) -> Stored<bool> {
        match stock_units::has_line(conn, id)? {
            true => Err(StoreError::Reference("stock_units_rma_line_id_fkey".to_owned())),
            false => stock_units::remove(conn, id, was),
        }
    }
}
