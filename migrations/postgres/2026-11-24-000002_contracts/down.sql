DROP TABLE contract_lines;
DROP TABLE appliances;
DROP TABLE contracts;
DROP TABLE sites;
