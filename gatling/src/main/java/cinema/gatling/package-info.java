/** Load, told as stories: customers order, staff watch their board, and somebody holds a watch. */
package cinema.gatling;
