//! A support call that ends with an RMA (P4.1): the case is opened, the defects are verified, and the RMA is issued, or nothing is.

use super::dossier::Dossier;
use super::issue_rma::{self, issue_rma};
use super::open_case::{self, open_case};
use super::verify_defect::{self, verify_defect};
use super::{Context, Done};
use crate::rules::notice::LocalContact;
use crate::rules::text::SerialNumber;
use crate::store::Conn;

/// What is known at the end of the call.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The case.
    pub case: open_case::Ask,
    /// What support found, a part each.
    pub findings: Vec<verify_defect::Ask>,
    /// The local contact, as far as known.
    pub contact: Option<LocalContact>,
}

/// Opens, verifies and issues.
pub fn take_call(conn: &mut Conn, ctx: &Context, ask: &Ask) -> Done<Dossier> {
    let case = open_case(conn, ctx, &ask.case)?;
    let serial: &SerialNumber = &ask.case.serial_number;
    let mut lines = Vec::new();
    for finding in &ask.findings {
        verify_defect(conn, ctx, case, finding)?;
        lines.push(issue_rma::AskLine { serial_number: serial.clone(), part_number: finding.part_number.clone() });
    }
    issue_rma(conn, ctx, &issue_rma::Ask { case, lines, contact: ask.contact.clone() })
}
