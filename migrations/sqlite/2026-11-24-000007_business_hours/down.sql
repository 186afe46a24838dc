ALTER TABLE deadlines ADD COLUMN clock_new TEXT NOT NULL DEFAULT 'elapsed' CONSTRAINT deadlines_clock_check CHECK (clock_new IN ('elapsed','business_days'));
UPDATE deadlines SET clock_new = clock;
ALTER TABLE deadlines DROP COLUMN clock;
ALTER TABLE deadlines RENAME COLUMN clock_new TO clock;
