import { call, pause, Problem } from './api.js';
import { forget, keep, kept } from './kept.js';

const ATTEMPTS = 3;

/** A guest session: who ordered is known by it, without signing up. */
function current() {
  const session = kept('session');
  return session && Date.parse(session.expiresAt) > Date.now() ? session : null;
}

export const hasSession = () => current() !== null;

/**
 * Calls as the customer of this phone.
 *
 * A new guest does not own the old guest's orders, so an expired or refused session is replaced only when
 * `newGuestWillDo`; otherwise the call rejects with a 401 Problem.
 */
export async function asCustomer(method, path, { newGuestWillDo = false, ...options } = {}) {
  const session = current();
  if (session) {
    try {
      return await call(method, path, { ...options, token: session.token });
    } catch (problem) {
      if (problem.status !== 401) {
        throw problem;
      }
      forget('session');
    }
  }
  if (!newGuestWillDo) {
    throw new Problem(401);
  }
  const { token } = keep('session', await call('POST', '/sessions'));
  return call(method, path, { ...options, token });
}

/** For what may be asked again, and gets the same answer: as long as nobody can tell whether it was done, a few times. */
export async function asCustomerUntilCertain(method, path) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await asCustomer(method, path);
    } catch (problem) {
      if (!problem.uncertain || attempt === ATTEMPTS) {
        throw problem;
      }
      await pause(1000);
    }
  }
}
