-- What Kafka has lost and is to be told again has -infinity for when it was published.
CREATE INDEX outbox_lost ON outbox (topic, outbox_id) WHERE published_at = '-infinity';
