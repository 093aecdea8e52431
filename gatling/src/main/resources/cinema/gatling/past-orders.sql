-- Orders :first to :last of long ago, handed over, as each service has them. Number i was placed i
-- times three seconds after the beginning, :start (ms since 1970): the ids say so, and are the same each time.
SET synchronous_commit = off;
SET statement_timeout = 0;
CREATE TEMP TABLE past AS
SELECT (lpad(to_hex(ms), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15))::uuid AS order_id,
       (lpad(to_hex(ms), 12, '0') || '7' || substr(hash, 5, 3) || '9' || substr(hash, 9, 15))::uuid AS alarm_id,
       md5('customer ' || i / 20)::uuid AS customer_id,
       CASE WHEN i % 3 = 0 THEN 'roof' ELSE 'lobby' END AS bar_id,
       (i % 20000)::int AS pickup_number,
       to_timestamp(ms / 1000.0) AS placed_at,
       'Guest ' || i % 1000 AS customer,
       '00-' || hash || '-' || substr(hash, 1, 16) || '-01 ' || hash AS trace,
       '[{"name": "Caramel popcorn (M)", "price": 6000, "itemId": "popcorn-caramel-m", "quantity": 1}]'::jsonb AS lines
  FROM (SELECT i, md5(i::text) AS hash, :start + i * 3000::bigint AS ms
          FROM generate_series(:first::bigint, :last::bigint) AS i) AS numbered;

INSERT INTO "order".customer_order
       (order_id, customer_id, bar_id, pickup_number, status, version, request_version, lines, total, currency,
        customer_name, seat, placed_at, ready_by, trace)
SELECT order_id, customer_id, bar_id, pickup_number, 'HANDED_OVER', 1, 4, lines, 6000, 'KRW',
       customer, 'F12', placed_at, placed_at + interval '2 minutes', trace FROM past;

INSERT INTO snackbar.order_request (order_id, bar_id, status, version, pickup_number, lines, placed_at)
SELECT order_id, bar_id, 'HANDED_OVER', 4, pickup_number, lines, placed_at FROM past;

INSERT INTO alarm.alarm
       (alarm_id, order_id, kind, bar_id, version, customer, summary, raised_at, acknowledged_at)
SELECT alarm_id, order_id, 'NEW_ORDER', bar_id, 2, customer, '1 × Caramel popcorn (M)', placed_at, placed_at FROM past;

INSERT INTO view.order_view
       (order_id, bar_id, order_status, order_version, request_status, request_version, customer_id, details)
SELECT order_id, bar_id, 'PLACED', 1, 'HANDED_OVER', 4, customer_id,
       jsonb_build_object('orderId', order_id, 'barId', bar_id, 'pickupNumber', pickup_number, 'status', 'PLACED',
                          'lines', lines, 'total', 6000, 'currency', 'KRW',
                          'customer', jsonb_build_object('name', customer), 'seat', 'F12',
                          'placedAt', to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                          'readyBy', to_char(placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  FROM past;
