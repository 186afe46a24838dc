-- Which regions a center is the warehouse of: what isn't Gold Plus leaves from there.
CREATE TABLE center_regions (
    service_center_id UUID NOT NULL CONSTRAINT center_regions_service_center_id_fkey REFERENCES service_centers (id) ON DELETE CASCADE,
    region TEXT NOT NULL CONSTRAINT center_regions_region_check CHECK (region IN ('north_america','latin_america','caribbean','europe','middle_east','africa','asia','australia_new_zealand','japan')),
    PRIMARY KEY (service_center_id, region)
);
CREATE INDEX center_regions_region ON center_regions (region, service_center_id);

-- What may be sent in place of a part.
CREATE TABLE part_substitutes (
    part_id UUID NOT NULL CONSTRAINT part_substitutes_part_id_fkey REFERENCES parts (id) ON DELETE CASCADE,
    substitute_id UUID NOT NULL CONSTRAINT part_substitutes_substitute_id_fkey REFERENCES parts (id),
    fit TEXT NOT NULL CONSTRAINT part_substitutes_fit_check CHECK (fit IN ('newer_revision','approved_substitute')),
    PRIMARY KEY (part_id, substitute_id),
    CONSTRAINT part_substitutes_other_check CHECK (part_id <> substitute_id)
);
CREATE INDEX part_substitutes_substitute ON part_substitutes (substitute_id, part_id);

CREATE TABLE stock_units (
    id UUID NOT NULL PRIMARY KEY,
    serial_number TEXT COLLATE "C" NOT NULL CONSTRAINT stock_units_serial_number_key UNIQUE,
    part_id UUID NOT NULL CONSTRAINT stock_units_part_id_fkey REFERENCES parts (id),
    service_center_id UUID NOT NULL CONSTRAINT stock_units_service_center_id_fkey REFERENCES service_centers (id),
    state TEXT NOT NULL CONSTRAINT stock_units_state_check CHECK (state IN ('received','reserved','shipped','quarantined','written_off')),
    rma_line_id UUID CONSTRAINT stock_units_rma_line_id_fkey REFERENCES rma_lines (id),
    note TEXT,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT stock_units_line_check CHECK ((state IN ('reserved','shipped')) = (rma_line_id IS NOT NULL))
);
-- A line has one unit, a unit one line.
CREATE UNIQUE INDEX stock_units_rma_line_key ON stock_units (rma_line_id) WHERE rma_line_id IS NOT NULL;
-- Free units, the one that came first in front.
CREATE INDEX stock_units_free ON stock_units (part_id, service_center_id, created_at, id) WHERE state = 'received';
CREATE INDEX stock_units_part ON stock_units (part_id, service_center_id, state);
CREATE INDEX stock_units_center ON stock_units (service_center_id, serial_number);

ALTER TABLE rmas ADD COLUMN sourcing JSONB;
ALTER TABLE rma_lines ADD COLUMN supply TEXT NOT NULL DEFAULT 'untracked' CONSTRAINT rma_lines_supply_check CHECK (supply IN ('untracked','reserved','backordered'));
CREATE INDEX rma_lines_backordered ON rma_lines (part_id, id) WHERE supply = 'backordered';
-- What still has to leave or arrive, the next first.
CREATE INDEX deadlines_replacement ON deadlines (due_at, id) WHERE done_at IS NULL AND kind IN ('ship_by','deliver_by');
