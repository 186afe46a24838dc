CREATE TABLE sites (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL CONSTRAINT sites_code_key UNIQUE,
    organization_id UUID NOT NULL CONSTRAINT sites_organization_id_fkey REFERENCES organizations (id),
    name TEXT NOT NULL,
    address JSONB NOT NULL,
    city TEXT NOT NULL,
    region TEXT,
    postal_code TEXT,
    country TEXT NOT NULL,
    subdivision TEXT,
    latitude DOUBLE PRECISION CONSTRAINT sites_latitude_check CHECK (latitude BETWEEN -90 AND 90),
    longitude DOUBLE PRECISION CONSTRAINT sites_longitude_check CHECK (longitude BETWEEN -180 AND 180),
    grade TEXT NOT NULL CONSTRAINT sites_grade_check CHECK (grade IN ('given','postal_code','city','none')),
    radius_meters DOUBLE PRECISION NOT NULL CONSTRAINT sites_radius_check CHECK (radius_meters >= 0),
    zone TEXT NOT NULL,
    contact_name TEXT,
    contact_phone TEXT,
    receiving_notes TEXT,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT sites_position_check CHECK ((grade = 'none') = (latitude IS NULL) AND (latitude IS NULL) = (longitude IS NULL)),
    CONSTRAINT sites_contact_check CHECK ((contact_name IS NULL) = (contact_phone IS NULL))
);
CREATE INDEX sites_organization ON sites (organization_id, code);
CREATE INDEX sites_country ON sites (country, code);

CREATE TABLE contracts (
    id UUID NOT NULL PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL CONSTRAINT contracts_number_key UNIQUE,
    organization_id UUID NOT NULL CONSTRAINT contracts_organization_id_fkey REFERENCES organizations (id),
    region TEXT NOT NULL CONSTRAINT contracts_region_check CHECK (region IN ('north_america','latin_america','caribbean','europe','middle_east','africa','asia','australia_new_zealand','japan')),
    tier TEXT NOT NULL CONSTRAINT contracts_tier_check CHECK (tier IN ('bronze','silver','gold','gold_plus')),
    zone TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT contracts_days_check CHECK (ends_on >= starts_on)
);
CREATE INDEX contracts_organization ON contracts (organization_id, number);
CREATE INDEX contracts_tier ON contracts (tier, number);

CREATE TABLE appliances (
    id UUID NOT NULL PRIMARY KEY,
    serial_number TEXT COLLATE "C" NOT NULL CONSTRAINT appliances_serial_number_key UNIQUE,
    organization_id UUID NOT NULL CONSTRAINT appliances_organization_id_fkey REFERENCES organizations (id),
    model_id UUID NOT NULL CONSTRAINT appliances_model_id_fkey REFERENCES models (id),
    kind TEXT NOT NULL CONSTRAINT appliances_kind_check CHECK (kind IN ('physical','virtual')),
    site_id UUID CONSTRAINT appliances_site_id_fkey REFERENCES sites (id),
    end_of_maintenance_on DATE,
    version INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX appliances_organization ON appliances (organization_id, serial_number);
CREATE INDEX appliances_model ON appliances (model_id, serial_number);
CREATE INDEX appliances_site ON appliances (site_id, serial_number);

CREATE TABLE contract_lines (
    contract_id UUID NOT NULL CONSTRAINT contract_lines_contract_id_fkey REFERENCES contracts (id),
    appliance_id UUID NOT NULL CONSTRAINT contract_lines_appliance_id_fkey REFERENCES appliances (id) ON DELETE CASCADE,
    PRIMARY KEY (contract_id, appliance_id)
);
CREATE INDEX contract_lines_appliance ON contract_lines (appliance_id, contract_id);
