DROP TABLE recovery_codes;
DROP TABLE sign_in_tries;
DROP TABLE sign_in_links;
DROP TABLE sessions;
DROP TABLE people;
