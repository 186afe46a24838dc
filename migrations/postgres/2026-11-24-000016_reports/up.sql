-- Letters leave by urgency: 0 dispatches, 1 what asks for action, 2 the rest. What left before keeps the default.
ALTER TABLE outbox ADD COLUMN urgency SMALLINT NOT NULL DEFAULT 2 CONSTRAINT outbox_urgency_check CHECK (urgency BETWEEN 0 AND 2);
UPDATE outbox SET urgency = 0 WHERE state <> 'sent' AND kind IN ('courier_dispatch','courier_cancelled','courier_reminder','dispatch_alert');
UPDATE outbox SET urgency = 1 WHERE state <> 'sent' AND kind IN ('rma_issued','delivered','return_due_soon','return_due_today','return_overdue',
    'return_partial','return_wrong','return_parcel','return_instructions');
-- A letter that a later one has made pointless before it left.
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check CHECK (state IN ('queued','sent','stuck','superseded'));
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (state, urgency, next_at);
CREATE INDEX deadlines_kind_due ON deadlines (kind, due_at, id);
