-- True while the position that is there was confirmed for the address that is there.
ALTER TABLE sites ADD COLUMN position_confirmed BOOLEAN NOT NULL DEFAULT FALSE;
-- What the position was located by, beside its grade.
ALTER TABLE sites ADD COLUMN located_by TEXT CONSTRAINT sites_located_by_check CHECK (located_by IN ('given','postal_code','postal_prefix','city_region','city'));
UPDATE sites SET located_by = grade WHERE grade <> 'none';
ALTER TABLE coverage_certificates ADD COLUMN located_by TEXT CONSTRAINT coverage_certificates_located_by_check CHECK (located_by IN ('given','postal_code','postal_prefix','city_region','city'));
UPDATE coverage_certificates SET located_by = grade WHERE grade <> 'none';
-- What else of the program a certificate rests on; no program has 0, so that those that are here are looked at again.
ALTER TABLE coverage_certificates ADD COLUMN question_beyond_km DOUBLE PRECISION NOT NULL DEFAULT 0;
ALTER TABLE coverage_certificates ADD COLUMN territories_count BOOLEAN NOT NULL DEFAULT FALSE;
-- True where the certificate rests on a confirmation of the position.
ALTER TABLE coverage_certificates ADD COLUMN position_confirmed BOOLEAN NOT NULL DEFAULT FALSE;
