CREATE TABLE order_request (
  order_id      uuid PRIMARY KEY,
  bar_id        text NOT NULL,
  status        text NOT NULL,
  version       int NOT NULL,
  reason        text,
  -- NULL in a tombstone: a cancel that overtook its order.
  pickup_number int,
  lines         jsonb,
  placed_at     timestamptz
) WITH (fillfactor = 80);

CREATE TABLE bar (
  bar_id  text PRIMARY KEY,
  name    text NOT NULL,
  names   jsonb NOT NULL,
  version int NOT NULL
);

CREATE TABLE menu_item (
  bar_id       text NOT NULL REFERENCES bar,
  item_id      text NOT NULL,
  name         text NOT NULL,
  names        jsonb NOT NULL,
  price        bigint NOT NULL,
  currency     text NOT NULL,
  prep_seconds int NOT NULL,
  available    boolean NOT NULL,
  -- NULL: nobody counts them.
  stock        int,
  version      int NOT NULL,
  PRIMARY KEY (bar_id, item_id)
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
