-- Deadlines on business hours (P3.3). SQLite can't change a check: the column is made anew. A column that is added needs a
-- default; the program never leaves it out.
ALTER TABLE deadlines ADD COLUMN clock_new TEXT NOT NULL DEFAULT 'elapsed' CONSTRAINT deadlines_clock_check CHECK (clock_new IN ('elapsed','business_days','business_hours'));
UPDATE deadlines SET clock_new = clock;
ALTER TABLE deadlines DROP COLUMN clock;
ALTER TABLE deadlines RENAME COLUMN clock_new TO clock;
