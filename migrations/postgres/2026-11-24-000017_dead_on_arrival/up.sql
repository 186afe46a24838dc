-- A replacement that was dead on arrival (P4.6): the line of the linked RMA says for the replacement of which line it is.
ALTER TABLE rma_lines ADD COLUMN replaces_line_id UUID CONSTRAINT rma_lines_replaces_line_id_fkey REFERENCES rma_lines (id);
-- A replacement is reported dead once, unless the linked RMA was called off.
CREATE UNIQUE INDEX rma_lines_replaces_line_key ON rma_lines (replaces_line_id) WHERE replaces_line_id IS NOT NULL AND NOT void;

-- Customers who keep their media (P4.6): a certificate of destruction takes the place of the return.
ALTER TABLE contracts ADD COLUMN keeps_media BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE rmas ADD COLUMN keeps_media BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE expected_returns ADD COLUMN certificate TEXT;
ALTER TABLE expected_returns ADD COLUMN destroyed_on DATE;
ALTER TABLE expected_returns ADD COLUMN destroyed_by TEXT;
