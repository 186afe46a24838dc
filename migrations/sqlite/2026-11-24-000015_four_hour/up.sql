-- The older option of Gold (P5.5): honored until the contract is renewed.
ALTER TABLE contracts ADD COLUMN four_hour_service_center INTEGER NOT NULL DEFAULT 0 CONSTRAINT contracts_four_hour_service_center_check CHECK (four_hour_service_center = 0 OR tier = 'gold');
-- The contract that this one renews: each is renewed once.
ALTER TABLE contracts ADD COLUMN renews_id TEXT CONSTRAINT contracts_renews_id_fkey REFERENCES contracts (id);
CREATE UNIQUE INDEX contracts_renews_key ON contracts (renews_id);
-- When Gold Plus is offered instead of the option.
ALTER TABLE contracts ADD COLUMN offer_at TEXT;
CREATE INDEX contracts_offer ON contracts (offer_at) WHERE offer_at IS NOT NULL;
