-- The older option of Gold (P5.5): honored until the contract is renewed.
ALTER TABLE contracts ADD COLUMN four_hour_service_center BOOLEAN NOT NULL DEFAULT FALSE CONSTRAINT contracts_four_hour_service_center_check CHECK (NOT four_hour_service_center OR tier = 'gold');
-- The contract that this one renews: each is renewed once.
ALTER TABLE contracts ADD COLUMN renews_id UUID CONSTRAINT contracts_renews_id_fkey REFERENCES contracts (id);
CREATE UNIQUE INDEX contracts_renews_key ON contracts (renews_id);
-- When Gold Plus is offered instead of the option.
ALTER TABLE contracts ADD COLUMN offer_at TIMESTAMPTZ;
CREATE INDEX contracts_offer ON contracts (offer_at) WHERE offer_at IS NOT NULL;
