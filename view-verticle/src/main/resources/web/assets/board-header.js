import { byId, el } from './dom.js';
import { timeOfDay } from './format.js';
import { t } from './words.js';

const MESSAGE_STAYS_MS = 8000;

/** @param more whether there are others: then these are as many at least */
const amount = (n, more) => (more ? `${n}+` : String(n));

/** @param counts status -> how many */
export function showCounts(counts, more) {
  document.querySelectorAll('[data-count]')
    .forEach((place) => (place.textContent = amount(counts[place.dataset.count] ?? 0, more)));
}

export function showAlarms(count) {
  byId('alarms').hidden = count === 0;
  byId('alarm-count').textContent = t('newOrders', { n: count });
  document.title = `${count ? `(${count}) ` : ''}Intermission`;
}

/** What the open orders add up to; what is ready already need not be made any more. */
export function showTotals(lines, more) {
  const totals = new Map(); // itemId -> { name, toMake, ready }
  for (const { itemId, name, quantity, ready } of lines) {
    const total = totals.get(itemId) ?? { name, toMake: 0, ready: 0 };
    total[ready ? 'ready' : 'toMake'] += quantity;
    totals.set(itemId, total);
  }
  const mostFirst = [...totals].sort(([, a], [, b]) => b.toMake - a.toMake || b.ready - a.ready);
  byId('totals').replaceChildren(...mostFirst.map(([itemId, { name, toMake, ready }]) =>
    el('li', { 'data-item-id': itemId, 'data-to-make': toMake, 'data-open': toMake + ready },
      el('b', {}, amount(toMake, more)), ` ${name}`, ready ? el('small', {}, ` ${t('alsoReady', { n: ready })}`) : '')));
}

/** @param state 'none', 'connecting', 'live', 'down' or 'forbidden' */
export function showConnection(state) {
  const { dataset } = document.body;
  if (state !== dataset.connection) { // the time is that of the first failure
    byId('offline').textContent = state === 'forbidden' ? t('otherBar') : t('offline', { time: timeOfDay(Date.now()) });
  }
  dataset.connection = state;
  byId('offline').hidden = state !== 'down' && state !== 'forbidden';
}

let messageTimer;

/** A message that goes away by itself, with a button when there is something to do about it. */
export function say(text, { label, act, urgent = false } = {}) {
  const message = byId('message');
  const close = () => (message.hidden = true);
  const press = () => {
    close();
    act();
  };
  message.dataset.urgent = urgent;
  message.replaceChildren(el('span', {}, text), label ? el('button', { 'data-testid': 'message-action', onclick: press }, label) : '');
  message.hidden = false;
  clearTimeout(messageTimer);
  messageTimer = setTimeout(close, MESSAGE_STAYS_MS);
}
