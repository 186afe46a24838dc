//! The tables as diesel sees them; the truth is in `migrations/`.
#![expect(missing_docs, reason = "generated shapes; every column is described in migrations/")]

/// Tables with diesel's types and those of [`crate::store::types`].
macro_rules! tables {
    ($($name:ident ($($key:ident),+) { $($columns:tt)* })+) => {
        $(diesel::table! {
            use diesel::sql_types::*;
            use crate::store::types::sql::*;
            $name ($($key),+) { $($columns)* }
        })+
    };
}

tables! {
    organizations (id) {
        id -> Guid, code -> Text, name -> Text, region -> Text, country -> Text, subdivision -> Nullable<Text>, language -> Text,
        version -> Integer, created_at -> UtcTs, updated_at -> UtcTs,
    }

    contacts (id) {
        id -> Guid, organization_id -> Guid, position -> Integer, name -> Text, email -> Text, phone -> Nullable<Text>,
    }

    models (id) {
        id -> Guid, code -> Text, name -> Text, version -> Integer, created_at -> UtcTs, updated_at -> UtcTs,
    }

    parts (id) {
        id -> Guid, number -> Text, description -> Text, excluded_from_gold_plus -> Bool, excluded_from_maintenance -> Bool,
        export_controlled -> Bool, whole_unit -> Bool, version -> Integer, created_at -> UtcTs, updated_at -> UtcTs,
    }

    part_models (part_id, model_id) {
        part_id -> Guid, model_id -> Guid,
    }

    couriers (id) {
        id -> Guid, code -> Text, name -> Text, email -> Text, phone -> Text, language -> Text, version -> Integer,
        created_at -> UtcTs, updated_at -> UtcTs,
    }

    service_centers (id) {
        id -> Guid, code -> Text, name -> Text, address -> JsonDoc, city -> Text, region -> Nullable<Text>,
        postal_code -> Nullable<Text>, country -> Text, subdivision -> Nullable<Text>, latitude -> Double, longitude -> Double,
        zone -> Text, opens_on -> Date, closes_on -> Nullable<Date>, version -> Integer, created_at -> UtcTs, updated_at -> UtcTs,
    }

    center_couriers (service_center_id, courier_id) {
        service_center_id -> Guid, courier_id -> Guid, position -> Integer,
    }

    center_regions (service_center_id, region) {
        service_center_id -> Guid, region -> Text,
    }

    part_substitutes (part_id, substitute_id) {
        part_id -> Guid, substitute_id -> Guid, fit -> Text,
    }

    stock_units (id) {
        id -> Guid, serial_number -> Text, part_id -> Guid, service_center_id -> Guid, state -> Text, rma_line_id -> Nullable<Guid>,
        note -> Nullable<Text>, version -> Integer, created_at -> UtcTs, updated_at -> UtcTs,
    }

    sites (id) {
        id -> Guid, code -> Text, organization_id -> Guid, name -> Text, address -> JsonDoc, city -> Text, region -> Nullable<Text>,
        postal_code -> Nullable<Text>, country -> Text, subdivision -> Nullable<Text>, latitude -> Nullable<Double>,
        longitude -> Nullable<Double>, grade -> Text, radius_meters -> Double, zone -> Text, contact_name -> Nullable<Text>,
        contact_phone -> Nullable<Text>, receiving_notes -> Nullable<Text>, version -> Integer, created_at -> UtcTs,
        updated_at -> UtcTs, certify_at -> Nullable<UtcTs>, position_confirmed -> Bool, located_by -> Nullable<Text>,
    }

    contracts (id) {
        id -> Guid, number -> Text, organization_id -> Guid, region -> Text, tier -> Text, zone -> Text, starts_on -> Date,
        ends_on -> Date, version -> Integer, created_at -> UtcTs, updated_at -> UtcTs, four_hour_service_center -> Bool,
        keeps_media -> Bool,
        renews_id -> Nullable<Guid>, offer_at -> Nullable<UtcTs>,
    }

    appliances (id) {
        id -> Guid, serial_number -> Text, organization_id -> Guid, model_id -> Guid, kind -> Text, site_id -> Nullable<Guid>,
        end_of_maintenance_on -> Nullable<Date>, version -> Integer, created_at -> UtcTs, updated_at -> UtcTs,
    }

    contract_lines (contract_id, appliance_id) {
        contract_id -> Guid, appliance_id -> Guid,
    }

    numbers (series) {
        series -> Text, last -> BigInt,
    }

    cases (id) {
        id -> Guid, number -> BigInt, organization_id -> Guid, appliance_id -> Guid, severity -> SmallInt, channel -> Text,
        summary -> Text, opened_at -> UtcTs, opened_by -> Text,
    }

    verifications (id) {
        id -> Guid, case_id -> Guid, part_id -> Guid, replacement_needed -> Bool, failure_code -> Text, note -> Nullable<Text>,
        verified_at -> UtcTs, verified_by -> Text,
    }

    rmas (id) {
        id -> Guid, number -> BigInt, case_id -> Guid, organization_id -> Guid, contract_id -> Guid, appliance_id -> Guid,
        site_id -> Nullable<Guid>, service_center_id -> Nullable<Guid>, state -> Text, entitled_tier -> Text, delivered_tier -> Text,
        reasons -> JsonDoc, program_version -> Text, contact -> Nullable<JsonDoc>, issued_at -> UtcTs, ended_at -> Nullable<UtcTs>,
        cancel_reason -> Nullable<Text>, sourcing -> Nullable<JsonDoc>, keeps_media -> Bool,
    }

    rma_lines (id) {
        id -> Guid, rma_id -> Guid, line -> Integer, verification_id -> Guid, part_id -> Guid, serial_number -> Text,
        replacement_serial_number -> Nullable<Text>, void -> Bool, supply -> Text,
        replaces_line_id -> Nullable<Guid>,
    }

    shipments (id) {
        id -> Guid, rma_id -> Guid, service_center_id -> Nullable<Guid>, courier_id -> Nullable<Guid>, state -> Text,
        dispatches -> Integer, carrier -> Nullable<Text>, tracking_number -> Nullable<Text>, shipped_at -> Nullable<UtcTs>,
        delivered_at -> Nullable<UtcTs>, received_by -> Nullable<Text>,
    }

    expected_returns (id) {
        id -> Guid, rma_id -> Guid, rma_line_id -> Guid, line -> Integer, serial_number -> Text, state -> Text,
        carrier -> Nullable<Text>, tracking_number -> Nullable<Text>, shipped_at -> Nullable<UtcTs>, received_at -> Nullable<UtcTs>,
        received_serial_number -> Nullable<Text>, condition -> Nullable<Text>, certificate -> Nullable<Text>,
        destroyed_on -> Nullable<Date>, destroyed_by -> Nullable<Text>,
    }

    deadlines (id) {
        id -> Guid, rma_id -> Guid, kind -> Text, clock -> Text, state -> Text, starts_at -> Nullable<UtcTs>,
        due_at -> Nullable<UtcTs>, done_at -> Nullable<UtcTs>, remind_at -> Nullable<UtcTs>, zone -> Text, calendar -> Text,
        basis -> JsonDoc,
    }

    deadline_steps (deadline_id, position) {
        deadline_id -> Guid, position -> Integer, from_at -> UtcTs, to_at -> UtcTs, counted -> Text, note -> Text, rule -> Text,
    }

    outbox (id) {
        id -> Guid, key -> Text, rma_id -> Nullable<Guid>, organization_id -> Nullable<Guid>, kind -> Text, state -> Text,
        notice -> JsonDoc, attempts -> Integer, next_at -> UtcTs, leased_until -> Nullable<UtcTs>, promised_at -> UtcTs,
        sent_at -> Nullable<UtcTs>, message_id -> Nullable<Text>, delivered_to -> Nullable<Text>, last_error -> Nullable<Text>,
        urgency -> SmallInt,
    }

    tokens (id) {
        id -> Guid, hash -> Text, label -> Text, role -> Text, organization_id -> Nullable<Guid>, courier_id -> Nullable<Guid>,
        created_at -> UtcTs, revoked_at -> Nullable<UtcTs>,
    }

    idempotency_keys (asker, key) {
        asker -> Guid, key -> Text, request_hash -> Text, status -> Integer, location -> Nullable<Text>,
        version -> Nullable<Integer>, body -> Text, created_at -> UtcTs,
    }

    events (id) {
        id -> Guid, at -> UtcTs, actor -> Text, action -> Text, subject_kind -> Text, subject -> Text, before -> Nullable<JsonDoc>,
        after -> Nullable<JsonDoc>, request_id -> Nullable<Text>,
    }

    coverage_certificates (id) {
        id -> Guid, site_id -> Guid, certified_at -> UtcTs, verdict -> Text, nearest -> Nullable<Text>,
        distance_meters -> Nullable<Double>, limit_miles -> Double, margin_miles -> Nullable<Double>, closeness_miles -> Double,
        reach_meters -> Double, method -> Text, grade -> Text, radius_meters -> Double, latitude -> Nullable<Double>,
        longitude -> Nullable<Double>, program_version -> Text, considered -> JsonDoc, reasons -> JsonDoc, cause -> Text,
        replaced_at -> Nullable<UtcTs>, located_by -> Nullable<Text>, question_beyond_km -> Double, territories_count -> Bool,
        position_confirmed -> Bool,
    }

    calendar_changes (number) {
        number -> BigInt, days_of -> Text, day -> Date, kind -> Text, name -> Text, made_at -> UtcTs, made_by -> Text,
    }

    dock_scans (id) {
        id -> Guid, rma_id -> Nullable<Guid>, line -> Nullable<Integer>, service_center_id -> Nullable<Guid>, serial_number -> Text,
        condition -> Text, outcome -> Text, scanned_at -> UtcTs, scanned_by -> Text, disposition -> Text, finding -> Nullable<Text>,
        note -> Nullable<Text>, disposed_at -> Nullable<UtcTs>, disposed_by -> Nullable<Text>,
    }

    charges (id) {
        id -> Guid, rma_id -> Guid, rma_line_id -> Guid, state -> Text, reason -> Text, proof -> Text, amount -> Nullable<Text>,
        currency -> Nullable<Text>, proposed_at -> UtcTs, proposed_by -> Text, decided_at -> Nullable<UtcTs>,
        decided_by -> Nullable<Text>, decision -> Nullable<Text>, ended_at -> Nullable<UtcTs>,
    }

    former_serials (id) {
        id -> Guid, serial_number -> Text, appliance_id -> Guid, rma_id -> Guid, from_at -> UtcTs, to_at -> UtcTs, successor_from -> UtcTs,
    }

    secrets (name) {
        name -> Text, value -> Text, created_at -> UtcTs,
    }

    dispatches (id) {
        id -> Guid, shipment_id -> Guid, number -> Integer, courier_id -> Guid, state -> Text, sequence -> Integer, sent_at -> UtcTs,
        accept_by -> UtcTs, reminded_at -> Nullable<UtcTs>, look_at -> Nullable<UtcTs>, links_expire_at -> UtcTs,
        accepted_at -> Nullable<UtcTs>, picked_up_at -> Nullable<UtcTs>, ended_at -> Nullable<UtcTs>, problem_at -> Nullable<UtcTs>,
        problem -> Nullable<Text>, latitude -> Nullable<Double>, longitude -> Nullable<Double>, accuracy_meters -> Nullable<Double>,
    }

    proofs (id) {
        id -> Guid, dispatch_id -> Guid, shows -> Text, media_type -> Text, sha256 -> Text, content -> Binary, recorded_at -> UtcTs,
    }

    carriers (id) {
        id -> Guid, code -> Text, secret -> Text, created_at -> UtcTs,
    }

    carrier_events (id) {
        id -> Guid, carrier_id -> Guid, event -> Text, tracking_number -> Text, kind -> Text, happened_at -> UtcTs, received_at -> UtcTs,
        outcome -> Text, said -> Nullable<Text>,
    }

    center_requests (id) {
        id -> Guid, code -> Text, name -> Text, organization_id -> Nullable<Guid>, country -> Text, latitude -> Double,
        longitude -> Double, located_by -> Text, radius_meters -> Double, zone -> Text, note -> Nullable<Text>,
        requested_on -> Date, expected_from -> Nullable<Date>, expected_by -> Date, due_at -> UtcTs, working -> JsonDoc,
        program_version -> Text, state -> Text, service_center_id -> Nullable<Guid>, opened_on -> Nullable<Date>,
        ended_at -> Nullable<UtcTs>, reason -> Nullable<Text>, version -> Integer, created_at -> UtcTs, updated_at -> UtcTs,
    }

    center_request_sites (center_request_id, site_id) {
        center_request_id -> Guid, site_id -> Guid,
    }

    people (id) {
        id -> Guid, email -> Text, email_key -> Text, name -> Text, role -> Text, organization_id -> Nullable<Guid>,
        administrator -> Bool, zone -> Text, password_hash -> Nullable<Text>, totp_secret -> Nullable<Text>,
        totp_since -> Nullable<UtcTs>, totp_step -> Nullable<BigInt>, created_at -> UtcTs, confirmed_at -> Nullable<UtcTs>,
        disabled_at -> Nullable<UtcTs>,
    }

    sessions (id) {
        id -> Guid, person_id -> Guid, hash -> Text, stage -> Text, user_agent -> Text, created_at -> UtcTs, seen_at -> UtcTs,
        expires_at -> UtcTs, ended_at -> Nullable<UtcTs>,
    }

    sign_in_links (id) {
        id -> Guid, person_id -> Nullable<Guid>, purpose -> Text, created_at -> UtcTs, expires_at -> UtcTs, used_at -> Nullable<UtcTs>,
    }

    sign_in_tries (id) {
        id -> Guid, account -> Text, address -> Text, at -> UtcTs,
    }

    recovery_codes (id) {
        id -> Guid, person_id -> Guid, hash -> Text, used_at -> Nullable<UtcTs>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    organizations,
    contacts,
    models,
    parts,
    part_models,
    couriers,
    service_centers,
    center_couriers,
    center_regions,
    part_substitutes,
    stock_units,
    center_requests,
    center_request_sites,
    sites,
    contracts,
    appliances,
    contract_lines,
    numbers,
    cases,
    verifications,
    rmas,
    rma_lines,
    shipments,
    expected_returns,
    deadlines,
    deadline_steps,
    outbox,
    tokens,
    idempotency_keys,
    calendar_changes,
    charges,
    former_serials,
    dock_scans,
    events,
    coverage_certificates,
    dispatches,
    proofs,
    carrier_events,
    people,
    sessions,
);

diesel::allow_columns_to_appear_in_same_group_by_clause!(parts::number, service_centers::code,);
diesel::allow_columns_to_appear_in_same_group_by_clause!(appliances::site_id, contracts::number, organizations::code);
