DROP TRIGGER events_no_replace;
DROP TRIGGER events_no_delete;
DROP TRIGGER events_no_update;
DROP TABLE events;
DROP TABLE idempotency_keys;
DROP TABLE tokens;
DROP TABLE outbox;
