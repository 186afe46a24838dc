-- Letters leave by urgency: 0 dispatches, 1 what asks for action, 2 the rest. What left before keeps the default. A letter that a
-- later one has made pointless before it left is superseded. SQLite can't change a check: the table is made anew.
CREATE TABLE outbox_new (
    id TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL CONSTRAINT outbox_key_key UNIQUE,
    rma_id TEXT CONSTRAINT outbox_rma_id_fkey REFERENCES rmas (id),
    organization_id TEXT CONSTRAINT outbox_organization_id_fkey REFERENCES organizations (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT outbox_state_check CHECK (state IN ('queued','sent','stuck','superseded')),
    notice TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    leased_until TEXT,
    promised_at TEXT NOT NULL,
    sent_at TEXT,
    message_id TEXT,
    delivered_to TEXT,
    last_error TEXT,
    urgency INTEGER NOT NULL DEFAULT 2 CONSTRAINT outbox_urgency_check CHECK (urgency BETWEEN 0 AND 2),
    CONSTRAINT outbox_sent_check CHECK ((state = 'sent') = (sent_at IS NOT NULL))
) STRICT;
INSERT INTO outbox_new SELECT id, key, rma_id, organization_id, kind, state, notice, attempts, next_at, leased_until, promised_at, sent_at, message_id, delivered_to, last_error, CASE
    WHEN state = 'sent' THEN 2
    WHEN kind IN ('courier_dispatch','courier_cancelled','courier_reminder','dispatch_alert') THEN 0
    WHEN kind IN ('rma_issued','delivered','return_due_soon','return_due_today','return_overdue','return_partial','return_wrong',
        'return_parcel','return_instructions') THEN 1
    ELSE 2 END FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_due ON outbox (state, urgency, next_at);
CREATE INDEX outbox_rma ON outbox (rma_id, id);
CREATE INDEX outbox_organization ON outbox (organization_id, id);
CREATE INDEX outbox_state ON outbox (state, id);
CREATE INDEX deadlines_kind_due ON deadlines (kind, due_at, id);
