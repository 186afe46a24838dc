//! Who may do what.

use super::term::terms;

terms! {
    /// The role of a token, or of a person.
    Role, "role" {
        /// Everything, tokens and people too.
        Admin => "admin",
        /// Everything but tokens and people.
        Operations => "operations",
        /// Reads; cases and their verification.
        Support => "support",
        /// Its own organization: sites, its RMAs.
        Customer => "customer",
        /// Its own dispatches.
        Courier => "courier",
        /// Reads.
        Auditor => "auditor",
    }
}

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Organizations, models, parts, centers, couriers: reading.
    ReadCatalog,
    /// Contracts, appliances, sites, RMAs and their deadlines and letters: reading, within one's scope.
    ReadOwn,
    /// Dispatches: reading, within one's scope.
    ReadShipments,
    /// Organizations, contracts, models, parts, appliances, centers, couriers: writing.
    WriteCatalog,
    /// Sites: writing, within one's scope.
    WriteSites,
    /// Cases and verifications: writing.
    WriteCases,
    /// Cases: reading.
    ReadCases,
    /// Issuing, shipping, receiving, cancelling.
    HandleRmas,
    /// Recording instants in the past.
    RecordPast,
    /// Naming the local contact, telling that a unit was sent back.
    AnswerRmas,
    /// Recording a delivery.
    Deliver,
    /// The coverage check.
    CheckCoverage,
    /// Centers that are asked for, what-if, gaps in the coverage.
    PlanNetwork,
    /// Tokens.
    ManageTokens,
    /// Accounts of others.
    ManagePeople,
}

impl Role {
    /// The table of permissions.
    pub fn may(self, permission: Permission) -> bool {
        use Permission::{
            AnswerRmas, CheckCoverage, Deliver, ManagePeople, ManageTokens, ReadCases, ReadCatalog, ReadOwn, ReadShipments, WriteCases,
            WriteSites,
        };
        match self {
            Self::Admin => true,
            Self::Operations => !matches!(permission, ManageTokens | ManagePeople),
            Self::Support => matches!(permission, ReadCatalog | ReadOwn | ReadShipments | ReadCases | WriteCases | CheckCoverage),
            Self::Customer => matches!(permission, ReadOwn | WriteSites | AnswerRmas | CheckCoverage),
            Self::Courier => matches!(permission, ReadShipments | Deliver),
            Self::Auditor => matches!(permission, ReadCatalog | ReadOwn | ReadShipments | ReadCases | CheckCoverage),
        }
    }
}

#[cfg(test)]
mod tests;
