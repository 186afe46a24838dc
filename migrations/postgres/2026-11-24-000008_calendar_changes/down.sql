DROP TABLE calendar_changes;
DELETE FROM numbers WHERE series = 'calendar_change';
ALTER TABLE numbers DROP CONSTRAINT numbers_series_check;
ALTER TABLE numbers ADD CONSTRAINT numbers_series_check CHECK (series IN ('case','rma','site'));
