-- Events that some service could not apply, for whoever looks after Intermission.
CREATE TABLE ops_alarm (
  topic          text NOT NULL,
  dead_partition int NOT NULL,
  dead_offset    bigint NOT NULL,
  dead_service   text NOT NULL,
  -- The event at that place: after Kafka has lost what it had, another may stand there.
  event          text NOT NULL,
  reason         text NOT NULL,
  raised_at      timestamptz NOT NULL,
  -- Sent again, or seen to otherwise.
  settled_at     timestamptz,
  PRIMARY KEY (topic, dead_partition, dead_offset, dead_service)
);
CREATE INDEX ops_alarm_open ON ops_alarm (raised_at) WHERE settled_at IS NULL;
