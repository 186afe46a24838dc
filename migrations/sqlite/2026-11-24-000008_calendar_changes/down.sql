DROP TABLE calendar_changes;
ALTER TABLE numbers RENAME TO numbers_before;
CREATE TABLE numbers (
    series TEXT NOT NULL PRIMARY KEY CONSTRAINT numbers_series_check CHECK (series IN ('case','rma','site')),
    last INTEGER NOT NULL
) STRICT;
INSERT INTO numbers SELECT series, last FROM numbers_before WHERE series <> 'calendar_change';
DROP TABLE numbers_before;
