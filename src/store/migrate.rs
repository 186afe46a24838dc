//! Bringing the schema up to date, safely when several nodes start at once.

use super::conn::{Conn, is_postgres, on};
use super::error::StoreError;
use diesel::backend::Backend;
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Other(format!("migration failed: {error}"))
}

/// Runs what is pending; gives the names of what was run. On PostgreSQL a row lock held by a second connection lets one
/// node at a time through (advisory locks don't exist on every engine that speaks the protocol).
pub fn up(url: &str) -> Result<Vec<String>, StoreError> {
    let mut conn = Conn::open(url)?;
    if !is_postgres(url) {
        return run(&mut conn);
    }
    let mut lock = PgConnection::establish(url)?;
    if lock.batch_execute("CREATE TABLE IF NOT EXISTS migration_lock (id INTEGER PRIMARY KEY)").is_err() {
        // Two nodes created it at the same instant: the other one's table is there now.
        lock.batch_execute("SELECT id FROM migration_lock LIMIT 0")?;
    }
    lock.batch_execute("INSERT INTO migration_lock VALUES (1) ON CONFLICT DO NOTHING")?;
    lock.transaction(|lock| {
        lock.batch_execute("SELECT id FROM migration_lock WHERE id = 1 FOR UPDATE")?;
        run(&mut conn)
    })
}

fn run(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let done = match conn {
        Conn::Pg(c) => c.run_pending_migrations(POSTGRES),
        Conn::Sqlite(c) => c.run_pending_migrations(SQLITE),
    };
    Ok(done.map_err(failed)?.iter().map(ToString::to_string).collect())
}

/// Undoes every migration: for tests of `down.sql`, and for nothing else.
pub fn down(url: &str) -> Result<(), StoreError> {
    let mut conn = Conn::open(url)?;
    match &mut conn {
        Conn::Pg(c) => c.revert_all_migrations(POSTGRES).map(drop),
        Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map(drop),
    }
    .map_err(failed)
}

/// How many migrations are still to be run. Only reads: diesel's own count would make its table first, which a read-only
/// transaction refuses.
pub fn pending(conn: &mut Conn) -> Result<usize, StoreError> {
    let known = match conn {
        Conn::Pg(_) => versions::<Pg>(&POSTGRES),
        Conn::Sqlite(_) => versions::<Sqlite>(&SQLITE),
    }
    .map_err(failed)?;
    let begun: bool = match conn {
        Conn::Pg(c) => diesel::select(sql::<Bool>("to_regclass('__diesel_schema_migrations') IS NOT NULL")).get_result(c)?,
        Conn::Sqlite(c) => {
            diesel::select(sql::<Bool>("EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '__diesel_schema_migrations')")).get_result(c)?
        }
    };
    if !begun {
        return Ok(known.len());
    }
    let done: Vec<String> = on!(conn, c => __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(c))?;
    Ok(known.iter().filter(|version| !done.contains(version)).count())
}

diesel::table! {
    /// What diesel has run.
    __diesel_schema_migrations (version) {
        /// The digits of a folder's name.
        version -> Text,
    }
}

fn versions<DB: Backend>(source: &impl MigrationSource<DB>) -> diesel::migration::Result<Vec<String>> {
    Ok(source.migrations()?.iter().map(|migration| migration.name().version().to_string()).collect())
}
