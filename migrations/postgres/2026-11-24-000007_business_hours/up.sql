-- Deadlines on business hours (P3.3).
ALTER TABLE deadlines DROP CONSTRAINT deadlines_clock_check;
ALTER TABLE deadlines ADD CONSTRAINT deadlines_clock_check CHECK (clock IN ('elapsed','business_days','business_hours'));
