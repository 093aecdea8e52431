-- After a backup of alarm-verticle's database has been restored, before alarm-verticle starts: what
-- has happened since the backup, from what the view has told the boards. See ../operations.md.
BEGIN;

-- Alarms raised since keep their ids, so that they do not ring again; and who has been seen to.
INSERT INTO alarm.alarm AS a
       (alarm_id, order_id, kind, bar_id, version, customer, summary, raised_at, acknowledged_at)
SELECT DISTINCT ON ("orderId", kind) "alarmId", "orderId", kind, bar_id,
       CASE WHEN "acknowledgedAt" IS NULL THEN 1 ELSE 2 END, customer, summary, "raisedAt",
       "acknowledgedAt"
  FROM view.feed_log,
       unnest(alarms) AS alarm,
       LATERAL jsonb_to_record(alarm::jsonb)
         AS told("alarmId" uuid, "orderId" uuid, kind text, customer text, summary text,
                 "raisedAt" timestamptz, "acknowledgedAt" timestamptz)
 WHERE alarm IS NOT NULL
 ORDER BY "orderId", kind, "acknowledgedAt" NULLS LAST
    ON CONFLICT (order_id, kind) DO UPDATE
       SET alarm_id = excluded.alarm_id, version = a.version + 1, customer = excluded.customer,
           summary = excluded.summary, raised_at = excluded.raised_at,
           acknowledged_at = coalesce(a.acknowledged_at, excluded.acknowledged_at)
     WHERE a.raised_at IS NULL
        OR (a.acknowledged_at IS NULL AND excluded.acknowledged_at IS NOT NULL);

-- What was just on its way when the backup was taken has been told since.
UPDATE alarm.outbox SET published_at = now()
 WHERE published_at IS NULL
   AND EXISTS (SELECT
                 FROM unnest(data) AS event,
                      LATERAL (SELECT event::jsonb -> 'alarm' AS alarm) AS due,
                      view.feed_log,
                      unnest(alarms) AS told
                WHERE told::jsonb ->> 'alarmId' = due.alarm ->> 'alarmId'
                  AND told::jsonb ->> 'acknowledgedAt'
                      IS NOT DISTINCT FROM due.alarm ->> 'acknowledgedAt');

-- Whoever has asked since to be forgotten stays forgotten.
UPDATE alarm.alarm a SET customer = ''
  FROM view.order_view v
 WHERE v.order_id = a.order_id AND v.forgotten AND a.customer <> '';

COMMIT;
