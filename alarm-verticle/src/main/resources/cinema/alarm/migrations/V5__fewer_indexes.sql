-- Nobody looks for an alarm without saying of which bar.
ALTER TABLE alarm DROP CONSTRAINT alarm_pkey, ADD PRIMARY KEY (bar_id, alarm_id);
DROP INDEX alarm_by_bar;
