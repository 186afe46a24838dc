DROP TABLE center_couriers;
DROP TABLE service_centers;
DROP TABLE couriers;
DROP TABLE part_models;
DROP TABLE parts;
DROP TABLE models;
DROP TABLE contacts;
DROP TABLE organizations;
