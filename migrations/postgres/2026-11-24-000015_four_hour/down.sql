DROP INDEX contracts_offer;
DROP INDEX contracts_renews_key;
ALTER TABLE contracts DROP COLUMN offer_at;
ALTER TABLE contracts DROP COLUMN renews_id;
ALTER TABLE contracts DROP COLUMN four_hour_service_center;
