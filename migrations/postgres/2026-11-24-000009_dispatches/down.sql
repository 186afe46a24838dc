DROP INDEX shipments_tracking_number;
DROP TABLE carrier_events;
DROP TABLE carriers;
DROP TABLE proofs;
DROP TABLE dispatches;
DROP TABLE secrets;
