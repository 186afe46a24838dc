//! Keeping the records: adding, changing and removing customers, contracts, appliances, sites, the catalog and the network.
//!
//! What is the same for all of them is here; what a record refers to, and what its rules are, is in its own file.

pub mod appliances;
pub mod center_requests;
pub mod contracts;
pub mod couriers;
pub mod models;
pub mod organizations;
pub mod parts;
pub mod service_centers;
pub mod sites;
pub mod stock_units;

use super::{ActionError, Context, Done};
use crate::rules::refusal::Refusal;
use crate::store::{Conn, Id, Stand, StoreError, Stored};
use serde::Serialize;

/// A kind of record: how it is found, checked and stored.
pub trait Keep {
    /// The record.
    type Record: Serialize + Clone + PartialEq + Send + 'static;
    /// What it is called, in messages and in the audit.
    const KIND: &'static str;
    /// The natural key.
    fn key(record: &Self::Record) -> &str;
    /// The record with this key, if it is within the actor's sight.
    fn find(conn: &mut Conn, ctx: &Context, key: &str) -> Stored<Option<Stand<Self::Record>>>;
    /// The record that is meant by a key that it had before, for reading only.
    fn find_former(_conn: &mut Conn, _ctx: &Context, _key: &str) -> Stored<Option<Stand<Self::Record>>> {
        Ok(None)
    }
    /// Fills in what the record leaves to the one before it.
    fn settle(record: Self::Record, _before: Option<&Self::Record>) -> Self::Record {
        record
    }
    /// Checks the record against `before` and what it refers to, and stores it; false if the version before it is gone.
    fn store(conn: &mut Conn, ctx: &Context, stand: &Stand<Self::Record>, before: Option<&Self::Record>) -> Done<bool>;
    /// Removes the row.
    fn erase(conn: &mut Conn, ctx: &Context, id: Id, was: i32) -> Stored<bool>;
}

/// What became of a record that was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was new.
    Added,
    /// It was another before.
    Changed,
    /// It was there already, the same.
    Same,
}

/// The record with this key.
pub fn get<K: Keep>(conn: &mut Conn, ctx: &Context, key: &str) -> Done<Stand<K::Record>> {
    K::find(conn, ctx, key)?.ok_or(ActionError::NotFound(K::KIND))
}

/// The record with this key, or that had it before: for reading.
pub fn read<K: Keep>(conn: &mut Conn, ctx: &Context, key: &str) -> Done<Stand<K::Record>> {
    match K::find(conn, ctx, key)? {
        Some(found) => Ok(found),
        None => K::find_former(conn, ctx, key)?.ok_or(ActionError::NotFound(K::KIND)),
    }
}

/// Adds a record.
pub fn add<K: Keep>(conn: &mut Conn, ctx: &Context, record: K::Record) -> Done<Stand<K::Record>> {
    let stand = Stand::new(K::settle(record, None), ctx.ts());
    match K::store(conn, ctx, &stand, None) {
        Err(ActionError::Store(StoreError::Unique(_))) => return Err(ActionError::Exists(K::KIND)),
        stored => stored?,
    };
    ctx.record::<(), _>(conn, "added", (K::KIND, K::key(&stand.record)), None, Some(&stand.record))?;
    Ok(stand)
}

/// Replaces the record with this key, if it still has version `was` (any, without one). Its key can't change.
pub fn change<K: Keep>(conn: &mut Conn, ctx: &Context, key: &str, was: Option<i32>, record: K::Record) -> Done<Stand<K::Record>> {
    let before = get::<K>(conn, ctx, key)?;
    if was.is_some_and(|was| was != before.version) {
        return Err(ActionError::Changed(K::KIND));
    }
    if K::key(&record) != K::key(&before.record) {
        return Err(Refusal::input("key_mismatch", "", format!("the body names another {} than the address does", K::KIND)).into());
    }
    replace::<K>(conn, ctx, &before, record)
}

fn replace<K: Keep>(conn: &mut Conn, ctx: &Context, before: &Stand<K::Record>, record: K::Record) -> Done<Stand<K::Record>> {
    let after = before.changed(K::settle(record, Some(&before.record)), ctx.ts());
    if !K::store(conn, ctx, &after, Some(&before.record))? {
        return Err(ActionError::Changed(K::KIND));
    }
    ctx.record(conn, "changed", (K::KIND, K::key(&after.record)), Some(&before.record), Some(&after.record))?;
    Ok(after)
}

/// Removes the record with this key, if it still has version `was` (any, without one) and nothing refers to it.
pub fn remove<K: Keep>(conn: &mut Conn, ctx: &Context, key: &str, was: Option<i32>) -> Done<()> {
    let before = get::<K>(conn, ctx, key)?;
    match K::erase(conn, ctx, before.id, was.unwrap_or(before.version)) {
        Err(StoreError::Reference(_)) => return Err(ActionError::InUse(K::KIND)),
        Ok(true) => {}
        Ok(false) => return Err(ActionError::Changed(K::KIND)),
        Err(error) => return Err(error.into()),
    }
    ctx.record::<_, ()>(conn, "removed", (K::KIND, K::key(&before.record)), Some(&before.record), None)?;
    Ok(())
}

/// Adds the record, or makes the one with its key the same: what an import does with a row.
pub fn put<K: Keep>(conn: &mut Conn, ctx: &Context, record: K::Record) -> Done<Put> {
    let before = K::find(conn, ctx, K::key(&record))?;
    let record = K::settle(record, before.as_ref().map(|before| &before.record));
    match before {
        None => add::<K>(conn, ctx, record).map(|_| Put::Added),
        Some(before) if before.record == record => Ok(Put::Same),
        Some(before) => replace::<K>(conn, ctx, &before, record).map(|_| Put::Changed),
    }
}

/// The identifier that a code stands for, or the refusal that names the field.
pub(super) fn resolve(id: Option<Id>, code: &'static str, field: &str, what: &str, key: &str) -> Result<Id, Refusal> {
    id.ok_or_else(|| Refusal::input(code, field, format!("there is no {what} {key}")))
}

/// Gives every refusal at once, or what was resolved.
pub(super) fn all<T>(results: Vec<Result<T, Refusal>>) -> Result<Vec<T>, Vec<Refusal>> {
    let mut good = Vec::new();
    let mut refusals = Vec::new();
    for result in results {
        match result {
            Ok(value) => good.push(value),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() { Ok(good) } else { Err(refusals) }
}

/// Refuses a country that doesn't exist.
pub(super) fn known_country(country: &crate::rules::text::Country, field: &str) -> Result<(), Refusal> {
    match crate::reference::countries::exists(country.as_str()) {
        true => Ok(()),
        false => Err(Refusal::input("unknown_country", field, format!("{country} is no ISO 3166-1 country"))),
    }
}
