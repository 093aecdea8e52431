/** The bar's own side: its menu, its order requests, and the last word on cancel against start. */
package cinema.snackbar;
