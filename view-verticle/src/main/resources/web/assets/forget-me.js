import { byId } from './dom.js';
import { isOpen } from './follow-my-orders.js';
import { forgetAll, kept } from './kept.js';
import { asCustomerUntilCertain, hasSession } from './session.js';
import { explain, t } from './words.js';

const SURE_WITHIN_MS = 15_000; // there is something to read first

/** A customer's other tabs know the same, and would keep it again. */
const tabs = new BroadcastChannel('intermission.forgotten');

let notSoSure;

/**
 * The wish to be forgotten, by the service and by this browser.
 *
 * @returns shows the button once there is anything to forget
 */
export function offerToForget() {
  tabs.onmessage = beginAnew;
  byId('forget-me').onclick = pressed;
  ask(false);
  tellWhatWasDone();
  return () => (byId('my-data').hidden = !hasSession() && !kept('me'));
}

function ask(sure) {
  clearTimeout(notSoSure);
  byId('forget-what').hidden = !sure;
  byId('forget-me').classList.toggle('sure', sure);
  byId('forget-me').textContent = t(sure ? 'forgetSure' : 'forgetMe');
}

/** The first tap asks whether it is meant, the second deletes. */
async function pressed() {
  const sure = byId('forget-me').classList.contains('sure');
  byId('forget-failed').textContent = '';
  ask(!sure);
  if (!sure) {
    byId('my-data').scrollIntoView({ block: 'center' }); // above the cart, which covers the foot
    notSoSure = setTimeout(() => ask(false), SURE_WITHIN_MS);
    return;
  }
  byId('forget-me').disabled = true;
  byId('forget-me').textContent = t('forgetting');
  try {
    const numbers = (kept('orders') ?? []).filter(isOpen).map(({ pickupNumber }) => pickupNumber);
    const orders = await forgottenOrders();
    history.replaceState({ forgotten: { orders, numbers } }, '');
    tabs.postMessage('forgotten');
    beginAnew();
  } catch (problem) {
    byId('forget-failed').textContent = `${t('forgetFailed')} ${explain(problem)}`;
    byId('forget-me').disabled = false;
    ask(false);
  }
}

/** How many; null when nobody can tell any more whose they were. */
async function forgottenOrders() {
  try {
    return (await asCustomerUntilCertain('DELETE', '/my-data')).orders;
  } catch (problem) {
    if (problem.status === 401) {
      return null;
    }
    throw problem;
  }
}

/** Loaded anew, the page has nothing in its memory either. */
function beginAnew() {
  forgetAll();
  location.reload();
}

/** History keeps it through the one reload, and nothing else does. */
function tellWhatWasDone() {
  const done = history.state?.forgotten;
  if (!done) {
    return;
  }
  history.replaceState(null, '');
  const { orders, numbers } = done;
  byId('forgotten-where').textContent = t(orders === null ? 'forgottenHere' : 'forgottenWhere', { n: orders });
  byId('forgotten-numbers').textContent =
    numbers.length ? t('forgottenNumbers', { n: numbers.length, numbers: numbers.join(', ') }) : '';
  byId('forgotten').hidden = false;
  byId('forgotten').focus();
}
