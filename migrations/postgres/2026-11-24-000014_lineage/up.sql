-- A part may be the whole unit: its replacement takes the appliance's place, and the serial number before it is kept (P4).
ALTER TABLE parts ADD COLUMN whole_unit BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE former_serials (
    id UUID NOT NULL PRIMARY KEY,
    serial_number TEXT COLLATE "C" NOT NULL,
    appliance_id UUID NOT NULL CONSTRAINT former_serials_appliance_id_fkey REFERENCES appliances (id),
    rma_id UUID NOT NULL CONSTRAINT former_serials_rma_id_key UNIQUE CONSTRAINT former_serials_rma_id_fkey REFERENCES rmas (id),
    from_at TIMESTAMPTZ NOT NULL,
    to_at TIMESTAMPTZ NOT NULL,
    successor_from TIMESTAMPTZ NOT NULL
);
CREATE INDEX former_serials_serial ON former_serials (serial_number);
CREATE INDEX former_serials_appliance ON former_serials (appliance_id, to_at);
