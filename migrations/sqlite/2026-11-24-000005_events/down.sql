DROP TRIGGER events_no_replace;
