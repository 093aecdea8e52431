/** Real PostgreSQL and Kafka servers that need no installation, for {@code ./run} and for tests. */
package cinema.servers;
