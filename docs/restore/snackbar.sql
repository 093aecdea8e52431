-- After a backup of snackbar-verticle's database has been restored, before snackbar-verticle
-- starts: what has happened since the backup, from what the view knows. See ../operations.md.
BEGIN;

-- Steps taken, cancels and rejections since, and orders that came in since.
INSERT INTO snackbar.order_request AS r
       (order_id, bar_id, status, version, reason, pickup_number, lines, placed_at)
SELECT order_id, bar_id, status, greatest(request_version, 1), reason,
       (details ->> 'pickupNumber')::int, details -> 'lines', (details ->> 'placedAt')::timestamptz
  FROM view.order_view
 WHERE status IS NOT NULL
    ON CONFLICT (order_id) DO UPDATE
       SET status = excluded.status, version = excluded.version, reason = excluded.reason
     WHERE excluded.version > r.version
        OR (excluded.status = 'CANCELLED' AND r.status <> 'CANCELLED');

-- Menus are told anew at the start, and must not look older than what has been told since.
UPDATE snackbar.bar SET version = version + 1000;
UPDATE snackbar.menu_item SET version = version + 1000;

COMMIT;
