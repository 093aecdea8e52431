import { el } from './dom.js';
import { minutesAndSeconds, timeOfDay } from './format.js';
import { t } from './words.js';

const SOON = 0.25; // of the promised time is left

/** The steps that staff may take from each status; the first is the one they take nearly always. */
const STEPS = {
  PLACED: ['start', 'reject'],
  PREPARING: ['ready', 'undo', 'reject'],
  READY: ['hand-over', 'undo'],
};

/** What one order looks like on the board. */
export class OrderCard {
  #looks;

  constructor(orderId) {
    this.element = el('article.card', { tabIndex: -1, 'data-testid': 'order', 'data-order-id': orderId });
  }

  /** @param act told the step that was pressed, or 'acknowledge' */
  draw({ order, status, alarmed, pending, lineName }, act) {
    const looks = JSON.stringify([order, status, alarmed, pending, order.lines.map(lineName)]);
    if (looks === this.#looks) {
      return;
    }
    this.#looks = looks;
    this.order = order;
    const { dataset } = this.element;
    Object.assign(dataset, { status, alarm: alarmed ? 'open' : 'none', pending });
    const button = (step, word) => el(step === STEPS[status]?.[0] ? 'button.main' : 'button',
      { 'data-testid': step, 'data-step': step, 'aria-label': `${t(word)} ${order.pickupNumber}`, onclick: () => act(step) }, t(word));
    this.element.replaceChildren(
      el('h3', {}, String(order.pickupNumber)),
      el('div.time', {}, el('strong', { 'data-testid': 'time' }), el('p.hint', {}, el('span'), ' · ', el('span'))),
      el('div.bar', { 'aria-hidden': 'true' }, el('i')),
      el('ul.lines', {}, ...order.lines.map((line) =>
        el('li', { 'data-item-id': line.itemId }, el('b', {}, `${line.quantity}×`), el('span', {}, lineName(line))))),
      order.note ? el('p.note', {}, order.note) : '',
      el('p.who', {}, el('b', {}, order.seat ? t('seatIs', { seat: order.seat }) : t('pickup')),
        order.customer.name ? ` · ${order.customer.name}` : ''), // empty: asked to be forgotten
      el('div.steps', {},
        ...(STEPS[status] ?? []).map((step) => button(step, `step.${step}`)),
        alarmed ? button('acknowledge', 'acknowledge') : ''));
    this.tick();
  }

  /** Time left against the promise; a ready order has kept its promise and only says its age. */
  tick(now = Date.now()) {
    const { placedAt, readyBy } = this.order;
    const { status } = this.element.dataset;
    const left = Date.parse(readyBy) - now;
    const share = left / Math.max(1, Date.parse(readyBy) - Date.parse(placedAt));
    const minutes = Math.floor((now - Date.parse(placedAt)) / 60_000);
    const [strong, ago, due] = this.element.querySelectorAll('.time strong, .time span');
    const waiting = status === 'PLACED' || status === 'PREPARING';
    strong.textContent = !waiting ? '' : t(left >= 0 ? 'due' : 'late', { time: minutesAndSeconds(Math.abs(left)) });
    ago.textContent = minutes > 0 ? t('ago', { n: minutes }) : t('justNow');
    due.textContent = t('promisedFor', { time: timeOfDay(readyBy) });
    this.element.dataset.time = !waiting ? 'kept' : left < 0 ? 'late' : share < SOON ? 'soon' : 'good';
    this.element.querySelector('.bar i').style.width = `${100 * Math.min(1, Math.max(0, share))}%`;
  }

  /** Struck through, so that nobody starts on it; the board takes it away a moment later. */
  strike() {
    this.element.dataset.status = 'CANCELLED';
    this.element.dataset.alarm = 'none';
    this.element.querySelector('.steps').replaceChildren(el('strong', {}, t('cancelled')));
  }
}
