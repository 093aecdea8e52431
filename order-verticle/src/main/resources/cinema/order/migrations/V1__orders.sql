CREATE TABLE customer_order (
  order_id         uuid PRIMARY KEY,
  customer_id      uuid NOT NULL,
  bar_id           text NOT NULL,
  pickup_number    int NOT NULL,
  -- PLACED until the bar says otherwise; never changed again once CANCELLED.
  status           text NOT NULL,
  -- Of the order: 1 placed, 2 cancelled.
  version          int NOT NULL,
  -- Of the bar's order request as far as we have heard; 0: the bar has not confirmed the order yet.
  request_version  int NOT NULL DEFAULT 0,
  -- A cancel was asked for and the bar has not answered: the intent that is retried.
  cancelling_since timestamptz,
  reason           text,
  lines            jsonb NOT NULL,
  total            bigint NOT NULL,
  currency         text NOT NULL,
  customer_name    text NOT NULL,
  customer_phone   text,
  seat             text,
  note             text,
  placed_at        timestamptz NOT NULL,
  ready_by         timestamptz NOT NULL,
  trace            text NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX customer_order_cancelling ON customer_order (cancelling_since)
  WHERE cancelling_since IS NOT NULL;

-- The answer to a key is the order that it made.
CREATE TABLE idempotency (
  customer_id uuid NOT NULL,
  route       text NOT NULL,
  key         text NOT NULL,
  fingerprint text NOT NULL,
  order_id    uuid NOT NULL,
  PRIMARY KEY (customer_id, route, key)
);

CREATE TABLE pickup_number (
  bar_id text NOT NULL,
  day    date NOT NULL,
  last   int NOT NULL,
  PRIMARY KEY (bar_id, day)
);

-- Our copy of what the bars sell, by the key of its topic.
CREATE TABLE menu_copy (
  key     text PRIMARY KEY,
  version int NOT NULL,
  type    text NOT NULL,
  data    jsonb NOT NULL
);

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
