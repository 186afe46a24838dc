-- A part may be the whole unit: its replacement takes the appliance's place, and the serial number before it is kept (P4).
ALTER TABLE parts ADD COLUMN whole_unit INTEGER NOT NULL DEFAULT 0;

CREATE TABLE former_serials (
    id TEXT NOT NULL PRIMARY KEY,
    serial_number TEXT NOT NULL,
    appliance_id TEXT NOT NULL CONSTRAINT former_serials_appliance_id_fkey REFERENCES appliances (id),
    rma_id TEXT NOT NULL CONSTRAINT former_serials_rma_id_key UNIQUE CONSTRAINT former_serials_rma_id_fkey REFERENCES rmas (id),
    from_at TEXT NOT NULL,
    to_at TEXT NOT NULL,
    successor_from TEXT NOT NULL
) STRICT;
CREATE INDEX former_serials_serial ON former_serials (serial_number);
CREATE INDEX former_serials_appliance ON former_serials (appliance_id, to_at);
