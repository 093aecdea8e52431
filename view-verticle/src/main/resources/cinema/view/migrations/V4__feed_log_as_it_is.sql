-- What was numbered together was compressed, to save disk for minutes.
ALTER TABLE feed_log
  ALTER COLUMN order_ids SET STORAGE EXTERNAL,
  ALTER COLUMN alarms SET STORAGE EXTERNAL;
