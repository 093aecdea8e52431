/**
 * How any service starts: settings, cluster, database, web server, identity, health and metrics.
 */
package cinema.shared.service;
