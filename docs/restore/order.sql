-- After a backup of order-verticle's database has been restored, before order-verticle starts: what
-- has happened since the backup, from what the view and the bar know. See ../operations.md.
BEGIN;

-- TIME_ZONE of the services: where a day begins for pickup numbers.
SET LOCAL TIME ZONE 'Asia/Seoul';

-- No number that somebody waits with is given to another.
INSERT INTO "order".pickup_number AS p (bar_id, day, last)
SELECT bar_id, placed_at::date, max(pickup_number)
  FROM (SELECT bar_id, placed_at, pickup_number FROM snackbar.order_request WHERE lines IS NOT NULL
         UNION ALL
        SELECT bar_id, (details::jsonb ->> 'placedAt')::timestamptz,
               (details::jsonb ->> 'pickupNumber')::int
          FROM view.order_view WHERE details IS NOT NULL) AS given
 GROUP BY bar_id, placed_at::date
    ON CONFLICT (bar_id, day) DO UPDATE SET last = greatest(p.last, excluded.last);

-- Orders placed since, but for phone numbers, of which the view has only the end; and what was open
-- and has ended since. What is open still comes as if its bar had not confirmed it.
INSERT INTO "order".customer_order AS o
       (order_id, customer_id, bar_id, pickup_number, status, version, request_version, reason,
        lines, total, currency, customer_name, seat, note, placed_at, ready_by, trace)
SELECT order_id, customer_id, bar_id, (details ->> 'pickupNumber')::int,
       CASE WHEN ended THEN status ELSE 'PLACED' END,
       CASE WHEN status = 'CANCELLED' THEN 2 ELSE 1 END,
       CASE WHEN ended THEN greatest(request_version, 1) ELSE 0 END, reason,
       details ->> 'lines', (details ->> 'total')::bigint, details ->> 'currency',
       details -> 'customer' ->> 'name', details ->> 'seat', details ->> 'note',
       (details ->> 'placedAt')::timestamptz, (details ->> 'readyBy')::timestamptz,
       '00-' || md5(order_id::text) || '-' || left(md5(order_id::text), 16) || '-01 ' || order_id
  FROM (SELECT order_id, customer_id, bar_id, status, request_version, reason,
               details::jsonb AS details
          FROM view.order_view) AS v,
       LATERAL (SELECT status NOT IN ('PLACED', 'PREPARING', 'READY') AS ended) AS e
 WHERE details IS NOT NULL
    ON CONFLICT (order_id) DO UPDATE
       SET status = excluded.status, version = excluded.version, reason = excluded.reason,
           request_version = excluded.request_version, cancel_due = NULL
     WHERE o.status IN ('PLACED', 'PREPARING', 'READY') AND excluded.status <> 'PLACED';

-- Whoever has asked since to be forgotten stays forgotten.
UPDATE "order".customer_order o
   SET customer_name = '', customer_phone = NULL, seat = NULL, note = NULL, fingerprint = NULL
  FROM view.order_view v
 WHERE v.order_id = o.order_id AND v.forgotten AND o.customer_name <> '';

-- Of what is open its bar is asked how far it is, as of every order that it has not confirmed.
UPDATE "order".customer_order
   SET status = 'PLACED', request_version = 0
 WHERE status IN ('PLACED', 'PREPARING', 'READY');
INSERT INTO "order".unconfirmed (order_id, placed_at, announced_at)
SELECT order_id, placed_at, placed_at FROM "order".customer_order WHERE status = 'PLACED'
    ON CONFLICT (order_id) DO UPDATE SET announced_at = excluded.announced_at;
DELETE FROM "order".unconfirmed
 WHERE order_id NOT IN (SELECT order_id FROM "order".customer_order WHERE status = 'PLACED');

COMMIT;
