//! Units in stock, by center and part. Two lines never get one unit: who takes one locks its row, and a line has one unit at most.

use super::catalog::catalog;
use super::conn::{of_each, on};
use super::schema::{deadlines, part_substitutes, parts, rma_lines, rmas, service_centers, stock_units};
use super::{Conn, Id, Page, Stand, StoreError, Stored, Ts, Word, parsed, parsed_if};
use crate::rules::deadline::DeadlineKind;
use crate::rules::number::RmaNumber;
use crate::rules::record::StockUnit;
use crate::rules::rma::RmaState;
use crate::rules::stock::{StockState, Supply};
use crate::rules::text::{Code, Note, PartNumber, SerialNumber};
use diesel::prelude::*;

/// A unit.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = stock_units, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct StockUnitRow {
    id: Id,
    serial_number: String,
    part_id: Id,
    service_center_id: Id,
    state: Word<StockState>,
    rma_line_id: Option<Id>,
    note: Option<String>,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(stock_units, StockUnitRow, serial_number);

/// Which units are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub serial_number: Option<String>,
    pub part_number: Option<String>,
    pub service_center: Option<String>,
    pub state: Option<StockState>,
}

/// A page of units, by serial number.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<&str>, limit: i64) -> Stored<Page<Stand<StockUnit>>> {
    type Row = (StockUnitRow, String, String, Option<i64>);
    let rows: Vec<Row> = on!(conn, c => {
        let mut q = stock_units::table
            .inner_join(parts::table.on(parts::id.eq(stock_units::part_id)))
            .inner_join(service_centers::table.on(service_centers::id.eq(stock_units::service_center_id)))
            .left_join(rma_lines::table.on(stock_units::rma_line_id.eq(rma_lines::id.nullable())))
            .left_join(rmas::table.on(rmas::id.eq(rma_lines::rma_id)))
            .select((StockUnitRow::as_select(), parts::number, service_centers::code, rmas::number.nullable())).into_boxed();
        if let Some(serial) = &filter.serial_number { q = q.filter(stock_units::serial_number.eq(serial)); }
        if let Some(part) = &filter.part_number { q = q.filter(parts::number.eq(part)); }
        if let Some(center) = &filter.service_center { q = q.filter(service_centers::code.eq(center)); }
        if let Some(state) = filter.state { q = q.filter(stock_units::state.eq(Word(state))); }
        if let Some(after) = after { q = q.filter(stock_units::serial_number.gt(after)); }
        q.order(stock_units::serial_number).limit(limit + 1).load(c)
    })?;
    Page::of(rows, limit).try_map(|(row, part, center, rma)| {
        let record = StockUnit {
            serial_number: parsed(SerialNumber::parse(&row.serial_number))?,
            part_number: parsed(PartNumber::parse(&part))?,
            service_center: parsed(Code::parse(&center))?,
            state: row.state.0,
            note: parsed_if(row.note.as_ref(), Note::parse)?,
            rma: rma.and_then(RmaNumber::of),
        };
        Ok(Stand { id: row.id, version: row.version, created_at: row.created_at, updated_at: row.updated_at, record })
    })
}

/// Stores a unit that no RMA has; false if the version before it isn't there any more, or an RMA has taken it.
pub fn save(conn: &mut Conn, stand: &Stand<StockUnit>, part_id: Id, service_center_id: Id) -> Stored<bool> {
    let record = &stand.record;
    let row = StockUnitRow {
        id: stand.id,
        serial_number: record.serial_number.to_string(),
        part_id,
        service_center_id,
        state: Word(record.state),
        rma_line_id: None,
        note: record.note.as_ref().map(ToString::to_string),
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    write(conn, &row)
}

/// Which of these parts are kept in stock: a unit of them was booked once.
pub fn tracked(conn: &mut Conn, part_ids: &[Id]) -> Stored<Vec<Id>> {
    let booked = stock_units::table.filter(stock_units::part_id.eq(parts::id));
    Ok(of_each!(conn, parts::table.filter(diesel::dsl::exists(booked)).select(parts::id), parts::id, part_ids))
}

/// Free units of parts: center, part number, how many.
pub fn free(conn: &mut Conn, part_ids: &[Id]) -> Stored<Vec<(Code, PartNumber, u32)>> {
    use diesel::dsl::count_star;
    let rows: Vec<(String, String, i64)> = on!(conn, c => stock_units::table
        .inner_join(parts::table.on(parts::id.eq(stock_units::part_id)))
        .inner_join(service_centers::table.on(service_centers::id.eq(stock_units::service_center_id)))
        .filter(stock_units::part_id.eq_any(part_ids))
        .filter(stock_units::state.eq(Word(StockState::Received)))
        .group_by((service_centers::code, parts::number))
        .select((service_centers::code, parts::number, count_star())).load(c))?;
    let shelf = |(center, part, units): (String, String, i64)| {
        Ok((parsed(Code::parse(&center))?, parsed(PartNumber::parse(&part))?, u32::try_from(units).unwrap_or(u32::MAX)))
    };
    rows.into_iter().map(shelf).collect()
}

/// A unit that is held until the transaction ends.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Held {
    /// Its row.
    pub id: Id,
    /// What it says on it.
    pub serial_number: String,
}

/// The rows of free units of a part at a center that aren't held yet, the one that came first in front.
macro_rules! free_units {
    ($part:expr, $center:expr, $not:expr) => {
        stock_units::table
            .filter(stock_units::part_id.eq($part))
            .filter(stock_units::service_center_id.eq($center))
            .filter(stock_units::state.eq(Word(StockState::Received)))
            .filter(stock_units::id.ne_all($not))
            .order((stock_units::created_at, stock_units::id))
            .limit(1)
            .select((stock_units::id, stock_units::serial_number))
    };
}

/// Holds a free unit of a part at a center that isn't among `held`, or finds that there is none. On PostgreSQL it first takes one
/// that nobody else is about to take; where all are about to be taken it waits for the first of them, and whoever asks again
/// sees what became of it: a unit that another transaction gives back is not missed.
pub fn hold(conn: &mut Conn, part: Id, center: Id, held: &[Held]) -> Stored<Option<Held>> {
    let not: Vec<Id> = held.iter().map(|h| h.id).collect();
    Ok(match conn {
        Conn::Sqlite(c) => free_units!(part, center, &not).first(c).optional()?,
        Conn::Pg(c) => match free_units!(part, center, &not).for_update().skip_locked().first(c).optional()? {
            Some(unit) => Some(unit),
            None => free_units!(part, center, &not).for_update().first(c).optional()?,
        },
    })
}

/// What changes with every change of a unit's state.
macro_rules! becomes {
    ($state:expr, $now:expr) => {
        (stock_units::state.eq(Word($state)), stock_units::version.eq(stock_units::version + 1), stock_units::updated_at.eq($now))
    };
}

/// The reserved units of lines.
macro_rules! reserved_for {
    ($lines:expr) => {
        stock_units::table
            .filter(stock_units::rma_line_id.eq_any($lines.iter().copied().map(Some)))
            .filter(stock_units::state.eq(Word(StockState::Reserved)))
    };
}

/// Reserves a unit that is held for a line.
pub fn reserve(conn: &mut Conn, unit: &Held, line: Id, now: Ts) -> Stored<()> {
    let free = stock_units::table.filter(stock_units::id.eq(unit.id)).filter(stock_units::state.eq(Word(StockState::Received)));
    let set = (becomes!(StockState::Reserved, now), stock_units::rma_line_id.eq(Some(line)));
    let reserved = on!(conn, c => diesel::update(free).set(set).execute(c))?;
    match reserved {
        1 => Ok(()),
        _ => Err(StoreError::Other("a unit that was held is gone".to_owned())),
    }
}

/// The units of RMAs' lines: line, serial number, part number, state.
pub fn of_rmas(conn: &mut Conn, rmas: &[Id]) -> Stored<Vec<(Id, String, String, StockState)>> {
    let units = stock_units::table
        .inner_join(rma_lines::table.on(stock_units::rma_line_id.eq(rma_lines::id.nullable())))
        .inner_join(parts::table.on(parts::id.eq(stock_units::part_id)))
        .select((stock_units::rma_line_id, stock_units::serial_number, parts::number, stock_units::state));
    let rows: Vec<(Option<Id>, String, String, Word<StockState>)> = of_each!(conn, units, rma_lines::rma_id, rmas);
    Ok(rows.into_iter().filter_map(|(line, serial, part, state)| Some((line?, serial, part, state.0))).collect())
}

/// A unit, as the moves of an RMA see it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
#[expect(missing_docs, reason = "columns; see migrations/")]
pub struct Known {
    pub id: Id,
    pub serial_number: String,
    pub part_id: Id,
    pub service_center_id: Id,
    pub state: Word<StockState>,
    pub rma_line_id: Option<Id>,
}

impl From<Known> for Held {
    fn from(Known { id, serial_number, .. }: Known) -> Self {
        Self { id, serial_number }
    }
}

/// The columns of [`Known`].
const KNOWN: (
    stock_units::id,
    stock_units::serial_number,
    stock_units::part_id,
    stock_units::service_center_id,
    stock_units::state,
    stock_units::rma_line_id,
) = (
    stock_units::id,
    stock_units::serial_number,
    stock_units::part_id,
    stock_units::service_center_id,
    stock_units::state,
    stock_units::rma_line_id,
);

/// The unit with this serial number; on PostgreSQL its row is locked until the transaction ends.
pub fn lock(conn: &mut Conn, serial_number: &str) -> Stored<Option<Known>> {
    let wanted = stock_units::table.filter(stock_units::serial_number.eq(serial_number)).select(KNOWN);
    Ok(match conn {
        Conn::Sqlite(c) => wanted.get_result(c).optional()?,
        Conn::Pg(c) => wanted.for_update().get_result(c).optional()?,
    })
}

/// True if an RMA has the unit.
pub fn has_line(conn: &mut Conn, id: Id) -> Stored<bool> {
    use diesel::dsl::{exists, select};
    let owned = stock_units::table.find(id).filter(stock_units::rma_line_id.is_not_null());
    Ok(on!(conn, c => select(exists(owned)).get_result(c))?)
}

/// Takes the reserved units of lines from them: back on the shelf.
pub fn release(conn: &mut Conn, lines: &[Id], now: Ts) -> Stored<Vec<Known>> {
    let set = (becomes!(StockState::Received, now), stock_units::rma_line_id.eq(None::<Id>));
    Ok(on!(conn, c => diesel::update(reserved_for!(lines)).set(set).returning(KNOWN).get_results(c))?)
}

/// Marks the reserved units of lines as gone to the customer.
pub fn ship(conn: &mut Conn, lines: &[Id], now: Ts) -> Stored<usize> {
    Ok(on!(conn, c => diesel::update(reserved_for!(lines)).set(becomes!(StockState::Shipped, now)).execute(c))?)
}

/// Gives a unit in quarantine another state; the unit, if it was there.
pub fn leave_quarantine(conn: &mut Conn, serial_number: &str, state: StockState, now: Ts) -> Stored<Option<Known>> {
    let quarantined = stock_units::table
        .filter(stock_units::serial_number.eq(serial_number))
        .filter(stock_units::state.eq(Word(StockState::Quarantined)));
    Ok(on!(conn, c => diesel::update(quarantined).set(becomes!(state, now)).returning(KNOWN).get_result(c).optional())?)
}

/// A unit that went out is in the house again: in quarantine at the dock that scanned it. False if it wasn't out.
pub fn come_back(conn: &mut Conn, serial_number: &str, center: Option<Id>, now: Ts) -> Stored<bool> {
    let out =
        stock_units::table.filter(stock_units::serial_number.eq(serial_number)).filter(stock_units::state.eq(Word(StockState::Shipped)));
    let set = (becomes!(StockState::Quarantined, now), stock_units::rma_line_id.eq(None::<Id>));
    let back = match center {
        Some(center) => on!(conn, c => diesel::update(out).set((set, stock_units::service_center_id.eq(center))).execute(c))?,
        None => on!(conn, c => diesel::update(out).set(set).execute(c))?,
    };
    Ok(back == 1)
}

/// A line that waits for a unit.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Waiting {
    /// The line.
    pub line: Id,
    /// Its RMA's row.
    pub rma: Id,
}

/// The line that a unit of a part at a center is for: of those that wait there for it, or for what it stands in for, the one
/// whose parcel is due first.
pub fn next_waiting(conn: &mut Conn, part: Id, center: Id) -> Stored<Option<Waiting>> {
    let stands_in_for = part_substitutes::table.filter(part_substitutes::substitute_id.eq(part)).select(part_substitutes::part_id);
    let due = deadlines::table.on(deadlines::rma_id.eq(rmas::id).and(deadlines::kind.eq(Word(DeadlineKind::ShipBy))));
    Ok(on!(conn, c => rma_lines::table.inner_join(rmas::table.on(rmas::id.eq(rma_lines::rma_id))).inner_join(due)
        .filter(rma_lines::supply.eq(Word(Supply::Backordered)))
        .filter(diesel::dsl::not(rma_lines::void))
        .filter(rma_lines::part_id.eq(part).or(rma_lines::part_id.eq_any(stands_in_for)))
        .filter(rmas::service_center_id.eq(Some(center)))
        .filter(rmas::state.eq(Word(RmaState::Issued)))
        .order((deadlines::due_at, rmas::number, rma_lines::line))
        .select((rma_lines::id, rmas::id)).first(c).optional())?)
}

/// How many units of a part lie at a center, by state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// The part.
    pub part_number: String,
    /// The center.
    pub service_center: String,
    /// Units by state.
    pub units: Vec<(StockState, i64)>,
}

/// A page of levels by part and center. `after` is the last row of the page before.
pub fn levels(conn: &mut Conn, filter: &Filter, after: Option<(&str, &str)>, limit: i64) -> Stored<Page<Level>> {
    use diesel::dsl::count_star;
    let keys: Vec<(String, String)> = on!(conn, c => {
        let mut q = stock_units::table
            .inner_join(parts::table.on(parts::id.eq(stock_units::part_id)))
            .inner_join(service_centers::table.on(service_centers::id.eq(stock_units::service_center_id)))
            .select((parts::number, service_centers::code)).distinct().into_boxed();
        if let Some(part) = &filter.part_number { q = q.filter(parts::number.eq(part)); }
        if let Some(center) = &filter.service_center { q = q.filter(service_centers::code.eq(center)); }
        if let Some((part, center)) = after {
            q = q.filter(parts::number.gt(part).or(parts::number.eq(part).and(service_centers::code.gt(center))));
        }
        q.order((parts::number, service_centers::code)).limit(limit + 1).load(c)
    })?;
    let page = Page::of(keys, limit);
    let mut rows = Vec::new();
    for (part_number, service_center) in page.rows {
        let counts: Vec<(Word<StockState>, i64)> = on!(conn, c => stock_units::table
            .inner_join(parts::table.on(parts::id.eq(stock_units::part_id)))
            .inner_join(service_centers::table.on(service_centers::id.eq(stock_units::service_center_id)))
            .filter(parts::number.eq(&part_number)).filter(service_centers::code.eq(&service_center))
            .group_by(stock_units::state).select((stock_units::state, count_star())).load(c))?;
        rows.push(Level { part_number, service_center, units: counts.into_iter().map(|(state, units)| (state.0, units)).collect() });
    }
    Ok(Page { rows, more: page.more })
}
