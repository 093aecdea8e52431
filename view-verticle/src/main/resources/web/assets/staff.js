import { call, Problem } from './api.js';

/** The staff token lives in sessionStorage: it is gone with the tab, so a shared tablet keeps nobody signed in. */
const TOKEN = 'intermission.staff-token';
const TRIED_BARS = 'intermission.tried-bars';

let onSignedOut = () => {};

export const isSignedIn = () => sessionStorage.getItem(TOKEN) !== null;
export const whenSignedOut = (listener) => (onSignedOut = listener);

export function signIn(token) {
  sessionStorage.removeItem(TRIED_BARS);
  sessionStorage.setItem(TOKEN, token);
}

/** Local runs hand out staff tokens; elsewhere this rejects with a 404 Problem. */
export async function tryAsStaff(bars) {
  const { token } = await call('POST', '/dev/tokens', { body: { role: 'staff', bars } });
  sessionStorage.setItem(TOKEN, token);
  sessionStorage.setItem(TRIED_BARS, bars.join(' '));
}

/** Calls as staff. A refused token that a local run had handed out is replaced; otherwise somebody has to sign in. */
export async function asStaff(method, path, options = {}) {
  const asMe = () => call(method, path, { ...options, token: sessionStorage.getItem(TOKEN) });
  try {
    return await asMe();
  } catch (problem) {
    if (problem.status !== 401) {
      throw problem;
    }
  }
  try {
    await tryAsStaff(sessionStorage.getItem(TRIED_BARS).split(' ')); // null after a sign-in by hand
  } catch {
    sessionStorage.removeItem(TOKEN);
    onSignedOut();
    throw new Problem(401);
  }
  return asMe();
}

/** Browsers send no token with a WebSocket. */
export async function feedTicket() {
  const { ticket } = await asStaff('POST', '/feed-tickets');
  return { ticket };
}
