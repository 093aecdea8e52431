-- A customer's orders that still say whose they are; an empty name means that they no longer do.
CREATE INDEX customer_order_to_forget ON customer_order (customer_id, order_id)
  WHERE customer_name <> '';
