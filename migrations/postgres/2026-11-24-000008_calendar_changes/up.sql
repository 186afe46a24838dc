-- Numbered without gaps, in the order of their transactions: who sees change 7 sees all before it.
ALTER TABLE numbers DROP CONSTRAINT numbers_series_check;
ALTER TABLE numbers ADD CONSTRAINT numbers_series_check CHECK (series IN ('case','rma','site','calendar_change'));
INSERT INTO numbers (series, last) VALUES ('calendar_change', 0);

CREATE TABLE calendar_changes (
    number BIGINT NOT NULL PRIMARY KEY,
    -- `country:US`, `service_center:SC-FLL`, …
    days_of TEXT COLLATE "C" NOT NULL,
    day DATE NOT NULL,
    kind TEXT NOT NULL CONSTRAINT calendar_changes_kind_check CHECK (kind IN ('add','strike')),
    name TEXT NOT NULL,
    made_at TIMESTAMPTZ NOT NULL,
    made_by TEXT NOT NULL
);
CREATE INDEX calendar_changes_days_of ON calendar_changes (days_of, number);
