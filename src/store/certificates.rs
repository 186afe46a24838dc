//! Coverage certificates (P5.2, P5.3): one current one a site, and those before it.

use super::conn::on;
use super::schema::{coverage_certificates as certificates, organizations, sites};
use super::{Conn, Id, Json, Page, Stored, Ts, Word, parsed, parsed_if};
use crate::reference::countries::territories;
use crate::rules::certificate::{Cause, Certificate, Considered, METHOD};
use crate::rules::coverage::Verdict;
use crate::rules::position::{Grade, Method, Point};
use crate::rules::program::GoldPlusTerms;
use crate::rules::text::Code;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

/// Meters of a degree of latitude where it is shortest: two places can't be nearer than this for each degree between.
const LEAST_METERS_PER_DEGREE: f64 = 110_567.0;

#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = certificates, treat_none_as_default_value = false, check_for_backend(diesel::pg::Pg, diesel::sqlite::Sqlite))]
struct CertificateRow {
    id: Id,
    site_id: Id,
    certified_at: Ts,
    verdict: Word<Verdict>,
    nearest: Option<String>,
    distance_meters: Option<f64>,
    limit_miles: f64,
    margin_miles: Option<f64>,
    closeness_miles: f64,
    reach_meters: f64,
    method: String,
    grade: Word<Grade>,
    radius_meters: f64,
    latitude: Option<f64>,
    longitude: Option<f64>,
    program_version: String,
    considered: Json,
    reasons: Json,
    cause: Word<Cause>,
    replaced_at: Option<Ts>,
    located_by: Option<Word<Method>>,
    question_beyond_km: f64,
    territories_count: bool,
    position_confirmed: bool,
}

/// A certificate as it was stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its identifier.
    pub id: Id,
    /// When it was made.
    pub certified_at: Ts,
    /// How distances were measured.
    pub method: String,
    /// Why it was made.
    pub cause: Cause,
    /// When another took its place.
    pub replaced_at: Option<Ts>,
    /// What it says.
    pub certificate: Certificate,
}

impl CertificateRow {
    fn kept(self) -> Stored<Kept> {
        let point = self.latitude.zip(self.longitude).map(|(lat, lon)| parsed(Point::new(lat, lon))).transpose()?;
        let nearest = parsed_if(self.nearest.as_ref(), Code::parse)?.zip(self.distance_meters);
        let certificate = Certificate {
            verdict: self.verdict.0,
            nearest: nearest.map(|(center, meters)| Considered { center, meters }),
            limit_miles: self.limit_miles,
            position: point.map(|point| super::position(point, self.grade, self.located_by, self.radius_meters)),
            position_confirmed: self.position_confirmed,
            program_version: self.program_version,
            question_beyond_km: self.question_beyond_km,
            territories_count: self.territories_count,
            considered: self.considered.read()?,
            reasons: self.reasons.read()?,
        };
        Ok(Kept {
            id: self.id,
            certified_at: self.certified_at,
            method: self.method,
            cause: self.cause.0,
            replaced_at: self.replaced_at,
            certificate,
        })
    }
}

/// The current certificate of a site.
pub fn current(conn: &mut Conn, site: Id) -> Stored<Option<Certificate>> {
    let row: Option<CertificateRow> = on!(conn, c => certificates::table.filter(certificates::site_id.eq(site))
        .filter(certificates::replaced_at.is_null()).select(CertificateRow::as_select()).get_result(c).optional())?;
    row.map(|row| row.kept().map(|kept| kept.certificate)).transpose()
}

/// Since when the certificates of a site have had this verdict without a break.
pub fn verdict_since(conn: &mut Conn, site: Id, verdict: Verdict) -> Stored<Option<Ts>> {
    let of_site = || certificates::table.filter(certificates::site_id.eq(site));
    let other: Option<Option<Ts>> = on!(conn, c => of_site().filter(certificates::replaced_at.is_not_null()).filter(certificates::verdict.ne(Word(verdict)))
        .order(certificates::replaced_at.desc()).select(certificates::replaced_at).first(c).optional())?;
    match other.flatten() {
        Some(at) => Ok(Some(at)),
        None => Ok(on!(conn, c => of_site().order(certificates::certified_at).select(certificates::certified_at).first(c).optional())?),
    }
}

/// Makes a certificate the current one of its site; its identifier.
pub fn replace(conn: &mut Conn, site: Id, certificate: &Certificate, cause: Cause, at: Ts) -> Stored<Id> {
    on!(conn, c => diesel::update(certificates::table.filter(certificates::site_id.eq(site)).filter(certificates::replaced_at.is_null()))
        .set(certificates::replaced_at.eq(Some(at))).execute(c))?;
    let position = certificate.position;
    let row = CertificateRow {
        id: Id::new(),
        site_id: site,
        certified_at: at,
        verdict: Word(certificate.verdict),
        nearest: certificate.nearest.as_ref().map(|near| near.center.to_string()),
        distance_meters: certificate.nearest.as_ref().map(|near| near.meters),
        limit_miles: certificate.limit_miles,
        margin_miles: certificate.margin_miles(),
        closeness_miles: certificate.closeness_miles(),
        reach_meters: certificate.reach_meters(),
        method: METHOD.to_owned(),
        grade: Word(position.map_or(Grade::None, |p| p.grade)),
        radius_meters: position.map_or(0.0, |p| p.radius_meters),
        latitude: position.map(|p| p.point.latitude()),
        longitude: position.map(|p| p.point.longitude()),
        program_version: certificate.program_version.clone(),
        considered: Json::of(&certificate.considered)?,
        reasons: Json::of(&certificate.reasons)?,
        cause: Word(cause),
        replaced_at: None,
        located_by: position.map(|p| Word(p.method)),
        question_beyond_km: certificate.question_beyond_km,
        territories_count: certificate.territories_count,
        position_confirmed: certificate.position_confirmed,
    };
    on!(conn, c => diesel::insert_into(certificates::table).values(&row).execute(c))?;
    Ok(row.id)
}

/// A page of the certificates of a site, newest first.
pub fn of_site(conn: &mut Conn, site: Id, after: Option<(Ts, Id)>, limit: i64) -> Stored<Page<Kept>> {
    let rows: Vec<CertificateRow> = on!(conn, c => {
        let mut q = certificates::table.filter(certificates::site_id.eq(site)).select(CertificateRow::as_select()).into_boxed();
        if let Some((at, id)) = after {
            q = q.filter(certificates::certified_at.le(at).and(certificates::certified_at.lt(at).or(certificates::id.lt(id))));
        }
        q.order((certificates::certified_at.desc(), certificates::id.desc())).limit(limit + 1).load(c)
    })?;
    Page::of(rows, limit).try_map(CertificateRow::kept)
}

/// Which current certificates are wanted.
#[derive(Debug, Clone, Default)]
#[expect(missing_docs, reason = "filters by column")]
pub struct Filter {
    pub organization: Option<Id>,
    pub country: Option<String>,
    pub verdict: Option<Verdict>,
    pub margin_below: Option<f64>,
}

/// A current certificate with its site.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The site's code.
    pub site: String,
    /// The code of its organization.
    pub organization: String,
    /// Its country.
    pub country: String,
    /// The certificate.
    pub kept: Kept,
}

/// A page of the current certificates, the most borderline first, those without a margin last.
pub fn report(conn: &mut Conn, filter: &Filter, after: Option<(f64, Id)>, limit: i64) -> Stored<Page<Reported>> {
    let rows: Vec<(CertificateRow, String, String, String)> = on!(conn, c => {
        let mut q = certificates::table.inner_join(sites::table.on(sites::id.eq(certificates::site_id)))
            .inner_join(organizations::table.on(organizations::id.eq(sites::organization_id)))
            .filter(certificates::replaced_at.is_null())
            .select((CertificateRow::as_select(), sites::code, organizations::code, sites::country)).into_boxed();
        if let Some(organization) = filter.organization { q = q.filter(sites::organization_id.eq(organization)); }
        if let Some(country) = &filter.country { q = q.filter(sites::country.eq(country)); }
        if let Some(verdict) = filter.verdict { q = q.filter(certificates::verdict.eq(Word(verdict))); }
        if let Some(miles) = filter.margin_below {
            q = q.filter(certificates::closeness_miles.lt(miles)).filter(certificates::margin_miles.is_not_null());
        }
        if let Some((miles, id)) = after {
            q = q.filter(certificates::closeness_miles.ge(miles).and(certificates::closeness_miles.gt(miles).or(certificates::id.gt(id))));
        }
        q.order((certificates::closeness_miles, certificates::id)).limit(limit + 1).load(c)
    })?;
    Page::of(rows, limit).try_map(|(row, site, organization, country)| Ok(Reported { site, organization, country, kept: row.kept()? }))
}

/// When a site is due that is to be looked at as soon as may be: before all others.
fn at_once() -> Option<Ts> {
    Some(Ts::from(DateTime::<Utc>::UNIX_EPOCH))
}

/// Flags the sites to which a center that came, changed or went may make a difference: those of the countries that it counts
/// for whose certificate names it, or has no nearest center, or has one so far away that this one may be nearer, by latitude
/// alone.
pub fn flag_near(conn: &mut Conn, countries: &[String], center: &Code, point: Point) -> Stored<usize> {
    let (north, meters) = (point.latitude(), LEAST_METERS_PER_DEGREE);
    let flagged = on!(conn, c => {
        let south_of_reach = (certificates::latitude - north) * meters;
        let north_of_reach = (certificates::latitude * -1.0 + north) * meters;
        let concerned = certificates::table.filter(certificates::replaced_at.is_null()).filter(
            certificates::nearest.is_null().or(certificates::nearest.eq(center.as_str()).or(
                south_of_reach.le(certificates::reach_meters.nullable()).and(north_of_reach.le(certificates::reach_meters.nullable()))
            )).assume_not_null()
        ).select(certificates::site_id);
        diesel::update(sites::table.filter(sites::country.eq_any(countries)).filter(sites::id.eq_any(concerned)))
            .set(sites::certify_at.eq(at_once())).execute(c)
    })?;
    Ok(flagged)
}

/// Flags the sites whose certificate rests on other terms than the program has: on another limit (one pass a country that
/// the program names, and one for all others), on given coordinates that were questioned from another distance on, or on
/// territories that counted otherwise.
pub fn flag_terms(conn: &mut Conn, terms: &GoldPlusTerms) -> Stored<usize> {
    let mut flagged = 0;
    macro_rules! flag {
        ($of_country:expr, $other:expr) => {
            flagged += on!(conn, c => {
                let other = certificates::table.filter(certificates::replaced_at.is_null()).filter($other);
                diesel::update(sites::table.filter($of_country).filter(sites::id.eq_any(other.select(certificates::site_id))))
                    .set(sites::certify_at.eq(at_once())).execute(c)
            })?
        };
    }
    let mut named = Vec::new();
    for (country, miles) in &terms.radius_miles_by_country {
        let countries = terms.counted_with(country);
        flag!(sites::country.eq_any(&countries), certificates::limit_miles.ne(*miles));
        named.extend(countries);
    }
    flag!(sites::country.ne_all(&named), certificates::limit_miles.ne(terms.radius_miles_elsewhere));
    let concerned: Vec<&str> = territories().flat_map(|(territory, sovereign)| [territory, sovereign]).collect();
    flag!(sites::country.eq_any(&concerned), certificates::territories_count.ne(!terms.territories.is_empty()));
    flag!(sites::grade.eq(Word(Grade::Given)), certificates::question_beyond_km.ne(terms.question_beyond_km));
    Ok(flagged)
}

/// Sites whose certificate is to be looked at now; on PostgreSQL locked, and those that another node holds are skipped.
pub fn due(conn: &mut Conn, now: Ts, limit: i64) -> Stored<Vec<(Id, Id)>> {
    macro_rules! due {
        () => {
            sites::table.filter(sites::certify_at.le(now)).order(sites::certify_at).limit(limit).select((sites::id, sites::organization_id))
        };
    }
    Ok(match conn {
        Conn::Pg(c) => due!().for_update().skip_locked().load(c)?,
        Conn::Sqlite(c) => due!().load(c)?,
    })
}

/// Sets when the certificate of a site is to be looked at again.
pub fn set_due(conn: &mut Conn, site: Id, at: Option<Ts>) -> Stored<()> {
    on!(conn, c => diesel::update(sites::table.find(site)).set(sites::certify_at.eq(at)).execute(c))?;
    Ok(())
}
