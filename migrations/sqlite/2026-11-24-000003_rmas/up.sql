CREATE TABLE numbers (
    series TEXT NOT NULL PRIMARY KEY CONSTRAINT numbers_series_check CHECK (series IN ('case','rma','site')),
    last INTEGER NOT NULL
) STRICT;
INSERT INTO numbers (series, last) VALUES ('case', 10000000), ('rma', 10000000), ('site', 10000000);

CREATE TABLE cases (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL CONSTRAINT cases_number_key UNIQUE,
    organization_id TEXT NOT NULL CONSTRAINT cases_organization_id_fkey REFERENCES organizations (id),
    appliance_id TEXT NOT NULL CONSTRAINT cases_appliance_id_fkey REFERENCES appliances (id),
    severity INTEGER NOT NULL CONSTRAINT cases_severity_check CHECK (severity BETWEEN 1 AND 4),
    channel TEXT NOT NULL CONSTRAINT cases_channel_check CHECK (channel IN ('phone','web')),
    summary TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    opened_by TEXT NOT NULL
) STRICT;
CREATE INDEX cases_organization ON cases (organization_id, number);
CREATE INDEX cases_appliance ON cases (appliance_id, number);

CREATE TABLE verifications (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL CONSTRAINT verifications_case_id_fkey REFERENCES cases (id),
    part_id TEXT NOT NULL CONSTRAINT verifications_part_id_fkey REFERENCES parts (id),
    replacement_needed INTEGER NOT NULL,
    failure_code TEXT NOT NULL,
    note TEXT,
    verified_at TEXT NOT NULL,
    verified_by TEXT NOT NULL
) STRICT;
CREATE INDEX verifications_case ON verifications (case_id, verified_at);
CREATE INDEX verifications_part ON verifications (part_id);

CREATE TABLE rmas (
    id TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL CONSTRAINT rmas_number_key UNIQUE,
    case_id TEXT NOT NULL CONSTRAINT rmas_case_id_fkey REFERENCES cases (id),
    organization_id TEXT NOT NULL CONSTRAINT rmas_organization_id_fkey REFERENCES organizations (id),
    contract_id TEXT NOT NULL CONSTRAINT rmas_contract_id_fkey REFERENCES contracts (id),
    appliance_id TEXT NOT NULL CONSTRAINT rmas_appliance_id_fkey REFERENCES appliances (id),
    site_id TEXT CONSTRAINT rmas_site_id_fkey REFERENCES sites (id),
    service_center_id TEXT CONSTRAINT rmas_service_center_id_fkey REFERENCES service_centers (id),
    state TEXT NOT NULL CONSTRAINT rmas_state_check CHECK (state IN ('issued','shipped','delivered','returned','closed','cancelled')),
    entitled_tier TEXT NOT NULL CONSTRAINT rmas_entitled_tier_check CHECK (entitled_tier IN ('bronze','silver','gold','gold_plus')),
    delivered_tier TEXT NOT NULL CONSTRAINT rmas_delivered_tier_check CHECK (delivered_tier IN ('bronze','silver','gold','gold_plus')),
    reasons TEXT NOT NULL,
    program_version TEXT NOT NULL,
    contact TEXT,
    issued_at TEXT NOT NULL,
    ended_at TEXT,
    cancel_reason TEXT,
    CONSTRAINT rmas_ended_check CHECK ((state IN ('closed','cancelled')) = (ended_at IS NOT NULL))
) STRICT;
CREATE INDEX rmas_organization ON rmas (organization_id, number);
CREATE INDEX rmas_state ON rmas (state, number);
CREATE INDEX rmas_case ON rmas (case_id, number);
CREATE INDEX rmas_appliance ON rmas (appliance_id, number);
CREATE INDEX rmas_site ON rmas (site_id, state);

CREATE TABLE rma_lines (
    id TEXT NOT NULL PRIMARY KEY,
    rma_id TEXT NOT NULL CONSTRAINT rma_lines_rma_id_fkey REFERENCES rmas (id),
    line INTEGER NOT NULL CONSTRAINT rma_lines_line_check CHECK (line > 0),
    verification_id TEXT NOT NULL CONSTRAINT rma_lines_verification_id_fkey REFERENCES verifications (id),
    part_id TEXT NOT NULL CONSTRAINT rma_lines_part_id_fkey REFERENCES parts (id),
    serial_number TEXT NOT NULL,
    replacement_serial_number TEXT,
    void INTEGER NOT NULL,
    CONSTRAINT rma_lines_line_key UNIQUE (rma_id, line)
) STRICT;
CREATE UNIQUE INDEX rma_lines_verification_key ON rma_lines (verification_id) WHERE NOT void;
CREATE INDEX rma_lines_part ON rma_lines (part_id);

CREATE TABLE shipments (
    id TEXT NOT NULL PRIMARY KEY,
    rma_id TEXT NOT NULL CONSTRAINT shipments_rma_id_key UNIQUE CONSTRAINT shipments_rma_id_fkey REFERENCES rmas (id),
    service_center_id TEXT CONSTRAINT shipments_service_center_id_fkey REFERENCES service_centers (id),
    courier_id TEXT CONSTRAINT shipments_courier_id_fkey REFERENCES couriers (id),
    state TEXT NOT NULL CONSTRAINT shipments_state_check CHECK (state IN ('planned','in_transit','delivered','cancelled')),
    dispatches INTEGER NOT NULL,
    carrier TEXT,
    tracking_number TEXT,
    shipped_at TEXT,
    delivered_at TEXT,
    received_by TEXT,
    CONSTRAINT shipments_delivered_check CHECK ((state = 'delivered') = (delivered_at IS NOT NULL))
) STRICT;
CREATE INDEX shipments_state ON shipments (state, id);
CREATE INDEX shipments_courier ON shipments (courier_id, id);

CREATE TABLE expected_returns (
    id TEXT NOT NULL PRIMARY KEY,
    rma_id TEXT NOT NULL CONSTRAINT expected_returns_rma_id_fkey REFERENCES rmas (id),
    rma_line_id TEXT NOT NULL CONSTRAINT expected_returns_rma_line_id_key UNIQUE CONSTRAINT expected_returns_rma_line_id_fkey REFERENCES rma_lines (id),
    line INTEGER NOT NULL,
    serial_number TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT expected_returns_state_check CHECK (state IN ('expected','shipped','overdue','received_wrong','received','void')),
    carrier TEXT,
    tracking_number TEXT,
    shipped_at TEXT,
    received_at TEXT,
    received_serial_number TEXT,
    condition TEXT CONSTRAINT expected_returns_condition_check CHECK (condition IN ('as_described','damaged','incomplete'))
) STRICT;
CREATE INDEX expected_returns_rma ON expected_returns (rma_id, line);

CREATE TABLE deadlines (
    id TEXT NOT NULL PRIMARY KEY,
    rma_id TEXT NOT NULL CONSTRAINT deadlines_rma_id_fkey REFERENCES rmas (id),
    kind TEXT NOT NULL CONSTRAINT deadlines_kind_check CHECK (kind IN ('response_by','update_by','ship_by','deliver_by','return_by','acknowledge_by','close_by')),
    clock TEXT NOT NULL CONSTRAINT deadlines_clock_check CHECK (clock IN ('elapsed','business_days')),
    state TEXT NOT NULL CONSTRAINT deadlines_state_check CHECK (state IN ('waiting','running','paused','met','missed','void')),
    starts_at TEXT,
    due_at TEXT,
    done_at TEXT,
    remind_at TEXT,
    zone TEXT NOT NULL,
    calendar TEXT NOT NULL,
    basis TEXT NOT NULL,
    CONSTRAINT deadlines_kind_key UNIQUE (rma_id, kind),
    CONSTRAINT deadlines_running_check CHECK (state <> 'running' OR (starts_at IS NOT NULL AND due_at IS NOT NULL))
) STRICT;
CREATE INDEX deadlines_state_due ON deadlines (state, due_at, id);
CREATE INDEX deadlines_due ON deadlines (due_at, id);
CREATE INDEX deadlines_remind ON deadlines (remind_at) WHERE remind_at IS NOT NULL;

CREATE TABLE deadline_steps (
    deadline_id TEXT NOT NULL CONSTRAINT deadline_steps_deadline_id_fkey REFERENCES deadlines (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    from_at TEXT NOT NULL,
    to_at TEXT NOT NULL,
    counted TEXT NOT NULL,
    note TEXT NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (deadline_id, position),
    CONSTRAINT deadline_steps_order_check CHECK (to_at >= from_at)
) STRICT;
