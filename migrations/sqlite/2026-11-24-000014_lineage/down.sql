DROP TABLE former_serials;
ALTER TABLE parts DROP COLUMN whole_unit;
