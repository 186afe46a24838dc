DROP INDEX deadlines_replacement;
DROP INDEX rma_lines_backordered;
ALTER TABLE rma_lines DROP COLUMN supply;
ALTER TABLE rmas DROP COLUMN sourcing;
DROP TABLE stock_units;
DROP TABLE part_substitutes;
DROP TABLE center_regions;
