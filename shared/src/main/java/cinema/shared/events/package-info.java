/**
 * How events cross from one service to another: stored with their cause, published, read in
 * batches.
 */
package cinema.shared.events;
