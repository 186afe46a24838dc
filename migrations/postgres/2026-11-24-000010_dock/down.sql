DROP TABLE dock_scans;
DROP INDEX rma_lines_replacement;
DROP INDEX expected_returns_serial;
UPDATE expected_returns SET state = CASE state WHEN 'received_short' THEN 'received_wrong' WHEN 'destroyed' THEN 'received' WHEN 'kept' THEN 'overdue' ELSE state END;
ALTER TABLE expected_returns DROP CONSTRAINT expected_returns_state_check;
ALTER TABLE expected_returns ADD CONSTRAINT expected_returns_state_check CHECK (state IN ('expected','shipped','overdue','received_wrong','received','void'));
