//! `/couriers`: who delivers Gold Plus (P4.2).

use super::body::Faults;
use super::crud::{self, Resource, resource, shown};
use super::lists::Listed;
use super::problem::Problem;
use super::query::Query;
use crate::actions::keep::couriers::Couriers;
use crate::actions::{Context, Done};
use crate::rules::record::Courier;
use crate::rules::text::{Code, Email, Line, Phone};
use crate::rules::tier::Language;
use crate::store::{Conn, Page, Stand, couriers};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A courier, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct CourierBody {
    /// Unique code.
    #[schema(value_type = String, example = "SWIFT-MIA")]
    code: Code,
    /// Name.
    #[schema(value_type = String, example = "Miami messengers")]
    name: Line,
    /// Where dispatches go.
    #[schema(value_type = String, example = "dispatch@example.com")]
    email: Email,
    /// Telephone number with its country code.
    #[schema(value_type = String, example = "+13055550123")]
    phone: Phone,
    /// Language of its letters, BCP 47.
    #[deserr(default = Language::English)]
    #[schema(value_type = String, required = false, default = "en", example = "en")]
    language: Language,
}

/// A courier, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of CourierBody")]
pub struct CourierView {
    pub code: String,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub language: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Listed for CourierView {
    const COLUMNS: &'static [&'static str] = &["code", "name", "email", "phone", "language", "version", "created_at", "updated_at"];
    fn key(&self) -> String {
        self.code.clone()
    }
}

impl Resource for Couriers {
    type Body = CourierBody;
    type View = CourierView;
    type Filter = ();
    const PATH: &'static str = "/api/v1/couriers";

    fn view(stand: Stand<Courier>) -> CourierView {
        let r = stand.record;
        CourierView {
            code: r.code.into(),
            name: r.name.into(),
            email: r.email.into(),
            phone: r.phone.into(),
            language: r.language.to_string(),
            version: stand.version,
            created_at: shown(stand.created_at),
            updated_at: shown(stand.updated_at),
        }
    }
    fn record(body: &CourierBody, _conn: &mut Conn, _ctx: &Context, _key: Option<&str>) -> Done<Courier> {
        Ok(Courier {
            code: body.code.clone(),
            name: body.name.clone(),
            email: body.email.clone(),
            phone: body.phone.clone(),
            language: body.language,
        })
    }
    fn filter(_query: &Query) -> Result<(), Problem> {
        Ok(())
    }
    fn page(conn: &mut Conn, _ctx: &Context, (): &(), after: Option<&str>, limit: i64) -> Done<Page<Stand<Courier>>> {
        Ok(couriers::page(conn, None, after, limit)?)
    }
}

resource! {
    Couriers: CourierBody => CourierView, "couriers", couriers, courier,
    at "/couriers" and "/couriers/{code}" by "code",
    filters {}
    /// Lists couriers by code.
    list;
    /// Adds a courier.
    add;
    /// Shows a courier.
    show;
    /// Replaces a courier.
    replace;
    /// Removes a courier that nothing refers to.
    remove;
}
