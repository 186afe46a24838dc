-- When a site's certificate is to be looked at again. Sites that are here already get their first one at once.
ALTER TABLE sites ADD COLUMN certify_at TIMESTAMPTZ;
UPDATE sites SET certify_at = '1970-01-01T00:00:00.000000Z';
CREATE INDEX sites_certify ON sites (certify_at) WHERE certify_at IS NOT NULL;

CREATE TABLE coverage_certificates (
    id UUID NOT NULL PRIMARY KEY,
    site_id UUID NOT NULL CONSTRAINT coverage_certificates_site_id_fkey REFERENCES sites (id) ON DELETE CASCADE,
    certified_at TIMESTAMPTZ NOT NULL,
    verdict TEXT NOT NULL CONSTRAINT coverage_certificates_verdict_check CHECK (verdict IN ('eligible','out_of_range','confirm_position','no_center_in_country','position_unknown')),
    nearest TEXT COLLATE "C",
    distance_meters DOUBLE PRECISION CONSTRAINT coverage_certificates_distance_check CHECK (distance_meters >= 0),
    limit_miles DOUBLE PRECISION NOT NULL,
    margin_miles DOUBLE PRECISION,
    -- How far the margin is from nothing; a million where there is none, so that those are listed last.
    closeness_miles DOUBLE PRECISION NOT NULL,
    -- How far away a center may be that could make a difference.
    reach_meters DOUBLE PRECISION NOT NULL,
    method TEXT NOT NULL,
    grade TEXT NOT NULL CONSTRAINT coverage_certificates_grade_check CHECK (grade IN ('given','postal_code','city','none')),
    radius_meters DOUBLE PRECISION NOT NULL,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    program_version TEXT NOT NULL,
    considered JSONB NOT NULL,
    reasons JSONB NOT NULL,
    cause TEXT NOT NULL CONSTRAINT coverage_certificates_cause_check CHECK (cause IN ('registered','site_changed','program_changed','network_changed')),
    replaced_at TIMESTAMPTZ,
    CONSTRAINT coverage_certificates_nearest_check CHECK ((nearest IS NULL) = (distance_meters IS NULL) AND (nearest IS NULL) = (margin_miles IS NULL)),
    CONSTRAINT coverage_certificates_position_check CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE UNIQUE INDEX coverage_certificates_current ON coverage_certificates (site_id) WHERE replaced_at IS NULL;
CREATE INDEX coverage_certificates_site ON coverage_certificates (site_id, certified_at, id);
CREATE INDEX coverage_certificates_closeness ON coverage_certificates (closeness_miles, id) WHERE replaced_at IS NULL;
