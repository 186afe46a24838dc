//! `/models`: product models.

use super::body::Faults;
use super::crud::{self, Resource, resource, shown};
use super::lists::Listed;
use super::problem::Problem;
use super::query::Query;
use crate::actions::keep::models::Models;
use crate::actions::{Context, Done};
use crate::rules::record::Model;
use crate::rules::text::{Code, Line};
use crate::store::{Conn, Page, Stand, models};
use chrono::{DateTime, Utc};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A model, as it is sent.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ModelBody {
    /// Unique code.
    #[schema(value_type = String, example = "EDGE-400")]
    code: Code,
    /// Name.
    #[schema(value_type = String, example = "Edge 400 gateway")]
    name: Line,
}

/// A model, as it is shown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[expect(missing_docs, reason = "the members of ModelBody")]
pub struct ModelView {
    pub code: String,
    pub name: String,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl Listed for ModelView {
    const COLUMNS: &'static [&'static str] = &["code", "name", "version", "created_at", "updated_at"];
    fn key(&self) -> String {
        self.code.clone()
    }
}

impl Resource for Models {
    type Body = ModelBody;
    type View = ModelView;
    type Filter = ();
    const PATH: &'static str = "/api/v1/models";

    fn view(stand: Stand<Model>) -> ModelView {
        ModelView {
            code: stand.record.code.into(),
            name: stand.record.name.into(),
            version: stand.version,
            created_at: shown(stand.created_at),
            updated_at: shown(stand.updated_at),
        }
    }
    fn record(body: &ModelBody, _conn: &mut Conn, _ctx: &Context, _key: Option<&str>) -> Done<Model> {
        Ok(Model { code: body.code.clone(), name: body.name.clone() })
    }
    fn filter(_query: &Query) -> Result<(), Problem> {
        Ok(())
    }
    fn page(conn: &mut Conn, _ctx: &Context, (): &(), after: Option<&str>, limit: i64) -> Done<Page<Stand<Model>>> {
        Ok(models::page(conn, None, after, limit)?)
    }
}

resource! {
    Models: ModelBody => ModelView, "models", models, model,
    at "/models" and "/models/{code}" by "code",
    filters {}
    /// Lists product models by code.
    list;
    /// Adds a product model.
    add;
    /// Shows a product model.
    show;
    /// Replaces a product model.
    replace;
    /// Removes a product model that nothing refers to.
    remove;
}
