//! The answer of the coverage check as sentences (P5.2, P5.3, P5.4), with what would settle it.

use super::{Candidate, Coverage, METERS_PER_MILE, Question, Verdict};
use crate::rules::notice::Reason;

/// Why a site isn't eligible, as sentences; empty when it is (P5.2, P5.3, P5.4).
pub fn reasons(coverage: &Coverage) -> Vec<Reason> {
    let limit = coverage.limit_miles;
    let mut reasons = Vec::new();
    match (coverage.verdict, coverage.nearest()) {
        (Verdict::Eligible, _) => return reasons,
        (Verdict::OutOfRange, Some(near)) => {
            // So close to the limit that one digit would contradict the verdict.
            let digits = if near.miles() - limit < 0.05 { 3 } else { 1 };
            let (center, miles) = (&near.center, near.miles());
            let detail = format!("the nearest service center, {center}, is {miles:.digits$} miles away; the limit is {limit} miles");
            reasons.push(reason("site_out_of_range", "P5.2", detail));
        }
        (Verdict::ConfirmPosition, Some(near)) => {
            reasons.extend(coverage.questions.iter().map(doubt));
            if coverage.is_too_coarse() {
                reasons.push(reason("position_too_coarse", "P5.3", too_coarse(coverage, near)));
            }
        }
        (Verdict::PositionUnknown, _) => {
            let detail = "the site's position is not known; coordinates or a postal code are needed";
            reasons.push(reason("position_unknown", "P5.3", detail.into()));
        }
        _ => reasons.push(reason("no_center_in_country", "P5.2", "no service center is open in the site's country".into())),
    }
    if let Some(opening) = &coverage.opening {
        let detail = format!(
            "service center {}, {:.1} miles away, opens on {}; until then the appliance has Gold",
            opening.center,
            opening.miles(),
            opening.opens_on
        );
        reasons.push(reason("center_not_open_yet", "P5.4", detail));
    }
    if let Some(requested) = &coverage.requested {
        reasons.push(reason("center_requested", "P5.4", requested.to_string()));
    }
    reasons
}

/// What is doubted, and what would settle it.
fn doubt(question: &Question) -> Reason {
    match question {
        Question::OtherCountry { stated, found } => {
            let detail = format!(
                "the position that was given lies in {found}, the address is in {stated}: confirm the position as it stands, \
                 or correct the position or the address"
            );
            reason("position_in_other_country", "P5.3", detail)
        }
        Question::FarFromPostalCode { meters, area_meters, limit_km } => {
            let detail = format!(
                "the position that was given is {:.1} km from where the address's postal code is, whose area reaches {:.1} km; more than \
                 {limit_km} km beyond is questioned: confirm the position as it stands, or correct the position or \
                 the address",
                meters / 1_000.0,
                area_meters / 1_000.0,
            );
            reason("position_far_from_postal_code", "P5.3", detail)
        }
    }
}

/// The figures, and how exact a position would have to be.
fn too_coarse(coverage: &Coverage, near: &Candidate) -> String {
    let (limit, miles, radius) = (coverage.limit_miles, near.miles(), coverage.radius_meters / METERS_PER_MILE);
    // Rounded down: a position is exact enough only where its radius is less than what is left to the limit.
    let needed = ((limit - miles).abs() * 10.0).floor() / 10.0;
    let figures = format!(
        "the site's position is known to within {radius:.1} miles, too coarse to tell whether {} lies within {limit} miles: from the \
         middle it is {miles:.1} miles",
        near.center
    );
    match needed > 0.0 {
        true => format!(
            "{figures}; there a position exact to within {needed:.1} miles, and always the street address's coordinates, would settle it"
        ),
        false => format!("{figures}; the street address's coordinates would settle it"),
    }
}

fn reason(code: &str, rule: &str, detail: String) -> Reason {
    Reason { code: code.into(), rule: rule.into(), detail }
}

#[cfg(test)]
mod tests;
