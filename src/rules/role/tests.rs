use super::*;
use crate::rules::term::Term;

#[test]
fn the_whole_table_of_roles_and_permissions() {
    // Columns, in the order of the type: admin, operations, support, customer, courier, auditor.
    let table = [
        (Permission::ReadCatalog, [1, 1, 1, 0, 0, 1]),
        (Permission::ReadOwn, [1, 1, 1, 1, 0, 1]),
        (Permission::ReadShipments, [1, 1, 1, 0, 1, 1]),
        (Permission::WriteCatalog, [1, 1, 0, 0, 0, 0]),
        (Permission::WriteSites, [1, 1, 0, 1, 0, 0]),
        (Permission::WriteCases, [1, 1, 1, 0, 0, 0]),
        (Permission::ReadCases, [1, 1, 1, 0, 0, 1]),
        (Permission::HandleRmas, [1, 1, 0, 0, 0, 0]),
        (Permission::RecordPast, [1, 1, 0, 0, 0, 0]),
        (Permission::AnswerRmas, [1, 1, 0, 1, 0, 0]),
        (Permission::Deliver, [1, 1, 0, 0, 1, 0]),
        (Permission::CheckCoverage, [1, 1, 1, 1, 0, 1]),
        (Permission::PlanNetwork, [1, 1, 0, 0, 0, 0]),
        (Permission::ManageTokens, [1, 0, 0, 0, 0, 0]),
        (Permission::ManagePeople, [1, 0, 0, 0, 0, 0]),
    ];
    let roles = [Role::Admin, Role::Operations, Role::Support, Role::Customer, Role::Courier, Role::Auditor];
    assert_eq!(roles.as_slice(), Role::ALL);
    for (permission, row) in table {
        for (role, may) in roles.into_iter().zip(row) {
            assert_eq!(role.may(permission), may == 1, "{role} {permission:?}");
        }
        // A permission that is added makes this match incomplete: give it a row above.
        match permission {
            Permission::ReadCatalog | Permission::ReadOwn | Permission::ReadShipments | Permission::WriteCatalog => {}
            Permission::WriteSites | Permission::WriteCases | Permission::ReadCases | Permission::HandleRmas => {}
            Permission::RecordPast | Permission::AnswerRmas | Permission::Deliver => {}
            Permission::CheckCoverage | Permission::PlanNetwork | Permission::ManageTokens | Permission::ManagePeople => {}
        }
    }
}
