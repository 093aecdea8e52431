CREATE TABLE order_view (
  order_id        uuid PRIMARY KEY,
  bar_id          text NOT NULL,
  -- What order-verticle and the bar said last; version 0: nothing yet. Events may come in any order.
  order_status    text,
  order_version   int NOT NULL,
  request_status  text,
  request_version int NOT NULL,
  reason          text,
  -- NULL while only later events have arrived: not shown until the order itself has.
  customer_id     uuid,
  details         jsonb,
  -- The bar has the last word, except on what ended the order.
  status          text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN order_status IN ('CANCELLED', 'PAYMENT_FAILED') THEN order_status
         WHEN request_status IS NOT NULL THEN request_status
         ELSE order_status END) STORED
) WITH (fillfactor = 80);

CREATE INDEX order_view_board ON order_view (bar_id, order_id)
  WHERE details IS NOT NULL AND status IN ('PLACED', 'PREPARING', 'READY');
CREATE INDEX order_view_history ON order_view (bar_id, order_id) WHERE details IS NOT NULL;
CREATE INDEX order_view_mine ON order_view (customer_id, order_id) WHERE details IS NOT NULL;

-- A bar's numbering: a feed message has the next seq of its epoch.
CREATE TABLE feed (
  bar_id text PRIMARY KEY,
  epoch  text NOT NULL,
  seq    bigint NOT NULL
);

-- What was numbered: which order changed, or an alarm as it was. Enough to tell again who missed it.
CREATE TABLE feed_message (
  bar_id   text NOT NULL,
  seq      bigint NOT NULL,
  order_id uuid,
  alarm    jsonb,
  PRIMARY KEY (bar_id, seq)
);

-- Single use, half a minute: what a browser shows instead of its token to open a feed.
CREATE TABLE feed_ticket (
  ticket_hash bytea PRIMARY KEY,
  caller      jsonb NOT NULL,
  expires_at  timestamptz NOT NULL
);
