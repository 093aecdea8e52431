-- What many orders had to tell together was compressed, which took a tenth of the time that
-- PostgreSQL needs for them, to save disk for a day.
ALTER TABLE outbox
  ALTER COLUMN types SET STORAGE EXTERNAL,
  ALTER COLUMN traces SET STORAGE EXTERNAL,
  ALTER COLUMN data SET STORAGE EXTERNAL;
