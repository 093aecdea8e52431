-- When the bars were last told of an order; what they have not confirmed is announced again.
ALTER TABLE customer_order ADD COLUMN announced_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX customer_order_unconfirmed ON customer_order (announced_at)
  WHERE request_version = 0 AND status = 'PLACED';

-- An order's id says how old its key is, and with it when the key may be forgotten.
CREATE INDEX idempotency_order ON idempotency (order_id);
