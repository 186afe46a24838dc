//! `/healthz` and `/readyz`: for whoever watches the process.

use super::Shared;
use super::problem::{Problem, Success};
use crate::store::migrate;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::json;

/// The process answers.
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    Success::Ok.answer().json(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}))
}

/// The database answers and has the schema of this version.
#[get("/readyz")]
pub async fn readyz(shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    match shared.db.read(migrate::pending).await {
        Ok(0) => Ok(Success::Ok.answer().json(json!({"status": "ready"}))),
        Ok(_) => Err(Problem::unavailable("migrations are pending: run swapline migrate")),
        Err(error) => {
            tracing::error!(error = %error, "not ready");
            Err(Problem::unavailable("the database does not answer"))
        }
    }
}
