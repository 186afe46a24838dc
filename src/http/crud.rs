//! Endpoints of the kept records, written once: list, add, read, replace, remove.

use super::body::Faults;
use super::call::{Call, Reply, etag};
use super::lists::{self, Listed};
use super::problem::{Problem, Success};
use super::query::Query;
use crate::actions::keep::{self, Keep};
use crate::actions::{Context, Done, Scope};
use crate::rules::role::Permission;
use crate::rules::text::Code;
use crate::store::{Conn, Id, Page, Stand, Ts, organizations};
use actix_web::HttpResponse;
use actix_web::http::header::ETAG;
use chrono::{DateTime, Utc};
use deserr::Deserr;

/// A kept record in the API: how it is sent, shown and listed, and who may do that.
pub trait Resource: Keep + 'static {
    /// What a client sends.
    type Body: Deserr<Faults> + Send + 'static;
    /// What the API shows.
    type View: Listed;
    /// Which records a list wants.
    type Filter: Send + Sync + 'static;
    /// The collection's path, e.g. `/api/v1/sites`.
    const PATH: &'static str;
    /// The list's own query parameters.
    const FILTERS: &'static [&'static str] = &[];
    /// Who may list.
    const LIST: Permission = Permission::ReadCatalog;
    /// Who may read one.
    const READ: Permission = Permission::ReadCatalog;
    /// Who may add, replace and remove.
    const WRITE: Permission = Permission::WriteCatalog;

    /// Shows a record.
    fn view(stand: Stand<Self::Record>) -> Self::View;
    /// Shows one record by itself: with what a list leaves out.
    fn show(_conn: &mut Conn, _ctx: &Context, stand: Stand<Self::Record>) -> Done<Self::View> {
        Ok(Self::view(stand))
    }
    /// The record that a body describes; `key` is the one of the path, where there is one. Runs inside the transaction,
    /// perhaps more than once.
    fn record(body: &Self::Body, conn: &mut Conn, ctx: &Context, key: Option<&str>) -> Done<Self::Record>;
    /// Reads the list's own parameters.
    fn filter(query: &Query) -> Result<Self::Filter, Problem>;
    /// A page of the records that the filter and the actor's scope leave.
    fn page(conn: &mut Conn, ctx: &Context, filter: &Self::Filter, after: Option<&str>, limit: i64) -> Done<Page<Stand<Self::Record>>>;
}

/// Lists.
pub async fn list<K: Resource>(call: &Call) -> Result<HttpResponse, Problem> {
    call.allow(K::LIST)?;
    let query = call.list_query(K::FILTERS)?;
    let filter = K::filter(&query)?;
    lists::answer(call, &query, move |conn, ctx, after, limit| Ok(K::page(conn, ctx, &filter, after, limit)?.map(K::view))).await
}

/// Reads one.
pub async fn read<K: Resource>(call: &Call, key: String) -> Result<HttpResponse, Problem> {
    call.allow(K::READ)?;
    call.query(&[])?;
    let key = printable::<K>(key)?;
    let found = call.read(move |conn, ctx| {
        let stand = keep::read::<K>(conn, ctx, &key)?;
        Ok((stand.version, K::show(conn, ctx, stand)?))
    });
    let (version, view) = found.await?;
    Ok(Success::Ok.answer().insert_header((ETAG, etag(version))).json(view))
}

/// Adds what the body describes.
pub async fn add<K: Resource>(call: &Call) -> Result<HttpResponse, Problem> {
    call.allow(K::WRITE)?;
    let body: K::Body = call.body()?;
    let reply = move |conn: &mut Conn, ctx: &Context| {
        let record = K::record(&body, conn, ctx, None)?;
        let stand = keep::add::<K>(conn, ctx, record)?;
        let (location, version) = (location(K::PATH, K::key(&stand.record)), stand.version);
        Ok(Reply::created(location, K::show(conn, ctx, stand)?).version(version))
    };
    call.write(reply).await
}

/// Replaces one by what the body describes.
pub async fn replace<K: Resource>(call: &Call, key: String) -> Result<HttpResponse, Problem> {
    call.allow(K::WRITE)?;
    let key = printable::<K>(key)?;
    let body: K::Body = call.body()?;
    let was = call.if_match()?;
    let reply = move |conn: &mut Conn, ctx: &Context| {
        let record = K::record(&body, conn, ctx, Some(&key))?;
        let stand = keep::change::<K>(conn, ctx, &key, was, record)?;
        let version = stand.version;
        Ok(Reply::ok(K::show(conn, ctx, stand)?).version(version))
    };
    call.write(reply).await
}

/// Removes one.
pub async fn remove<K: Resource>(call: &Call, key: String) -> Result<HttpResponse, Problem> {
    call.allow(K::WRITE)?;
    let key = printable::<K>(key)?;
    let was = call.if_match()?;
    let reply = move |conn: &mut Conn, ctx: &Context| {
        keep::remove::<K>(conn, ctx, &key, was)?;
        Ok(Reply::<()>::gone())
    };
    call.write(reply).await
}

/// A key of the path. No key has control characters, and PostgreSQL takes no text with a NUL.
pub fn printable<K: Keep>(key: String) -> Result<String, Problem> {
    match key.chars().any(char::is_control) {
        true => Err(Problem::not_found(K::KIND)),
        false => Ok(key),
    }
}

/// Where a thing is: `/` is the one character of the keys that a path can't hold as it is.
fn location(collection: &str, key: &str) -> String {
    format!("{collection}/{}", key.replace('/', "%2F"))
}

/// A page of what organizations own: of the one that is asked for by its code, as far as the actor sees it. What
/// nobody has, or somebody else, is an empty page.
pub fn owned<T>(
    conn: &mut Conn,
    ctx: &Context,
    asked: Option<&Code>,
    page: impl FnOnce(&mut Conn, Option<Id>) -> Done<Page<T>>,
) -> Done<Page<T>> {
    let asked = asked.map(|code| organizations::id_of(conn, code.as_str())).transpose()?;
    let narrowed = match (asked, ctx.actor.scope) {
        (None, Scope::Everything) => None,
        (None, Scope::Organization(own)) => Some(own),
        (Some(Some(id)), scope) if scope.sees(id) => Some(id),
        _ => return Ok(Page { rows: Vec::new(), more: false }),
    };
    page(conn, narrowed)
}

/// An instant as the API shows it.
pub fn shown(at: Ts) -> DateTime<Utc> {
    at.at()
}

/// Defines the five handlers of a [`Resource`] with their documentation: `list`, `add`, `show`, `replace`, `remove`.
macro_rules! resource {
    (
        $Kind:ident: $Body:ident => $View:ident, $tag:tt, $many:ident, $one:ident, at $path:tt and $item:tt by $key:tt,
        filters { $($filter:tt: $about:tt),* $(,)? }
        $(#[doc = $list:tt])+ list;
        $(#[doc = $add:tt])+ add;
        $(#[doc = $show:tt])+ show;
        $(#[doc = $replace:tt])+ replace;
        $(#[doc = $remove:tt])+ remove;
    ) => {
        use $crate::http::call::Call;
        use $crate::http::lists::ListBody;
        use $crate::http::problem::ProblemBody;
        use actix_web::web::Path;
        use actix_web::{HttpResponse, delete, get, post, put};

        $(#[doc = $list])+
        #[utoipa::path(tag = $tag, operation_id = concat!("list_", stringify!($many)), params(
            $(($filter = Option<String>, Query, description = $about),)*
            ("limit" = Option<i64>, Query, description = "1 to 200, default 50"),
            ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before")),
            responses((status = 200, description = "A page; all pages as CSV with `Accept: text/csv`", body = ListBody<$View>),
                (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
        #[get($path)]
        pub async fn list(call: Call) -> Result<HttpResponse, Problem> {
            crud::list::<$Kind>(&call).await
        }

        $(#[doc = $add])+
        #[utoipa::path(tag = $tag, operation_id = concat!("add_", stringify!($one)), params(
            ("Idempotency-Key" = Option<String>, Header, description = "A repetition with the same key gets the first answer again"),
            ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored")),
            request_body = $Body,
            responses((status = 201, description = "Added", body = $View, headers(("Location" = String), ("ETag" = String))),
                (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
        #[post($path)]
        pub async fn add(call: Call) -> Result<HttpResponse, Problem> {
            crud::add::<$Kind>(&call).await
        }

        $(#[doc = $show])+
        #[utoipa::path(tag = $tag, operation_id = concat!("show_", stringify!($one)), params(($key = String, Path)),
            responses((status = 200, description = "As it is now", body = $View, headers(("ETag" = String))),
                (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
        #[get($item)]
        pub async fn show(call: Call, key: Path<String>) -> Result<HttpResponse, Problem> {
            crud::read::<$Kind>(&call, key.into_inner()).await
        }

        $(#[doc = $replace])+
        #[utoipa::path(tag = $tag, operation_id = concat!("replace_", stringify!($one)), params(($key = String, Path),
            ("If-Match" = String, Header, description = "The ETag that was read"),
            ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is stored")),
            request_body = $Body,
            responses((status = 200, description = "Replaced", body = $View, headers(("ETag" = String))),
                (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
        #[put($item)]
        pub async fn replace(call: Call, key: Path<String>) -> Result<HttpResponse, Problem> {
            crud::replace::<$Kind>(&call, key.into_inner()).await
        }

        $(#[doc = $remove])+
        #[utoipa::path(tag = $tag, operation_id = concat!("remove_", stringify!($one)), params(($key = String, Path),
            ("If-Match" = String, Header, description = "The ETag that was read"),
            ("dry_run" = Option<bool>, Query, description = "The answer that would be given; nothing is removed")),
            responses((status = 204, description = "Removed"),
                (status = "default", description = "A problem", body = ProblemBody, content_type = "application/problem+json")))]
        #[delete($item)]
        pub async fn remove(call: Call, key: Path<String>) -> Result<HttpResponse, Problem> {
            crud::remove::<$Kind>(&call, key.into_inner()).await
        }
    };
}
pub(super) use resource;

#[cfg(test)]
mod tests;
