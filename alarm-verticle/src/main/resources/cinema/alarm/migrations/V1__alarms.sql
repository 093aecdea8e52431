CREATE TABLE alarm (
  alarm_id        uuid PRIMARY KEY,
  order_id        uuid NOT NULL,
  kind            text NOT NULL,
  bar_id          text NOT NULL,
  version         int NOT NULL,
  -- NULL while only the cancel has arrived: nothing to raise any more.
  customer        text,
  summary         text,
  raised_at       timestamptz,
  acknowledged_at timestamptz,
  -- One alarm per order, however often the order is told.
  UNIQUE (order_id, kind)
) WITH (fillfactor = 80);

CREATE INDEX alarm_open ON alarm (bar_id, alarm_id) WHERE acknowledged_at IS NULL;
CREATE INDEX alarm_by_bar ON alarm (bar_id, alarm_id);

-- One row for all that one transaction has to tell; kept for a day as a journal.
CREATE TABLE outbox (
  outbox_id    uuid PRIMARY KEY,
  topic        text NOT NULL,
  types        text[] NOT NULL,
  traces       text[] NOT NULL,
  data         text[] NOT NULL,
  published_at timestamptz
);
CREATE INDEX outbox_unpublished ON outbox (outbox_id) WHERE published_at IS NULL;
