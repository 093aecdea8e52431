/** What staff and customers look at: the order view, its live feeds and the pages. */
package cinema.view;
