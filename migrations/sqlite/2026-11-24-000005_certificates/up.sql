-- When a site's certificate is to be looked at again. Sites that are here already get their first one at once.
ALTER TABLE sites ADD COLUMN certify_at TEXT;
UPDATE sites SET certify_at = '1970-01-01T00:00:00.000000Z';
CREATE INDEX sites_certify ON sites (certify_at) WHERE certify_at IS NOT NULL;

CREATE TABLE coverage_certificates (
    id TEXT NOT NULL PRIMARY KEY,
    site_id TEXT NOT NULL CONSTRAINT coverage_certificates_site_id_fkey REFERENCES sites (id) ON DELETE CASCADE,
    certified_at TEXT NOT NULL,
    verdict TEXT NOT NULL CONSTRAINT coverage_certificates_verdict_check CHECK (verdict IN ('eligible','out_of_range','confirm_position','no_center_in_country','position_unknown')),
    nearest TEXT,
    distance_meters REAL CONSTRAINT coverage_certificates_distance_check CHECK (distance_meters >= 0),
    limit_miles REAL NOT NULL,
    margin_miles REAL,
    -- How far the margin is from nothing; a million where there is none, so that those are listed last.
    closeness_miles REAL NOT NULL,
    -- How far away a center may be that could make a difference.
    reach_meters REAL NOT NULL,
    method TEXT NOT NULL,
    grade TEXT NOT NULL CONSTRAINT coverage_certificates_grade_check CHECK (grade IN ('given','postal_code','city','none')),
    radius_meters REAL NOT NULL,
    latitude REAL,
    longitude REAL,
    program_version TEXT NOT NULL,
    considered TEXT NOT NULL,
    reasons TEXT NOT NULL,
    cause TEXT NOT NULL CONSTRAINT coverage_certificates_cause_check CHECK (cause IN ('registered','site_changed','program_changed','network_changed')),
    replaced_at TEXT,
    CONSTRAINT coverage_certificates_nearest_check CHECK ((nearest IS NULL) = (distance_meters IS NULL) AND (nearest IS NULL) = (margin_miles IS NULL)),
    CONSTRAINT coverage_certificates_position_check CHECK ((latitude IS NULL) = (longitude IS NULL))
) STRICT;
CREATE UNIQUE INDEX coverage_certificates_current ON coverage_certificates (site_id) WHERE replaced_at IS NULL;
CREATE INDEX coverage_certificates_site ON coverage_certificates (site_id, certified_at, id);
CREATE INDEX coverage_certificates_closeness ON coverage_certificates (closeness_miles, id) WHERE replaced_at IS NULL;
