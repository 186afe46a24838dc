CREATE TABLE idempotency_keys_old (
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
INSERT INTO idempotency_keys_old SELECT asker, key, request_hash, status, location, version, body, created_at FROM idempotency_keys
    WHERE asker IN (SELECT id FROM tokens);
DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_old RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
