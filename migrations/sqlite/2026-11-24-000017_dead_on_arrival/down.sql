DROP INDEX rma_lines_replaces_line_key;
ALTER TABLE rma_lines DROP COLUMN replaces_line_id;
