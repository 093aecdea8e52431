-- The customer has asked to be forgotten: what the details, which may come later, say is not kept.
ALTER TABLE order_view ADD COLUMN forgotten boolean NOT NULL DEFAULT false;
-- Nothing yet, while that is all that has arrived.
ALTER TABLE order_view ALTER COLUMN status DROP NOT NULL;
