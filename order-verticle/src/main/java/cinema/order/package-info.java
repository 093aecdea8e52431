/** Takes orders and follows each until it is handed over. */
package cinema.order;
