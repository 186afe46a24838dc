CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL CONSTRAINT outbox_key_key UNIQUE,
    rma_id TEXT CONSTRAINT outbox_rma_id_fkey REFERENCES rmas (id),
    organization_id TEXT CONSTRAINT outbox_organization_id_fkey REFERENCES organizations (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT outbox_state_check CHECK (state IN ('queued','sent','stuck')),
    notice TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    leased_until TEXT,
    promised_at TEXT NOT NULL,
    sent_at TEXT,
    message_id TEXT,
    delivered_to TEXT,
    last_error TEXT,
    CONSTRAINT outbox_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'queued';
CREATE INDEX outbox_rma ON outbox (rma_id, id);
CREATE INDEX outbox_organization ON outbox (organization_id, id);
CREATE INDEX outbox_state ON outbox (state, id);

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL CONSTRAINT tokens_hash_key UNIQUE,
    label TEXT NOT NULL,
    role TEXT NOT NULL CONSTRAINT tokens_role_check CHECK (role IN ('admin','operations','support','customer','courier','auditor')),
    organization_id TEXT CONSTRAINT tokens_organization_id_fkey REFERENCES organizations (id),
    courier_id TEXT CONSTRAINT tokens_courier_id_fkey REFERENCES couriers (id),
    created_at TEXT NOT NULL,
    revoked_at TEXT,
    CONSTRAINT tokens_scope_check CHECK ((role = 'customer') = (organization_id IS NOT NULL) AND (role = 'courier') = (courier_id IS NOT NULL))
) STRICT;

CREATE TABLE idempotency_keys (
    token_id TEXT NOT NULL CONSTRAINT idempotency_keys_token_id_fkey REFERENCES tokens (id),
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    version INTEGER,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (token_id, key)
) STRICT;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE events (
    id TEXT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT,
    request_id TEXT
) STRICT;
CREATE INDEX events_subject ON events (subject_kind, subject, id);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
-- REPLACE deletes a row without asking the trigger against DELETE.
CREATE TRIGGER events_no_replace BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
