ALTER TABLE expected_returns DROP CONSTRAINT expected_returns_state_check;
ALTER TABLE expected_returns ADD CONSTRAINT expected_returns_state_check CHECK (state IN ('expected','shipped','overdue','received_wrong','received_short','received','destroyed','kept','void'));
CREATE INDEX expected_returns_serial ON expected_returns (serial_number, state);
CREATE INDEX rma_lines_replacement ON rma_lines (replacement_serial_number) WHERE replacement_serial_number IS NOT NULL;

CREATE TABLE dock_scans (
    id UUID NOT NULL PRIMARY KEY,
    rma_id UUID CONSTRAINT dock_scans_rma_id_fkey REFERENCES rmas (id),
    line INTEGER,
    service_center_id UUID CONSTRAINT dock_scans_service_center_id_fkey REFERENCES service_centers (id),
    serial_number TEXT COLLATE "C" NOT NULL,
    condition TEXT NOT NULL CONSTRAINT dock_scans_condition_check CHECK (condition IN ('as_described','damaged','incomplete')),
    outcome TEXT NOT NULL CONSTRAINT dock_scans_outcome_check CHECK (outcome IN ('expected_unit','replacement_returned','other_unit_of_customer','unit_of_another_customer','unknown_serial','parts_missing','damaged_in_transit','already_received')),
    scanned_at TIMESTAMPTZ NOT NULL,
    scanned_by TEXT NOT NULL,
    disposition TEXT NOT NULL CONSTRAINT dock_scans_disposition_check CHECK (disposition IN ('restock','repair','scrap','return_to_sender','investigate')),
    finding TEXT CONSTRAINT dock_scans_finding_check CHECK (finding IN ('defect_confirmed','other_defect','no_fault_found','customer_damage')),
    note TEXT,
    disposed_at TIMESTAMPTZ,
    disposed_by TEXT,
    CONSTRAINT dock_scans_disposed_check CHECK ((disposed_at IS NULL) = (disposed_by IS NULL)),
    CONSTRAINT dock_scans_line_check CHECK ((rma_id IS NULL) = (line IS NULL))
);
CREATE INDEX dock_scans_rma ON dock_scans (rma_id, line);
CREATE INDEX dock_scans_service_center ON dock_scans (service_center_id);
CREATE INDEX dock_scans_open ON dock_scans (disposition, id) WHERE disposed_at IS NULL;
