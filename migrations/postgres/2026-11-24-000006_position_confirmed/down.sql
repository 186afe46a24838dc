ALTER TABLE coverage_certificates DROP COLUMN position_confirmed;
ALTER TABLE coverage_certificates DROP COLUMN territories_count;
ALTER TABLE coverage_certificates DROP COLUMN question_beyond_km;
ALTER TABLE coverage_certificates DROP COLUMN located_by;
ALTER TABLE sites DROP COLUMN located_by;
ALTER TABLE sites DROP COLUMN position_confirmed;
