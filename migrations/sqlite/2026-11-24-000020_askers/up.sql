-- Who asks is a token, or the session of somebody at a browser.
CREATE TABLE idempotency_keys_new (
    asker TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    location TEXT,
    version INTEGER,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (asker, key)
) STRICT;
INSERT INTO idempotency_keys_new SELECT token_id, key, request_hash, status, location, version, body, created_at FROM idempotency_keys;
DROP TABLE idempotency_keys;
ALTER TABLE idempotency_keys_new RENAME TO idempotency_keys;
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
