//! Organizations and their contacts.

use super::catalog::catalog;
use super::conn::{of_each, on};
use super::schema::{contacts, organizations};
use super::{Conn, Id, Page, Stand, Stored, Ts, Word, parsed, parsed_if};
use crate::rules::record::{Contact, Organization};
use crate::rules::text::{Code, Country, Email, Line, Phone, Subdivision};
use crate::rules::tier::{Language, Region};
use diesel::prelude::*;
use std::collections::HashMap;

/// A customer.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = organizations, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct OrganizationRow {
    id: Id,
    code: String,
    name: String,
    region: Word<Region>,
    country: String,
    subdivision: Option<String>,
    language: Word<Language>,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(organizations, OrganizationRow, code);

/// Somebody at a customer who gets the letters.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct ContactRow {
    id: Id,
    organization_id: Id,
    position: i32,
    name: String,
    email: String,
    phone: Option<String>,
}

/// Which organizations are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub code: Option<String>,
    pub region: Option<Region>,
    pub country: Option<String>,
}

/// A page of organizations with their contacts, by code.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<&str>, limit: i64) -> Stored<Page<Stand<Organization>>> {
    let rows: Vec<OrganizationRow> = on!(conn, c => {
        let mut q = organizations::table.select(OrganizationRow::as_select()).into_boxed();
        if let Some(code) = &filter.code { q = q.filter(organizations::code.eq(code)); }
        if let Some(region) = filter.region { q = q.filter(organizations::region.eq(Word(region))); }
        if let Some(country) = &filter.country { q = q.filter(organizations::country.eq(country)); }
        if let Some(after) = after { q = q.filter(organizations::code.gt(after)); }
        q.order(organizations::code).limit(limit + 1).load(c)
    })?;
    with_contacts(conn, Page::of(rows, limit))
}

diesel::define_sql_function! {
    /// In small letters.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// The first organization whose name begins so, however it is capitalized.
pub fn by_name(conn: &mut Conn, start: &str) -> Stored<Option<Id>> {
    let escaped: String =
        start.to_lowercase().chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect();
    Ok(on!(conn, c => organizations::table.filter(lower(organizations::name).like(format!("{escaped}%")).escape('\\'))
        .order(organizations::code).select(organizations::id).first(c).optional())?)
}

/// The organization with this identifier.
pub fn get(conn: &mut Conn, id: Id) -> Stored<Option<Stand<Organization>>> {
    Ok(all(conn, &[id])?.pop())
}

/// The organizations with these identifiers.
pub fn all(conn: &mut Conn, ids: &[Id]) -> Stored<Vec<Stand<Organization>>> {
    let rows: Vec<OrganizationRow> = of_each!(conn, organizations::table.select(OrganizationRow::as_select()), organizations::id, ids);
    Ok(with_contacts(conn, Page { rows, more: false })?.rows)
}

fn with_contacts(conn: &mut Conn, page: Page<OrganizationRow>) -> Stored<Page<Stand<Organization>>> {
    let ids: Vec<Id> = page.rows.iter().map(|o| o.id).collect();
    let all: Vec<ContactRow> = of_each!(
        conn,
        contacts::table.order((contacts::organization_id, contacts::position)).select(ContactRow::as_select()),
        contacts::organization_id,
        ids
    );
    let mut by_owner: HashMap<Id, Vec<Contact>> = HashMap::new();
    for row in &all {
        let contact = Contact {
            name: parsed(Line::parse(&row.name))?,
            email: parsed(Email::parse(&row.email))?,
            phone: parsed_if(row.phone.as_ref(), Phone::parse)?,
        };
        by_owner.entry(row.organization_id).or_default().push(contact);
    }
    page.try_map(|row| {
        let record = Organization {
            code: parsed(Code::parse(&row.code))?,
            name: parsed(Line::parse(&row.name))?,
            region: row.region.0,
            country: parsed(Country::parse(&row.country))?,
            subdivision: parsed_if(row.subdivision.as_ref(), Subdivision::parse)?,
            language: row.language.0,
            contacts: by_owner.remove(&row.id).unwrap_or_default(),
        };
        Ok(Stand { id: row.id, version: row.version, created_at: row.created_at, updated_at: row.updated_at, record })
    })
}

/// Stores an organization with its contacts; false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<Organization>) -> Stored<bool> {
    let record = &stand.record;
    let row = OrganizationRow {
        id: stand.id,
        code: record.code.to_string(),
        name: record.name.to_string(),
        region: Word(record.region),
        country: record.country.to_string(),
        subdivision: record.subdivision.as_ref().map(ToString::to_string),
        language: Word(record.language),
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    if !write(conn, &row)? {
        return Ok(false);
    }
    let contact = |(position, contact): (i32, &Contact)| ContactRow {
        id: Id::new(),
        organization_id: stand.id,
        position,
        name: contact.name.to_string(),
        email: contact.email.to_string(),
        phone: contact.phone.as_ref().map(ToString::to_string),
    };
    let rows: Vec<ContactRow> = (1_i32..).zip(&record.contacts).map(contact).collect();
    on!(conn, c => diesel::delete(contacts::table.filter(contacts::organization_id.eq(stand.id))).execute(c))?;
    on!(conn, c => diesel::insert_into(contacts::table).values(&rows).execute(c))?;
    Ok(true)
}
