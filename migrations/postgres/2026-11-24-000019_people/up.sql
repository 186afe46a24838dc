-- Who may sign in. Couriers don't: they have the links of their letters.
CREATE TABLE people (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    -- The same in small letters: one person an address, however it is written.
    email_key TEXT NOT NULL CONSTRAINT people_email_key_key UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CONSTRAINT people_role_check CHECK (role IN ('admin','operations','support','customer','auditor')),
    organization_id UUID CONSTRAINT people_organization_id_fkey REFERENCES organizations (id),
    -- Of customers: may invite colleagues of the organization.
    administrator BOOLEAN NOT NULL,
    zone TEXT NOT NULL,
    -- Argon2id, as a PHC string; none where somebody signs in by links only.
    password_hash TEXT,
    -- Of the second factor, in base 32. Without totp_since it isn't confirmed yet.
    totp_secret TEXT,
    totp_since TIMESTAMPTZ,
    -- The step of the last code that was taken: none is taken twice.
    totp_step BIGINT,
    created_at TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ,
    disabled_at TIMESTAMPTZ,
    CONSTRAINT people_scope_check CHECK ((role = 'customer') = (organization_id IS NOT NULL) AND (NOT administrator OR role = 'customer')),
    CONSTRAINT people_totp_check CHECK (totp_since IS NULL OR totp_secret IS NOT NULL)
);
CREATE INDEX people_organization ON people (organization_id, id);

-- What the cookie of a browser stands for: only a hash of the cookie is kept.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL CONSTRAINT sessions_person_id_fkey REFERENCES people (id),
    hash TEXT NOT NULL CONSTRAINT sessions_hash_key UNIQUE,
    stage TEXT NOT NULL CONSTRAINT sessions_stage_check CHECK (stage IN ('code','enroll','full')),
    user_agent TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE INDEX sessions_person ON sessions (person_id, id);
CREATE INDEX sessions_expires ON sessions (expires_at);

-- Links in letters, each good for one use. Their tokens are signed from the id and kept nowhere.
CREATE TABLE sign_in_links (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID CONSTRAINT sign_in_links_person_id_fkey REFERENCES people (id),
    purpose TEXT NOT NULL CONSTRAINT sign_in_links_purpose_check CHECK (purpose IN ('setup','sign_in','invitation','reset')),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    CONSTRAINT sign_in_links_person_check CHECK ((purpose = 'setup') = (person_id IS NULL))
);
CREATE INDEX sign_in_links_person ON sign_in_links (person_id, id);
CREATE INDEX sign_in_links_expires ON sign_in_links (expires_at);

-- Tries to sign in that are not known to be good, by hashes of what was tried and from where.
CREATE TABLE sign_in_tries (
    id UUID NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_tries_account ON sign_in_tries (account, at);
CREATE INDEX sign_in_tries_address ON sign_in_tries (address, at);
CREATE INDEX sign_in_tries_at ON sign_in_tries (at);

-- For who has lost the phone: each good for one use, kept as hashes.
CREATE TABLE recovery_codes (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL CONSTRAINT recovery_codes_person_id_fkey REFERENCES people (id),
    hash TEXT NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX recovery_codes_person ON recovery_codes (person_id, hash);
