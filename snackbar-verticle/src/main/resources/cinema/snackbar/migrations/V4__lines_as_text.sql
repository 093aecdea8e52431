-- Nothing is ever looked for within them, and text is written and read as it is.
ALTER TABLE order_request ALTER COLUMN lines TYPE text;
