-- An order is looked for together with its bar, or its customer: one index less.
DROP INDEX order_view_history;
ALTER TABLE order_view DROP CONSTRAINT order_view_pkey, ADD PRIMARY KEY (bar_id, order_id);

-- What was numbered, a row for what was numbered together: which orders changed, or alarms as they
-- were; of each message one is null. Enough to tell again who missed it.
CREATE TABLE feed_log (
  bar_id    text NOT NULL,
  -- The seq of the last of these; they have one after another.
  last      bigint NOT NULL,
  order_ids uuid[] NOT NULL,
  alarms    text[] NOT NULL,
  PRIMARY KEY (bar_id, last)
);
INSERT INTO feed_log (bar_id, last, order_ids, alarms)
SELECT bar_id, seq, ARRAY[order_id], ARRAY[alarm::text] FROM feed_message;
DROP TABLE feed_message;

-- Nothing is ever looked for within them, and text is written and read as it is.
ALTER TABLE order_view ALTER COLUMN details TYPE text;
