-- Which topic of Kafka's the outbox was published to, and how far it had come when last looked at.
CREATE TABLE journal (
  topic      text PRIMARY KEY,
  -- Counts the times that Kafka has lost what it was given, from 1.
  generation bigint NOT NULL,
  topic_id   text NOT NULL,
  -- By partition: the offset that its next record gets.
  ends       bigint[] NOT NULL
);

-- By topic, so that a long replay of one does not hold up the relay of another.
CREATE INDEX outbox_unpublished_by_topic ON outbox (topic, outbox_id) WHERE published_at IS NULL;
DROP INDEX outbox_unpublished;
