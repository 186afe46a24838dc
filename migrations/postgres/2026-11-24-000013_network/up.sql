-- Service centers that are asked for (P5.4).
CREATE TABLE center_requests (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL CONSTRAINT center_requests_code_key UNIQUE,
    name TEXT NOT NULL,
    organization_id UUID CONSTRAINT center_requests_organization_id_fkey REFERENCES organizations (id),
    country TEXT NOT NULL,
    latitude DOUBLE PRECISION NOT NULL,
    longitude DOUBLE PRECISION NOT NULL,
    located_by TEXT NOT NULL,
    radius_meters DOUBLE PRECISION NOT NULL,
    zone TEXT NOT NULL,
    note TEXT,
    requested_on DATE NOT NULL,
    expected_from DATE,
    expected_by DATE NOT NULL,
    -- The end of the last day, in the zone of the place.
    due_at TIMESTAMPTZ NOT NULL,
    working JSONB NOT NULL,
    program_version TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT center_requests_state_check CHECK (state IN ('requested','opened','withdrawn')),
    service_center_id UUID CONSTRAINT center_requests_service_center_id_fkey REFERENCES service_centers (id),
    opened_on DATE,
    ended_at TIMESTAMPTZ,
    reason TEXT,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT center_requests_ended_check CHECK ((state = 'requested') = (ended_at IS NULL)),
    CONSTRAINT center_requests_opened_check CHECK ((state = 'opened') = (service_center_id IS NOT NULL))
);
CREATE INDEX center_requests_open ON center_requests (due_at, code) WHERE state = 'requested';
CREATE INDEX center_requests_organization ON center_requests (organization_id);
CREATE INDEX center_requests_service_center ON center_requests (service_center_id);

-- The sites for which a center is asked for.
CREATE TABLE center_request_sites (
    center_request_id UUID NOT NULL CONSTRAINT center_request_sites_center_request_id_fkey REFERENCES center_requests (id),
    site_id UUID NOT NULL CONSTRAINT center_request_sites_site_id_fkey REFERENCES sites (id) ON DELETE CASCADE,
    PRIMARY KEY (center_request_id, site_id)
);
CREATE INDEX center_request_sites_site ON center_request_sites (site_id);
