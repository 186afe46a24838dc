ALTER TABLE expected_returns DROP COLUMN destroyed_by;
ALTER TABLE expected_returns DROP COLUMN destroyed_on;
ALTER TABLE expected_returns DROP COLUMN certificate;
ALTER TABLE rmas DROP COLUMN keeps_media;
ALTER TABLE contracts DROP COLUMN keeps_media;
DROP INDEX rma_lines_replaces_line_key;
ALTER TABLE rma_lines DROP COLUMN replaces_line_id;
