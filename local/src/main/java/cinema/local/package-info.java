/** Everything in one command: servers, verticles and the front door, on this machine. */
package cinema.local;
