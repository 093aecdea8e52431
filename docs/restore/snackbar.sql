-- After a backup of snackbar-verticle's database has been restored, before snackbar-verticle
-- starts: what has happened since the backup, from what order-verticle knows. See ../operations.md.
BEGIN;

-- Orders confirmed since, and steps, cancels and rejections. What is not confirmed comes by itself.
INSERT INTO snackbar.order_request AS r
       (order_id, bar_id, status, version, reason, pickup_number, lines, placed_at)
SELECT order_id, bar_id, status, request_version, reason, pickup_number, lines, placed_at
  FROM "order".customer_order
 WHERE request_version > 0
    ON CONFLICT (order_id) DO UPDATE
       SET status = excluded.status, version = greatest(excluded.version, r.version + 1),
           reason = excluded.reason, pickup_number = excluded.pickup_number,
           lines = excluded.lines, placed_at = excluded.placed_at
     WHERE excluded.version > r.version
        OR (excluded.status = 'CANCELLED' AND r.status <> 'CANCELLED');

-- No version that was told before, to anybody, is told again with another content; and where each
-- open order stands is news to everybody, so that all agree again.
UPDATE snackbar.order_request SET version = version + 1000
 WHERE status IN ('PLACED', 'PREPARING', 'READY');

-- Menus as they are sold.
INSERT INTO snackbar.bar AS b (bar_id, name, names, version)
SELECT data ->> 'barId', data -> 'bar' ->> 'name', data -> 'bar' -> 'names', version
  FROM "order".menu_copy
 WHERE type = 'BarDescribed'
    ON CONFLICT (bar_id) DO UPDATE
       SET name = excluded.name, names = excluded.names, version = excluded.version
     WHERE excluded.version > b.version;

INSERT INTO snackbar.menu_item AS i
       (bar_id, item_id, name, names, price, currency, prep_seconds, available, stock, version)
SELECT data ->> 'barId', item ->> 'itemId', item ->> 'name', item -> 'names',
       (item ->> 'price')::bigint, item ->> 'currency', (item ->> 'prepSeconds')::int,
       (item ->> 'available')::boolean, (item ->> 'stock')::int, version
  FROM "order".menu_copy, LATERAL (SELECT data -> 'item' AS item) AS told
 WHERE type = 'MenuItemChanged'
    ON CONFLICT (bar_id, item_id) DO UPDATE
       SET name = excluded.name, names = excluded.names, price = excluded.price,
           currency = excluded.currency, prep_seconds = excluded.prep_seconds,
           available = excluded.available, stock = excluded.stock, version = excluded.version
     WHERE excluded.version > i.version;

-- They are told anew at the start, and must not look older than what has been told since.
UPDATE snackbar.bar SET version = version + 1000;
UPDATE snackbar.menu_item SET version = version + 1000;

COMMIT;
