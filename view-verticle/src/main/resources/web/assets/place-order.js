import { pause } from './api.js';
import { forget, keep, kept } from './kept.js';
import { asCustomer, hasSession } from './session.js';

const WAITS_SECONDS = [1, 2, 4, 8];
const LONGEST_WAIT_SECONDS = 30;

/** The order whose answer is not certain yet, with its Idempotency-Key; null when there is none. */
export const orderBeingPlaced = () => kept('placing');

export const forgetOrderBeingPlaced = () => forget('placing');

/**
 * Sends the order until there is a certain answer; an order that is already being placed goes first, with its own key.
 *
 * Rejects with a Problem: either a certain no, or no certainty yet, and then orderBeingPlaced() still knows it and
 * calling this again continues with the same key, so that nothing is ever ordered twice.
 *
 * @param waiting told the problem and the seconds left until the next attempt
 */
export async function placeOrder(order, waiting) {
  // randomUUID exists in secure contexts only, and a phone may try this over plain HTTP in a local network.
  const key = () => crypto.getRandomValues(new Uint32Array(4)).join('-');
  const placing = orderBeingPlaced() ?? { key: key(), order, pressedAt: Date.now(), maybePlaced: false };
  for (let attempt = 0; ; attempt++) {
    const maybePlacedBefore = placing.maybePlaced;
    keep('placing', { ...placing, maybePlaced: true }); // should the page die before the answer
    try {
      const placed = await asCustomer('POST', '/orders', {
        body: placing.order,
        headers: { 'Idempotency-Key': placing.key },
        newGuestWillDo: !maybePlacedBefore, // the key belongs to whoever sent it first
      });
      forgetOrderBeingPlaced();
      return placed;
    } catch (problem) {
      placing.maybePlaced = maybePlacedBefore || (problem.uncertain && hasSession()); // without one it was not even sent
      keep('placing', placing);
      if (isCertainNo(problem, placing)) {
        forgetOrderBeingPlaced();
        throw problem;
      }
      // Retry-After is the least; a service that is away may have said 1 s each time.
      const seconds = Math.max(problem.retryAfter ?? 0, WAITS_SECONDS[attempt] ?? Infinity);
      if (problem.status === 401 || seconds > LONGEST_WAIT_SECONDS) {
        throw problem;
      }
      for (let left = seconds; left > 0; left--) {
        waiting(problem, left);
        await pause(1000);
      }
    }
  }
}

function isCertainNo(problem, placing) {
  switch (problem.status) {
    case 401:
      return !placing.maybePlaced;
    case 409:
      return problem.kind === 'sold-out'; // the other 409: the same key is still in flight
    case 429:
    case 503:
      return false; // not now
    default:
      return !problem.uncertain;
  }
}
