-- Tables as order-verticle has them, of pgbench's own.
DROP SCHEMA IF EXISTS pgbench CASCADE;
CREATE SCHEMA pgbench;
CREATE TABLE pgbench.customer_order (LIKE "order".customer_order INCLUDING ALL);
CREATE TABLE pgbench.outbox (LIKE "order".outbox INCLUDING ALL);
