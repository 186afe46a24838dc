//! Endpoints of the kept records, written once: list, add, read, replace, remove.

use super::call::{Call, Reply, etag};
use super::problem::Problem;
use crate::actions::keep::{self, Keep};
use crate::actions::{Context, Done};
use crate::rules::role::Permission;
use crate::store::{Conn, Stand, Ts};
use actix_web::HttpResponse;
use actix_web::http::header::ETAG;
use chrono::{DateTime, Utc};
use serde::Serialize;

/// How a kept record looks in the API.
pub trait Shown: Keep {
    /// What the API shows.
    type View: Serialize;
    /// The collection's path, e.g. `/api/v1/sites`.
    const PATH: &'static str;
    /// Shows a record.
    fn view(stand: Stand<Self::Record>) -> Self::View;
}

/// Reads one.
pub async fn read<K: Shown + 'static>(call: &Call, permission: Permission, key: String) -> Result<HttpResponse, Problem> {
    call.allow(permission)?;
    call.query(&[])?;
    let stand = call.read(move |conn, ctx| keep::get::<K>(conn, ctx, &key)).await?;
    Ok(HttpResponse::Ok().insert_header((ETAG, etag(stand.version))).json(K::view(stand)))
}

/// Adds what `make` makes of the body.
pub async fn add<K: Shown + 'static>(
    call: &Call,
    permission: Permission,
    make: impl Fn(&mut Conn, &Context) -> Done<K::Record> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    call.allow(permission)?;
    let reply = move |conn: &mut Conn, ctx: &Context| {
        let record = make(conn, ctx)?;
        let stand = keep::add::<K>(conn, ctx, record)?;
        let (location, version) = (format!("{}/{}", K::PATH, K::key(&stand.record)), stand.version);
        Ok(Reply::created(location, K::view(stand)).version(version))
    };
    call.write(reply).await
}

/// Replaces one.
pub async fn replace<K: Shown + 'static>(
    call: &Call,
    permission: Permission,
    key: String,
    make: impl Fn(&mut Conn, &Context) -> Done<K::Record> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    call.allow(permission)?;
    let was = call.if_match()?;
    let reply = move |conn: &mut Conn, ctx: &Context| {
        let record = make(conn, ctx)?;
        let stand = keep::change::<K>(conn, ctx, &key, was, record)?;
        let version = stand.version;
        Ok(Reply::ok(K::view(stand)).version(version))
    };
    call.write(reply).await
}

/// Removes one.
pub async fn remove<K: Shown + 'static>(call: &Call, permission: Permission, key: String) -> Result<HttpResponse, Problem> {
    call.allow(permission)?;
    let was = call.if_match()?;
    let reply = move |conn: &mut Conn, ctx: &Context| {
        keep::remove::<K>(conn, ctx, &key, was)?;
        Ok(Reply::<()>::gone())
    };
    call.write(reply).await
}

/// An instant as the API shows it.
pub fn shown(at: Ts) -> DateTime<Utc> {
    at.at()
}
