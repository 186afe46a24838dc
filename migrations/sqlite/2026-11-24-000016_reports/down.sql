DROP INDEX deadlines_kind_due;
CREATE TABLE outbox_old (
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
INSERT INTO outbox_old SELECT id, key, rma_id, organization_id, kind, CASE state WHEN 'superseded' THEN 'stuck' ELSE state END, notice, attempts, next_at, leased_until, promised_at, sent_at, message_id, delivered_to, last_error FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_old RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'queued';
CREATE INDEX outbox_rma ON outbox (rma_id, id);
CREATE INDEX outbox_organization ON outbox (organization_id, id);
CREATE INDEX outbox_state ON outbox (state, id);
