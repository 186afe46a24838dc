//! Importing CSV files: every row becomes a record that is put as if it came through the API, all of them or none.
//!
//! A file is read, and what can be known beforehand (positions, zones) worked out, before the transaction begins: the
//! transaction only compares and writes. Every fault of the whole file is told at once, by line and column.

mod records;

use super::keep::{self, Keep, Put};
use super::{ActionError, Context, Done};
use crate::feeds::{self, Fault, Feed, Limits, Numbered};
use crate::feeds::{appliances, contracts, couriers, organizations, parts, service_centers, sites, stock_units};
use crate::rules::refusal::Refusal;
use crate::rules::term::terms;
use crate::store::error::Failure;
use crate::store::{Conn, StoreError};
use serde::Serialize;
use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Faults of one file that are told; after them the search ends.
pub const MAX_FAULTS: usize = 1_000;

terms! {
    /// What can be imported, in the order in which files refer to one another.
    ImportKind, "kind of import" {
        /// Customers.
        Organizations => "organizations",
        /// Parts, and the models they name.
        Parts => "parts",
        /// Couriers.
        Couriers => "couriers",
        /// Service centers; they name couriers.
        ServiceCenters => "service-centers",
        /// Sites; they name organizations.
        Sites => "sites",
        /// Contracts; they name organizations.
        Contracts => "contracts",
        /// Appliances; they name organizations, models, sites and contracts.
        Appliances => "appliances",
        /// Units in stock; they name parts and service centers.
        StockUnits => "stock-units",
    }
}

/// What became of a file's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Rows that were new.
    pub added: u64,
    /// Rows whose records were different.
    pub changed: u64,
    /// Rows whose records were the same.
    pub unchanged: u64,
}

/// Why nothing was imported.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ImportError {
    /// The file is wrong; at least one fault, by line.
    #[error("the file has {} faults", .0.len())]
    Faults(Vec<Fault>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Failure for ImportError {
    fn may_retry(&self) -> bool {
        matches!(self, Self::Store(StoreError::Retry))
    }
}

/// A feed whose rows become records.
trait Import: Feed {
    /// The kind of its records.
    type Kind: Keep;
    /// The record of a row.
    fn record(self, ctx: &Context) -> RecordOf<Self>;
    /// What must be there before the record can be put.
    fn prepare(_conn: &mut Conn, _ctx: &Context, _record: &RecordOf<Self>) -> Done<()> {
        Ok(())
    }
}

type RecordOf<F> = <<F as Import>::Kind as Keep>::Record;

/// A file that was read. Cheap to clone; can be imported more than once, as transactions that are tried again do.
#[derive(Clone)]
pub struct Batch {
    kind: ImportKind,
    rows: Arc<dyn Rows>,
}

impl fmt::Debug for Batch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").field("kind", &self.kind).field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

impl Batch {
    /// What it holds.
    pub fn kind(&self) -> ImportKind {
        self.kind
    }
    /// How many rows could be read.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// True if no row could be read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The rows of some feed.
trait Rows: Send + Sync {
    fn len(&self) -> usize;
    fn put_all(&self, conn: &mut Conn, ctx: &Context, done: &AtomicU64) -> Result<ImportReport, ImportError>;
}

struct Typed<F: Import> {
    records: Vec<Numbered<RecordOf<F>>>,
    faults: Vec<Fault>,
}

/// Reads a file of this kind: a pure step, for outside of the transaction. Its faults are kept for [`import`], which may
/// find more.
pub fn read(ctx: &Context, kind: ImportKind, input: impl Read) -> Batch {
    fn of<F: Import + 'static>(ctx: &Context, input: impl Read) -> Arc<dyn Rows>
    where
        RecordOf<F>: Sync,
    {
        let reading = feeds::read::<F>(input, Limits { faults: MAX_FAULTS, ..Limits::default() });
        let numbered = |row: Numbered<F>| Numbered { line: row.line, row: row.row.record(ctx) };
        Arc::new(Typed::<F> { records: reading.rows.into_iter().map(numbered).collect(), faults: reading.faults })
    }
    let rows = match kind {
        ImportKind::Organizations => of::<organizations::Row>(ctx, input),
        ImportKind::Parts => of::<parts::Row>(ctx, input),
        ImportKind::Couriers => of::<couriers::Row>(ctx, input),
        ImportKind::ServiceCenters => of::<service_centers::Row>(ctx, input),
        ImportKind::Sites => of::<sites::Row>(ctx, input),
        ImportKind::Contracts => of::<contracts::Row>(ctx, input),
        ImportKind::Appliances => of::<appliances::Row>(ctx, input),
        ImportKind::StockUnits => of::<stock_units::Row>(ctx, input),
    };
    Batch { kind, rows }
}

/// Puts every row, or fails with everything that is wrong, which undoes the transaction. `done` counts the rows tried, for
/// whoever watches.
pub fn import(conn: &mut Conn, ctx: &Context, batch: &Batch, done: &AtomicU64) -> Result<ImportReport, ImportError> {
    batch.rows.put_all(conn, ctx, done)
}

impl<F: Import> Rows for Typed<F>
where
    RecordOf<F>: Sync,
{
    fn len(&self) -> usize {
        self.records.len()
    }

    fn put_all(&self, conn: &mut Conn, ctx: &Context, done: &AtomicU64) -> Result<ImportReport, ImportError> {
        done.store(0, Ordering::Relaxed);
        let mut report = ImportReport::default();
        let mut faults = self.faults.clone();
        for Numbered { line, row } in &self.records {
            if faults.len() >= MAX_FAULTS {
                faults.push(Fault { line: *line, column: None, code: "too_many_faults", detail: TOO_MANY.to_owned() });
                break;
            }
            match F::prepare(conn, ctx, row).and_then(|()| keep::put::<F::Kind>(conn, ctx, row.clone())) {
                Ok(Put::Added) => report.added += 1,
                Ok(Put::Changed) => report.changed += 1,
                Ok(Put::Same) => report.unchanged += 1,
                Err(error) => {
                    let fatal = ends_transaction(&error);
                    faults.extend(blamed::<F>(*line, error)?);
                    if fatal {
                        break;
                    }
                }
            }
            done.fetch_add(1, Ordering::Relaxed);
        }
        match faults.is_empty() {
            true => Ok(report),
            false => {
                faults.sort_by_key(|fault| fault.line);
                Err(ImportError::Faults(faults))
            }
        }
    }
}

const TOO_MANY: &str = "reading stopped after 1000 faults; there may be more";

/// True where the database itself refused a row: on PostgreSQL nothing more can be asked in this transaction. It takes
/// somebody else who writes the same record at the same time, so the rows that follow are looked at next time.
fn ends_transaction(error: &ActionError) -> bool {
    matches!(error, ActionError::Exists(_) | ActionError::InUse(_) | ActionError::Store(_))
}

/// An error as faults of a line; a failure of the store that is not the row's fault stays one.
fn blamed<F: Feed>(line: u64, error: ActionError) -> Result<Vec<Fault>, StoreError> {
    let fault = |code: &'static str, detail: String| vec![Fault { line, column: None, code, detail }];
    Ok(match error {
        ActionError::Refused(refusals) => refusals.into_iter().map(|refusal| refused::<F>(line, refusal)).collect(),
        ActionError::NotFound(what) => fault("not_found", format!("there is no such {what}")),
        ActionError::Changed(what) => fault("changed", format!("the {what} was changed by somebody else meanwhile; import again")),
        ActionError::Exists(what) => fault("exists", format!("the {what} was added by somebody else meanwhile; import again")),
        ActionError::InUse(what) => fault("in_use", format!("the {what} is in use")),
        ActionError::Store(StoreError::Check(name)) => fault("refused_by_schema", format!("the database refuses the row ({name})")),
        ActionError::Store(StoreError::Unique(name)) => fault("exists", format!("another record has a key of this row ({name})")),
        ActionError::Store(error) => return Err(error),
    })
}

fn refused<F: Feed>(line: u64, refusal: Refusal) -> Fault {
    let column = refusal.field.as_deref().and_then(column_of::<F>).map(str::to_owned);
    Fault { line, column, code: refusal.code, detail: refusal.detail }
}

/// The column that a pointer into a record means: the first of its parts that is one.
fn column_of<F: Feed>(pointer: &str) -> Option<&'static str> {
    let named = |name: &str| feeds::columns::<F>().find(|column| *column == name);
    let parts = || pointer.split('/').filter(|part| !part.is_empty());
    parts().find_map(named).or_else(|| {
        parts().find_map(|part| match part {
            "address" => named("address_1"),
            "position" | "point" => named("latitude"),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests;
