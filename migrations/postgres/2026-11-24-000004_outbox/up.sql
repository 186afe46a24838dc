CREATE TABLE outbox (
    id UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL CONSTRAINT outbox_key_key UNIQUE,
    rma_id UUID CONSTRAINT outbox_rma_id_fkey REFERENCES rmas (id),
    organization_id UUID CONSTRAINT outbox_organization_id_fkey REFERENCES organizations (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT outbox_state_check CHECK (state IN ('queued','sent','stuck')),
    notice JSONB NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ,
    promised_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ,
    message_id TEXT,
    delivered_to TEXT,
    last_error TEXT,
    CONSTRAINT outbox_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'queued';
CREATE INDEX outbox_rma ON outbox (rma_id, id);
CREATE INDEX outbox_organization ON outbox (organization_id, id);
CREATE INDEX outbox_state ON outbox (state, id);

CREATE TABLE tokens (
    id UUID NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL CONSTRAINT tokens_hash_key UNIQUE,
    label TEXT NOT NULL,
    role TEXT NOT NULL CONSTRAINT tokens_role_check CHECK (role IN ('admin','operations','support','customer','courier','auditor')),
    organization_id UUID CONSTRAINT tokens_organization_id_fkey REFERENCES organizations (id),
    courier_id UUID CONSTRAINT tokens_courier_id_fkey REFERENCES couriers (id),
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    CONSTRAINT tokens_scope_check CHECK ((role = 'customer') = (organization_id IS NOT NULL) AND (role = 'courier') = (courier_id IS NOT NULL))
);

CREATE TABLE idempotency_keys (
    token_id UUID NOT NULL CONSTRAINT idempotency_keys_token_id_fkey REFERENCES tokens (id),
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    version INTEGER,
    body TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (token_id, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE events (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    before JSONB,
    after JSONB,
    request_id TEXT
);
CREATE INDEX events_subject ON events (subject_kind, subject, id);
CREATE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$;
CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_append_only();
-- TRUNCATE empties a table without asking the trigger of its rows.
CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events FOR EACH STATEMENT EXECUTE FUNCTION events_append_only();
