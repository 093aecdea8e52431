/** Breaks things while people order, and finds out whether every promise was kept all the same. */
package cinema.chaos;
