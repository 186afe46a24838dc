//! Service centers that are asked for (P5.4), with the sites for which they are.

use super::catalog::catalog;
use super::conn::on;
use super::schema::{center_request_sites, center_requests, organizations, service_centers, sites};
use super::{Conn, Id, Json, Page, Stand, Stored, Ts, Word, parsed, parsed_if};
use crate::rules::center_request::{CenterRequest, Expected, RequestState, RequestedCenter};
use crate::rules::position::{Method, Point, Position};
use crate::rules::text::{Code, Country, Line, Note};
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = center_requests, treat_none_as_null = true, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct Row {
    id: Id,
    code: String,
    name: String,
    organization_id: Option<Id>,
    country: String,
    latitude: f64,
    longitude: f64,
    located_by: Word<Method>,
    radius_meters: f64,
    zone: String,
    note: Option<String>,
    requested_on: NaiveDate,
    expected_from: Option<NaiveDate>,
    expected_by: NaiveDate,
    due_at: Ts,
    working: Json,
    program_version: String,
    state: Word<RequestState>,
    service_center_id: Option<Id>,
    opened_on: Option<NaiveDate>,
    ended_at: Option<Ts>,
    reason: Option<String>,
    version: i32,
    created_at: Ts,
    updated_at: Ts,
}
catalog!(center_requests, Row, code);

/// Which requests are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub code: Option<String>,
    pub country: Option<String>,
    pub state: Option<RequestState>,
    /// Those that were expected before this instant, and are still open.
    pub overdue_at: Option<Ts>,
}

type Named = (Row, Option<String>, Option<String>);

/// A page of requests with the codes that they name, by code.
pub fn page(conn: &mut Conn, filter: &Filter, after: Option<&str>, limit: i64) -> Stored<Page<Stand<CenterRequest>>> {
    let rows: Vec<Named> = on!(conn, c => {
        let mut q = center_requests::table
            .left_join(organizations::table.on(center_requests::organization_id.eq(organizations::id.nullable())))
            .left_join(service_centers::table.on(center_requests::service_center_id.eq(service_centers::id.nullable())))
            .select((Row::as_select(), organizations::code.nullable(), service_centers::code.nullable())).into_boxed();
        if let Some(code) = &filter.code { q = q.filter(center_requests::code.eq(code)); }
        if let Some(country) = &filter.country { q = q.filter(center_requests::country.eq(country)); }
        if let Some(state) = filter.state { q = q.filter(center_requests::state.eq(Word(state))); }
        if let Some(at) = filter.overdue_at {
            q = q.filter(center_requests::state.eq(Word(RequestState::Requested))).filter(center_requests::due_at.le(at));
        }
        if let Some(after) = after { q = q.filter(center_requests::code.gt(after)); }
        q.order(center_requests::code).limit(limit + 1).load(c)
    })?;
    let page = Page::of(rows, limit);
    let ids: Vec<Id> = page.rows.iter().map(|(row, ..)| row.id).collect();
    let named: Vec<(Id, String)> = on!(conn, c => center_request_sites::table.inner_join(sites::table.on(sites::id.eq(center_request_sites::site_id)))
        .filter(center_request_sites::center_request_id.eq_any(ids)).order(sites::code)
        .select((center_request_sites::center_request_id, sites::code)).load(c))?;
    let mut by_request: HashMap<Id, Vec<Code>> = HashMap::new();
    for (request, site) in named {
        by_request.entry(request).or_default().push(parsed(Code::parse(&site))?);
    }
    page.try_map(|(row, organization, center)| {
        let sites = by_request.remove(&row.id).unwrap_or_default();
        row.stand(organization.as_ref(), center.as_ref(), sites)
    })
}

impl Row {
    fn stand(self, organization: Option<&String>, center: Option<&String>, sites: Vec<Code>) -> Stored<Stand<CenterRequest>> {
        let point = parsed(Point::new(self.latitude, self.longitude))?;
        let record = CenterRequest {
            code: parsed(Code::parse(&self.code))?,
            name: parsed(Line::parse(&self.name))?,
            organization: parsed_if(organization, Code::parse)?,
            sites,
            country: parsed(Country::parse(&self.country))?,
            position: Position::located(point, self.located_by.0, self.radius_meters),
            zone: super::types::zone(&self.zone)?,
            note: parsed_if(self.note.as_ref(), Note::parse)?,
            requested_on: self.requested_on,
            expected: Expected { earliest: self.expected_from, latest: self.expected_by, steps: self.working.read()? },
            program_version: self.program_version,
            state: self.state.0,
            service_center: parsed_if(center, Code::parse)?,
            opened_on: self.opened_on,
            ended_at: self.ended_at.map(Ts::at),
            reason: parsed_if(self.reason.as_ref(), Line::parse)?,
        };
        Ok(Stand { id: self.id, version: self.version, created_at: self.created_at, updated_at: self.updated_at, record })
    }
}

/// What a request refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// Its organization.
    pub organization: Option<Id>,
    /// The center that opened for it.
    pub service_center: Option<Id>,
    /// Its sites.
    pub sites: Vec<Id>,
}

/// Stores a request; false if the version before it isn't there any more.
pub fn save(conn: &mut Conn, stand: &Stand<CenterRequest>, links: &Links) -> Stored<bool> {
    let record = &stand.record;
    let row = Row {
        id: stand.id,
        code: record.code.to_string(),
        name: record.name.to_string(),
        organization_id: links.organization,
        country: record.country.to_string(),
        latitude: record.position.point.latitude(),
        longitude: record.position.point.longitude(),
        located_by: Word(record.position.method),
        radius_meters: record.position.radius_meters,
        zone: record.zone.name().to_owned(),
        note: record.note.as_ref().map(ToString::to_string),
        requested_on: record.requested_on,
        expected_from: record.expected.earliest,
        expected_by: record.expected.latest,
        due_at: record.due_at().into(),
        working: Json::of(&record.expected.steps)?,
        program_version: record.program_version.clone(),
        state: Word(record.state),
        service_center_id: links.service_center,
        opened_on: record.opened_on,
        ended_at: record.ended_at.map(Ts::from),
        reason: record.reason.as_ref().map(ToString::to_string),
        version: stand.version,
        created_at: stand.created_at,
        updated_at: stand.updated_at,
    };
    if !write(conn, &row)? {
        return Ok(false);
    }
    on!(conn, c => diesel::delete(center_request_sites::table.filter(center_request_sites::center_request_id.eq(stand.id))).execute(c))?;
    let of = |site: &Id| (center_request_sites::center_request_id.eq(stand.id), center_request_sites::site_id.eq(*site));
    let rows: Vec<_> = links.sites.iter().map(of).collect();
    on!(conn, c => diesel::insert_into(center_request_sites::table).values(&rows).execute(c))?;
    Ok(true)
}

/// Most open requests that one decision looks at.
pub const MOST: i64 = 1_000;

/// The open requests of countries that are counted as one, as the coverage check sees them (P5.4).
pub fn open(conn: &mut Conn, countries: &[String]) -> Stored<Vec<RequestedCenter>> {
    use center_requests as r;
    let rows: Vec<(String, f64, f64, Option<NaiveDate>, NaiveDate)> = on!(conn, c => r::table.filter(r::country.eq_any(countries))
        .filter(r::state.eq(Word(RequestState::Requested))).order((r::due_at, r::code)).limit(MOST)
        .select((r::code, r::latitude, r::longitude, r::expected_from, r::expected_by)).load(c))?;
    let request = |(code, north, east, earliest, latest): (String, f64, f64, _, _)| {
        Ok(RequestedCenter { code: parsed(Code::parse(&code))?, point: parsed(Point::new(north, east))?, earliest, latest })
    };
    rows.into_iter().map(request).collect()
}
