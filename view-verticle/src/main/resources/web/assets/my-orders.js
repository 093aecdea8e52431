import { byId, el } from './dom.js';
import { followMyOrders, isOpen } from './follow-my-orders.js';
import { money, promise, timeOfDay } from './format.js';
import { asCustomer, asCustomerUntilCertain, hasSession } from './session.js';
import { explain, t } from './words.js';

const REJECTION_STAYS_MS = 30 * 60_000;
const SURE_WITHIN_MS = 4000;

/**
 * The customer's orders: those that matter now on top, the rest below the menu.
 *
 * @param lineName a line's name in the reader's language
 */
export function showMyOrders(lineName) {
  const entries = new Map(); // orderId -> { order, card, looks } and what only this page knows of the order
  const follow = followMyOrders(show);

  function show(orders) {
    orders.forEach((order) => {
      const entry = entries.get(order.orderId) ?? newEntry(order);
      announceChange(entry, order);
      entry.order = order;
      draw(entry);
    });
    const shown = orders.map(({ orderId }) => entries.get(orderId));
    fill('current', shown.filter(isCurrent));
    fill('earlier', shown.filter((entry) => !isCurrent(entry)));
    byId('session-ended').hidden = hasSession();
    const ready = orders.filter(({ status }) => status === 'READY').map(({ pickupNumber }) => pickupNumber);
    document.title = ready.length ? `✔ ${ready.join(', ')} · Intermission` : 'Intermission';
  }

  function newEntry(order) {
    const card = el('article.order', { tabIndex: -1, 'data-testid': 'my-order', 'data-order-id': order.orderId });
    const entry = { card, watched: isOpen(order), sure: false, asking: false, message: '' };
    entries.set(order.orderId, entry);
    return entry;
  }

  function draw(entry) {
    const { order, card } = entry;
    const status = entry.asking ? 'CANCELLING' : order.status;
    const looks = JSON.stringify([order, status, promise(order.readyBy), order.lines.map(lineName), entry.sure, entry.message, hasSession()]);
    if (looks === entry.looks) {
      return;
    }
    entry.looks = looks;
    const hadFocus = card.contains(document.activeElement);
    card.dataset.status = status;
    card.replaceChildren(...contents(entry, status));
    if (hadFocus) {
      (card.querySelector('button') ?? card).focus({ preventScroll: true });
    }
  }

  function contents(entry, status) {
    const { order, sure, message } = entry;
    const statusWord = status === 'READY' && !order.seat ? t('pickUpNow') : t(`status.${status}`);
    return [
      el('p.number', { 'aria-label': `${t('pickupNumber')} ${order.pickupNumber}` }, String(order.pickupNumber)),
      el('div.what', {},
        el('h3', { 'data-testid': 'status' }, statusWord),
        el('p.hint', {}, ['PLACED', 'PREPARING'].includes(status) ? promise(order.readyBy) : t('orderedAt', { time: timeOfDay(order.placedAt) }),
          order.seat ? ' · ' : '', order.seat ? el('span.seat', {}, t('seatIs', { seat: order.seat })) : ''),
        order.reason ? el('p.reason', {}, order.reason) : null),
      el('p.steps', { 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
      el('p.lines', {}, order.lines.map((line) => `${line.quantity}\u00a0×\u00a0${lineName(line)}`).join(', '),
        el('strong', {}, money(order.total, order.currency))),
      message ? el('p.error', { 'data-testid': 'order-message' }, message) : null,
      status === 'PLACED' && hasSession() ? el(sure ? 'button.cancel.sure' : 'button.cancel',
        { 'data-testid': 'cancel', onclick: () => cancelOrder(entry) }, t(sure ? 'cancelSure' : 'cancel')) : null,
    ].filter(Boolean);
  }

  /** The first tap asks whether it is meant, the second cancels. */
  async function cancelOrder(entry) {
    const change = (changes) => draw(Object.assign(entry, changes));
    if (!entry.sure) {
      change({ sure: true, message: '' });
      setTimeout(() => change({ sure: false }), SURE_WITHIN_MS);
      return;
    }
    change({ sure: false, asking: true });
    const { orderId } = entry.order;
    try {
      const { status } = await asCustomerUntilCertain('DELETE', `/orders/${orderId}`);
      change({ asking: false });
      follow.tell({ orderId, status });
    } catch (problem) {
      const now = problem.status === 409 ? await statusNow(orderId, problem) : null;
      change({ asking: false, message: now ? t('tooLate', { status: t(`status.${now}`) })
        : problem.uncertain ? t('cancelUnanswered') : explain(problem) });
      say(entry.message);
      now ? follow.tell({ orderId, status: now }) : follow.look();
    }
  }

  function announceChange(entry, { status, pickupNumber }) {
    if (entry.order && entry.order.status !== status) {
      say(t('statusOf', { number: pickupNumber, status: t(`status.${status}`) }));
      if (status === 'READY') {
        navigator.vibrate?.([200, 100, 200]);
      }
    }
  }

  return {
    ...follow,
    focus(orderId) {
      const { card } = entries.get(orderId);
      card.scrollIntoView({ block: 'center' });
      card.focus({ preventScroll: true });
    },
  };
}

async function statusNow(orderId, problem) {
  try {
    return problem.orderStatus ?? (await asCustomer('GET', `/orders/${orderId}`)).status;
  } catch {
    return null;
  }
}

/** Open, or ended before the customer's eyes, or rejected so lately that it may not have been noticed. */
const isCurrent = ({ order, watched }) =>
  isOpen(order) || watched || (order.status === 'REJECTED' && Date.now() - Date.parse(order.placedAt) < REJECTION_STAYS_MS);

function fill(id, entries) {
  const host = byId(`${id}-orders`);
  byId(id).hidden = entries.length === 0;
  const cards = entries.map(({ card }) => card);
  if (cards.length !== host.children.length || cards.some((card, i) => card !== host.children[i])) {
    host.replaceChildren(...cards);
  }
}

function say(text) {
  byId('announce').textContent = text;
}
