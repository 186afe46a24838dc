DELETE FROM idempotency_keys WHERE asker NOT IN (SELECT id FROM tokens);
ALTER TABLE idempotency_keys RENAME COLUMN asker TO token_id;
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_token_id_fkey FOREIGN KEY (token_id) REFERENCES tokens (id);
