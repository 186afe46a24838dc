DROP TABLE coverage_certificates;
DROP INDEX sites_certify;
ALTER TABLE sites DROP COLUMN certify_at;
