-- Who asks is a token, or the session of somebody at a browser.
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_token_id_fkey;
ALTER TABLE idempotency_keys RENAME COLUMN token_id TO asker;
