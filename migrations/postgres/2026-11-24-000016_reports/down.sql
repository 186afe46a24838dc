DROP INDEX deadlines_kind_due;
DROP INDEX outbox_due;
UPDATE outbox SET state = 'stuck' WHERE state = 'superseded';
ALTER TABLE outbox DROP CONSTRAINT outbox_state_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_state_check CHECK (state IN ('queued','sent','stuck'));
ALTER TABLE outbox DROP COLUMN urgency;
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'queued';
