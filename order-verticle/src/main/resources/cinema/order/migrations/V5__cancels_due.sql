-- A cancel was asked for and the bar has not answered: when it is asked next. Whoever asks puts it
-- off, so that no two ask for the same.
ALTER TABLE customer_order RENAME COLUMN cancelling_since TO cancel_due;
ALTER INDEX customer_order_cancelling RENAME TO customer_order_cancel_due;
