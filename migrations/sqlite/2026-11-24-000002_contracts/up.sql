CREATE TABLE sites (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT sites_code_key UNIQUE,
    organization_id TEXT NOT NULL CONSTRAINT sites_organization_id_fkey REFERENCES organizations (id),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    region TEXT,
    postal_code TEXT,
    country TEXT NOT NULL,
    subdivision TEXT,
    latitude REAL CONSTRAINT sites_latitude_check CHECK (latitude BETWEEN -90 AND 90),
    longitude REAL CONSTRAINT sites_longitude_check CHECK (longitude BETWEEN -180 AND 180),
    grade TEXT NOT NULL CONSTRAINT sites_grade_check CHECK (grade IN ('given','postal_code','city','none')),
    radius_meters REAL NOT NULL CONSTRAINT sites_radius_check CHECK (radius_meters >= 0),
    zone TEXT NOT NULL,
    contact_name TEXT,
    contact_phone TEXT,
    receiving_notes TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT sites_position_check CHECK ((grade = 'none') = (latitude IS NULL) AND (latitude IS NULL) = (longitude IS NULL)),
    CONSTRAINT sites_contact_check CHECK ((contact_name IS NULL) = (contact_phone IS NULL))
) STRICT;
CREATE INDEX sites_organization ON sites (organization_id, code);
CREATE INDEX sites_country ON sites (country, code);

CREATE TABLE contracts (
    id TEXT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL CONSTRAINT contracts_number_key UNIQUE,
    organization_id TEXT NOT NULL CONSTRAINT contracts_organization_id_fkey REFERENCES organizations (id),
    region TEXT NOT NULL CONSTRAINT contracts_region_check CHECK (region IN ('north_america','latin_america','caribbean','europe','middle_east','africa','asia','australia_new_zealand','japan')),
    tier TEXT NOT NULL CONSTRAINT contracts_tier_check CHECK (tier IN ('bronze','silver','gold','gold_plus')),
    zone TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT contracts_days_check CHECK (ends_on >= starts_on)
) STRICT;
CREATE INDEX contracts_organization ON contracts (organization_id, number);
CREATE INDEX contracts_tier ON contracts (tier, number);

CREATE TABLE appliances (
    id TEXT NOT NULL PRIMARY KEY,
    serial_number TEXT NOT NULL CONSTRAINT appliances_serial_number_key UNIQUE,
    organization_id TEXT NOT NULL CONSTRAINT appliances_organization_id_fkey REFERENCES organizations (id),
    model_id TEXT NOT NULL CONSTRAINT appliances_model_id_fkey REFERENCES models (id),
    kind TEXT NOT NULL CONSTRAINT appliances_kind_check CHECK (kind IN ('physical','virtual')),
    site_id TEXT CONSTRAINT appliances_site_id_fkey REFERENCES sites (id),
    end_of_maintenance_on TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX appliances_organization ON appliances (organization_id, serial_number);
CREATE INDEX appliances_model ON appliances (model_id, serial_number);
CREATE INDEX appliances_site ON appliances (site_id, serial_number);

CREATE TABLE contract_lines (
    contract_id TEXT NOT NULL CONSTRAINT contract_lines_contract_id_fkey REFERENCES contracts (id),
    appliance_id TEXT NOT NULL CONSTRAINT contract_lines_appliance_id_fkey REFERENCES appliances (id) ON DELETE CASCADE,
    PRIMARY KEY (contract_id, appliance_id)
) STRICT;
CREATE INDEX contract_lines_appliance ON contract_lines (appliance_id, contract_id);
