CREATE TABLE organizations (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT organizations_code_key UNIQUE,
    name TEXT NOT NULL,
    region TEXT NOT NULL CONSTRAINT organizations_region_check CHECK (region IN ('north_america','latin_america','caribbean','europe','middle_east','africa','asia','australia_new_zealand','japan')),
    country TEXT NOT NULL,
    subdivision TEXT,
    language TEXT NOT NULL CONSTRAINT organizations_language_check CHECK (language IN ('en','es','pt','fr','de','zh','ko','ja')),
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX organizations_country ON organizations (country, code);
CREATE INDEX organizations_region ON organizations (region, code);

CREATE TABLE contacts (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL CONSTRAINT contacts_organization_id_fkey REFERENCES organizations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    CONSTRAINT contacts_position_key UNIQUE (organization_id, position)
) STRICT;

CREATE TABLE models (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT models_code_key UNIQUE,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE parts (
    id TEXT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL CONSTRAINT parts_number_key UNIQUE,
    description TEXT NOT NULL,
    excluded_from_gold_plus INTEGER NOT NULL,
    excluded_from_maintenance INTEGER NOT NULL,
    export_controlled INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE part_models (
    part_id TEXT NOT NULL CONSTRAINT part_models_part_id_fkey REFERENCES parts (id) ON DELETE CASCADE,
    model_id TEXT NOT NULL CONSTRAINT part_models_model_id_fkey REFERENCES models (id),
    PRIMARY KEY (part_id, model_id)
) STRICT;
CREATE INDEX part_models_model ON part_models (model_id, part_id);

CREATE TABLE couriers (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT couriers_code_key UNIQUE,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    language TEXT NOT NULL CONSTRAINT couriers_language_check CHECK (language IN ('en','es','pt','fr','de','zh','ko','ja')),
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE service_centers (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT service_centers_code_key UNIQUE,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    city TEXT NOT NULL,
    region TEXT,
    postal_code TEXT,
    country TEXT NOT NULL,
    subdivision TEXT,
    latitude REAL NOT NULL CONSTRAINT service_centers_latitude_check CHECK (latitude BETWEEN -90 AND 90),
    longitude REAL NOT NULL CONSTRAINT service_centers_longitude_check CHECK (longitude BETWEEN -180 AND 180),
    zone TEXT NOT NULL,
    opens_on TEXT NOT NULL,
    closes_on TEXT,
    version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT service_centers_days_check CHECK (closes_on IS NULL OR closes_on > opens_on)
) STRICT;
CREATE INDEX service_centers_country ON service_centers (country, code);

CREATE TABLE center_couriers (
    service_center_id TEXT NOT NULL CONSTRAINT center_couriers_service_center_id_fkey REFERENCES service_centers (id) ON DELETE CASCADE,
    courier_id TEXT NOT NULL CONSTRAINT center_couriers_courier_id_fkey REFERENCES couriers (id),
    position INTEGER NOT NULL,
    PRIMARY KEY (service_center_id, courier_id)
) STRICT;
CREATE INDEX center_couriers_courier ON center_couriers (courier_id, service_center_id);
