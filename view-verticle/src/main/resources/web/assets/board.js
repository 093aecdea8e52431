import { Alarms } from './alarms.js';
import { call } from './api.js';
import { say, showAlarms, showConnection, showCounts, showTotals } from './board-header.js';
import { chime, ring, showSound, speak, switchSound } from './bell.js';
import { byId, pills } from './dom.js';
import { follow } from './feed.js';
import { timeOfDay } from './format.js';
import { keep, kept } from './kept.js';
import { listenToKeys } from './keys.js';
import { moveOrder, statusAfter } from './move-order.js';
import { OrderCard } from './order-card.js';
import { askReason } from './reject.js';
import { showSignIn } from './sign-in.js';
import { openMenu } from './sold-out.js';
import { feedTicket, isSignedIn } from './staff.js';
import { explain, nameOf, t, translatePage } from './words.js';

const START_AGAIN_MS = 3000;
const CANCELLED_STAYS_MS = 6000;
const FEED_FOLLOWS_WITHIN_MS = 5000;

const columns = Object.fromEntries(
  [...document.querySelectorAll('[data-column]')].map((column) => [column.dataset.column, column]));

let bars = [];
let barsAreKnown;
const knownBars = new Promise((resolve) => (barsAreKnown = resolve));
let barId = null;
let menu = new Map();
let alarms = null;
let stopFeed = () => {};
let left = 0; // with fewer open orders than that, there are others to be shown
const entries = new Map(); // orderId -> { order, card, wish }

// ---- which bar

async function start() {
  try {
    ({ bars } = await call('GET', '/bars'));
  } catch (problem) {
    say(explain(problem), { urgent: true });
  }
  const known = (id) => bars.some((bar) => bar.barId === id);
  const chosen = [new URLSearchParams(location.search).get('bar'), kept('bar'), bars[0]?.barId].find(known);
  if (chosen) {
    openBar(chosen);
    barsAreKnown();
  } else {
    setTimeout(start, START_AGAIN_MS);
  }
}

function openBar(chosen) {
  closeBar();
  barId = keep('bar', chosen);
  history.replaceState(null, '', `?bar=${encodeURIComponent(barId)}`);
  pills(byId('bars'), bars.map((bar) => ({ value: bar.barId, label: nameOf(bar) })), barId, openBar);
  if (isSignedIn()) {
    alarms = new Alarms(barId, alarmChanged);
    loadMenu(barId);
    loadAlarms();
    stopFeed = follow(`/feed/bars/${encodeURIComponent(barId)}`, { admission: feedTicket }, receive, showConnection);
  }
}

function closeBar() {
  stopFeed();
  stopFeed = () => {};
  alarms?.stop();
  alarms = null;
  entries.clear();
  left = 0;
  Object.values(columns).forEach((column) => column.replaceChildren());
  showConnection('none');
  summarize();
}

/** Only for the items' names in the reader's language; without it the orders' own names do. */
async function loadMenu(asked) {
  const { items } = await call('GET', `/bars/${encodeURIComponent(asked)}/menu`).catch(() => ({ items: [] }));
  if (asked === barId) {
    menu = new Map(items.map((item) => [item.itemId, item]));
    entries.forEach(draw);
    summarize();
  }
}

const lineName = (line) => nameOf(menu.get(line.itemId) ?? line);

// ---- what the feed tells

function receive(message) {
  switch (message.type) {
    case 'snapshot':
      replaceAll(message);
      break;
    case 'order':
      if (!entries.has(message.order.orderId) && message.order.status === 'PLACED') {
        chime(); // its alarm rings on from here; should alarm-verticle be away, the bar has at least heard this
        announceNew(message.order);
      }
      put(message.order);
      break;
    case 'removed':
      remove(message.orderId, message.reason);
      break;
    case 'alarm':
      alarms.put(message.alarm);
      break;
    default: // a newer service may say more
  }
  summarize();
  goOn();
}

function replaceAll({ orders, more }) {
  left = more ? orders.length / 2 : 0;
  if (more) {
    say(t('boardGoesOn'), { urgent: true });
  }
  const present = new Set(orders.map(({ orderId }) => orderId));
  [...entries.keys()].filter((orderId) => !present.has(orderId)).forEach(drop);
  orders.forEach(put);
  loadAlarms(); // those raised or acknowledged in what the feed could no longer tell
}

/** The one call that says plainly when this bar is somebody else's. */
function loadAlarms() {
  alarms.load().catch((problem) => {
    if (problem.status !== 401) { // 403 and 404 both say: not your bar
      stopFeed();
      showConnection('forbidden');
    }
  });
}

function put(order) {
  if (!(order.status in columns)) {
    remove(order.orderId, order.status);
    return;
  }
  const entry = entries.get(order.orderId) ?? { card: new OrderCard(order.orderId), wish: null };
  entries.set(order.orderId, entry);
  entry.order = order;
  const { wish } = entry;
  if (wish?.status === order.status || (wish?.answeredAt && Date.now() - wish.answeredAt > FEED_FOLLOWS_WITHIN_MS)) {
    entry.wish = null;
  }
  draw(entry);
}

function remove(orderId, reason) {
  const entry = entries.get(orderId);
  alarms.settle(orderId);
  if (!entry || reason !== 'CANCELLED') {
    drop(orderId);
    return;
  }
  entries.delete(orderId);
  place(entry, entry.order.status); // also when a button had just taken it away
  entry.card.strike();
  setTimeout(() => entry.card.element.remove(), CANCELLED_STAYS_MS);
  const text = t('wasCancelled', { number: entry.order.pickupNumber });
  byId('alert').textContent = text;
  speak(text);
  say(text, { urgent: true });
}

function drop(orderId) {
  entries.get(orderId)?.card.element.remove();
  entries.delete(orderId);
}

/** There were more than a snapshot shows, and half of those are done. */
function goOn() {
  if (entries.size < left) {
    openBar(barId);
  }
}

function announceNew({ pickupNumber: number, lines }) {
  const summary = lines.map((line) => `${line.quantity} × ${lineName(line)}`).join(', ');
  byId('announce').textContent = t('newOrder', { number, summary });
}

function alarmChanged(orderId) {
  if (entries.has(orderId)) {
    draw(entries.get(orderId));
  }
  summarize();
}

// ---- cards

/** Where the order stands, or where a button that was just pressed will have brought it. */
const statusOf = ({ order, wish }) => wish?.status ?? order.status;

function draw(entry) {
  const { order, card, wish } = entry;
  const status = statusOf(entry);
  const hadFocus = card.element.contains(document.activeElement);
  const pending = Boolean(wish && !wish.answeredAt);
  const alarmed = alarms.of(order.orderId).length > 0;
  card.draw({ order, status, alarmed, pending, lineName }, (step) => act(entry, step));
  place(entry, status);
  if (hadFocus) {
    card.element.focus({ preventScroll: true }); // not its next button: Enter pressed twice is one step, not two
  }
}

/** Into its column, the earliest promise first; a card that is in its place already stays untouched. */
function place({ card: { element }, order }, status) {
  const column = columns[status];
  if (!column) {
    element.remove(); // handed over or rejected, as soon as the bar has confirmed it
    return;
  }
  element.dataset.due = Date.parse(order.readyBy);
  let next = null;
  for (let other = column.lastElementChild; other; other = other.previousElementSibling) {
    if (other !== element && Number(other.dataset.due) <= Number(element.dataset.due)) {
      break;
    }
    next = other === element ? next : other;
  }
  if (element.parentElement !== column || element.nextElementSibling !== next) {
    column.insertBefore(element, next);
  }
}

// ---- what staff do

function act(entry, step) {
  const { orderId, pickupNumber } = entry.order;
  acknowledge(alarms.of(orderId)); // whoever does something about an order has seen it
  if (step === 'reject') {
    askReason(pickupNumber, (reason) => move(entry, step, reason));
  } else if (step !== 'acknowledge') {
    move(entry, step);
  }
}

let lastMoved = null;

/** Shown at once; the answer, and in the end the feed, say how it really went. */
async function move(entry, step, reason) {
  const { order } = entry;
  const wish = (entry.wish = { status: statusAfter(step, statusOf(entry)), answeredAt: null });
  // One after another: the bar refuses a step that overtakes the one before.
  const moved = (entry.moving = after(entry.moving, () => moveOrder(order, step, reason)));
  draw(entry);
  summarize();
  try {
    const { status } = await moved;
    Object.assign(wish, { status, answeredAt: Date.now() });
    lastMoved = step === 'undo' || step === 'reject' ? null : order;
    if (step === 'hand-over') {
      say(t('handedOver', { number: order.pickupNumber }), { label: t('step.undo'), act: () => undo(order) });
    }
  } catch (problem) {
    const now = problem.orderStatus;
    if (entry.wish === wish) { // else another step is on its way, and will tell
      entry.wish = now && now !== entry.order.status ? { status: now, answeredAt: Date.now() } : null;
    }
    refused(order, problem);
  }
  if (entries.get(order.orderId) === entry) {
    draw(entry);
    summarize();
  }
}

/** Whatever has become of what was before. */
async function after(before, work) {
  await before?.catch(() => {});
  return work();
}

/** Takes back the last step of an order whose card may be gone. */
function undo(order) {
  if (entries.has(order.orderId)) {
    move(entries.get(order.orderId), 'undo');
  } else {
    moveOrder(order, 'undo').catch((problem) => refused(order, problem));
  }
}

function undoLast() {
  if (lastMoved) {
    undo(lastMoved);
    lastMoved = null;
  }
}

function refused({ pickupNumber: number }, problem) {
  const detail = problem.orderStatus ? t('itIs', { status: t(`status.${problem.orderStatus}`) }) : explain(problem);
  failed(problem, t('notDone', { number, detail }));
}

async function acknowledge(these) {
  const problem = await alarms.acknowledge(these);
  if (problem) {
    failed(problem, explain(problem));
  }
}

function failed(problem, text) {
  if (problem.status !== 401) { // the sign-in panel says that
    say(text, { urgent: true });
  }
}

// ---- the header

let frame = null;

/** Counts and totals follow at most once a frame, however fast orders come in. */
function summarize() {
  ring(alarms !== null && alarms.open().length > 0);
  frame ??= requestAnimationFrame(() => {
    frame = null;
    const open = [...entries.values()].filter((entry) => statusOf(entry) in columns);
    showCounts(open.map(statusOf).reduce((counts, status) => ({ ...counts, [status]: (counts[status] ?? 0) + 1 }), {}), left > 0);
    showAlarms(alarms?.open().length ?? 0);
    showTotals(open.flatMap((entry) => entry.order.lines.map((line) =>
      ({ ...line, name: lineName(line), ready: statusOf(entry) === 'READY' }))), left > 0);
  });
}

function tick() {
  byId('clock').textContent = timeOfDay(Date.now());
  entries.forEach(({ card }) => card.tick());
}

translatePage();
showSound();
showSignIn(() => knownBars.then(() => bars.map((bar) => bar.barId)), () => barId && openBar(barId), closeBar);
byId('sound').onclick = switchSound;
const acknowledgeAll = () => alarms && acknowledge(alarms.open());
const soldOut = () => isSignedIn() && openMenu(barId, (problem) => failed(problem, explain(problem)));
byId('acknowledge-all').onclick = acknowledgeAll;
byId('open-menu').onclick = soldOut;
listenToKeys({ u: undoLast, g: acknowledgeAll, m: soldOut, s: switchSound, '?': () => say(t('keys')) });
setInterval(tick, 1000);
tick();
start();
