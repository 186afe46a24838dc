-- Numbered without gaps, in the order of their transactions: who sees change 7 sees all before it.
ALTER TABLE numbers RENAME TO numbers_before;
CREATE TABLE numbers (
    series TEXT NOT NULL PRIMARY KEY CONSTRAINT numbers_series_check CHECK (series IN ('case','rma','site','calendar_change')),
    last INTEGER NOT NULL
) STRICT;
INSERT INTO numbers SELECT series, last FROM numbers_before;
DROP TABLE numbers_before;
INSERT INTO numbers (series, last) VALUES ('calendar_change', 0);

CREATE TABLE calendar_changes (
    number INTEGER NOT NULL PRIMARY KEY,
    -- `country:US`, `service_center:SC-FLL`, …
    days_of TEXT NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL CONSTRAINT calendar_changes_kind_check CHECK (kind IN ('add','strike')),
    name TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by TEXT NOT NULL
) STRICT;
CREATE INDEX calendar_changes_days_of ON calendar_changes (days_of, number);
