DROP INDEX expected_returns_state;
DROP TABLE charges;
