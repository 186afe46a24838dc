DROP TRIGGER events_no_truncate ON events;
DROP TRIGGER events_no_change ON events;
DROP FUNCTION events_append_only();
DROP TABLE events;
DROP TABLE idempotency_keys;
DROP TABLE tokens;
DROP TABLE outbox;
