//! One connection of either engine, and transactions on it.

use super::error::StoreError;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager, TransactionManagerStatus};
use diesel::prelude::*;

/// A connection: the variant is the engine.
#[expect(missing_debug_implementations, reason = "diesel's connections have no Debug")]
pub enum Conn {
    /// PostgreSQL.
    Pg(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// `on!(conn, c => expr)`: `expr` is type-checked against both engines and run on the one at hand.
macro_rules! on {
    ($conn:expr, $c:ident => $body:expr) => {
        match $conn {
            $crate::store::Conn::Pg($c) => $body,
            $crate::store::Conn::Sqlite($c) => $body,
        }
    };
}
pub(crate) use on;

/// `add!(conn, table, rows)`: inserts a slice of rows. PostgreSQL gets them at once, for the way there and back costs most;
/// SQLite one by one, for a statement of any number of rows would be compiled anew each time.
macro_rules! add {
    ($conn:expr, $table:expr, $rows:expr) => {
        match $conn {
            $crate::store::Conn::Pg(c) => {
                diesel::insert_into($table).values($rows).execute(c)?;
            }
            $crate::store::Conn::Sqlite(c) => {
                for row in $rows {
                    diesel::insert_into($table).values(row).execute(c)?;
                }
            }
        }
    };
}
pub(crate) use add;

/// `of_each!(conn, query, column, ids)`: the rows of a query whose column is one of some values, in the query's order for each of
/// them. PostgreSQL is asked once; SQLite once a value, for a list of any length would be compiled anew each time.
macro_rules! of_each {
    ($conn:expr, $query:expr, $column:expr, $ids:expr) => {
        match $conn {
            $crate::store::Conn::Pg(c) => $query.filter($column.eq_any($ids)).load(c)?,
            $crate::store::Conn::Sqlite(c) => {
                let mut all = Vec::new();
                for id in $ids {
                    all.append(&mut $query.filter($column.eq(id)).load(c)?);
                }
                all
            }
        }
    };
}
pub(crate) use of_each;

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Read.
    Read,
    /// Read and write.
    Write,
}

/// What becomes of a transaction that went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It is kept.
    Commit,
    /// It is undone: a rehearsal.
    Rollback,
}

type Ansi = AnsiTransactionManager;

impl Conn {
    /// Connects to `postgres://…` or to a SQLite file (`sqlite://path` or a plain path).
    pub fn open(url: &str) -> Result<Self, StoreError> {
        if is_postgres(url) {
            let mut c = PgConnection::establish(url)?;
            c.batch_execute("SET TIME ZONE 'UTC'; SET statement_timeout = '30s'; SET lock_timeout = '10s'")?;
            return Ok(Self::Pg(c));
        }
        let mut c = SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap_or(url))?;
        c.batch_execute(
            // What savepoints keep for a rollback stays in memory; 64 MiB of pages are kept.
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA trusted_schema = OFF; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536",
        )?;
        Ok(Self::Sqlite(c))
    }

    /// Runs SQL without parameters.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(on!(self, c => c.batch_execute(sql))?)
    }

    /// One transaction, or a savepoint inside one. The body keeps `&mut Conn`, so that store functions compose.
    pub fn tx<T, E: From<StoreError>>(&mut self, mode: Mode, ending: Ending, body: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        self.begin(mode).map_err(StoreError::from)?;
        match (body(self), ending) {
            (Ok(value), Ending::Commit) => {
                on!(self, c => Ansi::commit_transaction(c)).map_err(StoreError::from)?;
                Ok(value)
            }
            (done, _) => {
                on!(self, c => Ansi::rollback_transaction(c)).map_err(StoreError::from)?;
                done
            }
        }
    }

    fn begin(&mut self, mode: Mode) -> QueryResult<()> {
        let depth = on!(self, c => match <Ansi as TransactionManager<_>>::transaction_manager_status_mut(c) {
            TransactionManagerStatus::Valid(status) => status.transaction_depth(),
            TransactionManagerStatus::InError => None,
        });
        match (depth, self) {
            (Some(_), Self::Pg(c)) => Ansi::begin_transaction(c),
            (Some(_), Self::Sqlite(c)) => Ansi::begin_transaction(c),
            (None, Self::Pg(c)) => {
                Ansi::begin_transaction_sql(c, if mode == Mode::Read { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" } else { "BEGIN" })
            }
            (None, Self::Sqlite(c)) => {
                Ansi::begin_transaction_sql(c, if mode == Mode::Read { "BEGIN DEFERRED" } else { "BEGIN IMMEDIATE" })
            }
        }
    }
}

/// True for a PostgreSQL URL.
pub(super) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// Makes connections for a pool.
#[derive(Debug)]
pub(super) struct Manager {
    pub(super) url: String,
    pub(super) read_only: bool,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = StoreError;
    fn connect(&self) -> Result<Conn, StoreError> {
        let mut conn = Conn::open(&self.url)?;
        if self.read_only {
            conn.batch("PRAGMA query_only = ON")?;
        }
        Ok(conn)
    }
    fn is_valid(&self, conn: &mut Conn) -> Result<(), StoreError> {
        use diesel::r2d2::R2D2Connection;
        Ok(on!(conn, c => c.ping())?)
    }
    fn has_broken(&self, conn: &mut Conn) -> bool {
        use diesel::r2d2::R2D2Connection;
        std::thread::panicking() || on!(conn, c => c.is_broken())
    }
}
