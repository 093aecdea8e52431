-- What an order was placed with stands in its own row, and its key is known for as long as it is.
ALTER TABLE customer_order
  ADD COLUMN idempotency_key text,
  -- Of the body that came with the key; null without one, and once its customer is forgotten.
  ADD COLUMN fingerprint text;
UPDATE customer_order o
   SET idempotency_key = i.key,
       fingerprint = CASE WHEN o.customer_name <> '' THEN i.fingerprint END
  FROM idempotency i WHERE i.order_id = o.order_id;
DROP TABLE idempotency;

-- A customer's orders, too: those without a key have null, which equals no other.
CREATE UNIQUE INDEX customer_order_key ON customer_order (customer_id, idempotency_key);
DROP INDEX customer_order_to_forget;

-- Orders of which their bars have not said anything yet, and when those were last told of them.
CREATE TABLE unconfirmed (
  order_id     uuid PRIMARY KEY,
  placed_at    timestamptz NOT NULL,
  announced_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO unconfirmed (order_id, placed_at, announced_at)
SELECT order_id, placed_at, announced_at FROM customer_order
 WHERE request_version = 0 AND status = 'PLACED';
ALTER TABLE customer_order DROP COLUMN announced_at;

-- Nothing is ever looked for within them, and text is written and read as it is.
ALTER TABLE customer_order ALTER COLUMN lines TYPE text;

COMMENT ON COLUMN customer_order.request_version IS
  'Of the bar''s order request as far as it has gone; 0: no further than taken in';
