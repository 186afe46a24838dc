//! What becomes of a service center that was asked for (P5.4): it is recorded, one opens for it, or it is withdrawn.

use super::keep::center_requests::CenterRequests;
use super::keep::service_centers::ServiceCenters;
use super::keep::{self, Keep};
use super::{Context, Done};
use crate::rules::center_request::{self, CenterRequest, Expected, RequestState};
use crate::rules::refusal::Refusal;
use crate::rules::text::{Code, Country, Line};
use crate::rules::zone::local_day;
use crate::store::{Conn, Stand};
use chrono::NaiveDate;
use chrono_tz::Tz;

/// When a center is expected that is asked for, and the version of the program that says so. A day that hasn't come yet, where
/// the place is, is refused.
pub fn expected(ctx: &Context, country: &Country, requested_on: NaiveDate, zone: Tz) -> Done<(Expected, String)> {
    if requested_on > local_day(zone, ctx.now) {
        return Err(Refusal::input("in_the_future", "/requested_on", "must not lie in the future").into());
    }
    let programs = &ctx.reference.programs;
    // What was asked for before the first version has its terms.
    let program = programs.in_force(requested_on).or_else(|| programs.all().first());
    let program = program.ok_or_else(|| Refusal::refused("no_program", "P5.4", "no program is in force"))?;
    let expected = center_request::expected(country.as_str(), requested_on, program);
    let expected = expected.ok_or_else(|| Refusal::input("absurd_date", "/requested_on", "the calendar ends before the center opens"))?;
    Ok((expected, program.version.clone()))
}

/// A service center has opened for the request.
pub fn opened(conn: &mut Conn, ctx: &Context, code: &str, center: &Code) -> Done<Stand<CenterRequest>> {
    let before = keep::get::<CenterRequests>(conn, ctx, code)?;
    center_request::advance(before.record.state, RequestState::Opened)?;
    let found = ServiceCenters::find(conn, ctx, center.as_str())?;
    let found =
        found.ok_or_else(|| Refusal::input("unknown_service_center", "/service_center", format!("there is no service center {center}")))?;
    let program = ctx.program().ok_or_else(|| Refusal::refused("no_program", "P5.4", "no program is in force"))?;
    let (request, center) = (&before.record, found.record);
    let today = local_day(center.zone, ctx.now);
    let opens = (center.address.country.as_str(), center.opens_on);
    center_request::opens((request.country.as_str(), request.requested_on), opens, today, program)?;
    let after = CenterRequest {
        state: RequestState::Opened,
        service_center: Some(center.code),
        opened_on: Some(center.opens_on),
        ended_at: Some(ctx.now),
        ..request.clone()
    };
    keep::change::<CenterRequests>(conn, ctx, code, Some(before.version), after)
}

/// The center isn't wanted any more.
pub fn withdraw(conn: &mut Conn, ctx: &Context, code: &str, reason: &Line) -> Done<Stand<CenterRequest>> {
    let before = keep::get::<CenterRequests>(conn, ctx, code)?;
    center_request::advance(before.record.state, RequestState::Withdrawn)?;
    let (state, ended_at) = (RequestState::Withdrawn, Some(ctx.now));
    let after = CenterRequest { state, ended_at, reason: Some(reason.clone()), ..before.record.clone() };
    keep::change::<CenterRequests>(conn, ctx, code, Some(before.version), after)
}
