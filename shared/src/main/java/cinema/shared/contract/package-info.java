/** What crosses a service boundary: words, shapes and names; plain Java, no Vert.x. */
package cinema.shared.contract;
