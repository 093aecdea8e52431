-- As every service that tells events has it.
CREATE TABLE outbox (
  outbox_id    uuid PRIMARY KEY,
  topic        text NOT NULL,
  types        text[] NOT NULL,
  traces       text[] NOT NULL,
  data         text[] NOT NULL,
  published_at timestamptz
);
CREATE INDEX outbox_unpublished ON outbox (outbox_id) WHERE published_at IS NULL;

-- What a reader has applied; it refuses versions below 1.
CREATE TABLE applied (
  order_id uuid NOT NULL,
  version  int NOT NULL CHECK (version > 0),
  PRIMARY KEY (order_id, version)
);
