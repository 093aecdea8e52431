/** Tells a bar who ordered what. */
package cinema.alarm;
