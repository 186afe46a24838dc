DROP TABLE dock_scans;
DROP INDEX rma_lines_replacement;
ALTER TABLE expected_returns RENAME TO expected_returns_after;
DROP INDEX expected_returns_rma;
DROP INDEX expected_returns_serial;
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
INSERT INTO expected_returns SELECT id, rma_id, rma_line_id, line, serial_number,
    CASE state WHEN 'received_short' THEN 'received_wrong' WHEN 'destroyed' THEN 'received' WHEN 'kept' THEN 'overdue' ELSE state END,
    carrier, tracking_number, shipped_at, received_at, received_serial_number, condition FROM expected_returns_after;
DROP TABLE expected_returns_after;
CREATE INDEX expected_returns_rma ON expected_returns (rma_id, line);
