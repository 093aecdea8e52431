import { byId } from './dom.js';
import { isSignedIn, signIn, tryAsStaff, whenSignedOut } from './staff.js';
import { explain, t } from './words.js';

const form = byId('sign-in').querySelector('form');

function show(text = '') {
  byId('sign-in-message').textContent = text;
  byId('sign-in').hidden = isSignedIn();
}

/**
 * The panel in front of the board for as long as nobody is signed in.
 *
 * @param barIds resolves to which bars to try as staff
 * @param signedIn called when there is a token
 * @param signedOut called when the token was refused
 */
export function showSignIn(barIds, signedIn, signedOut) {
  form.onsubmit = (event) => {
    event.preventDefault();
    signIn(form.elements.token.value.trim());
    form.reset();
    show();
    signedIn();
  };
  byId('try-as-staff').onclick = async () => {
    try {
      await tryAsStaff(await barIds());
      show();
      signedIn();
    } catch (problem) {
      show(problem.status === 404 ? t('signInNeeded') : explain(problem));
    }
  };
  whenSignedOut(() => {
    signedOut();
    show(t('signInAgain'));
  });
  show();
}
