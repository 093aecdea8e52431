import { call } from './api.js';
import { chime, showSound, speak, switchSound } from './bell.js';
import { byId, el } from './dom.js';
import { follow } from './feed.js';
import { timeOfDay } from './format.js';
import { nameOf, t, translatePage } from './words.js';

const START_AGAIN_MS = 3000;
const CALL_MS = 4000;
const NEW_MS = 20_000;
const MOST_CALLS = 6; // after a long break nobody wants to see them all, one after the other

const lists = Object.fromEntries([...document.querySelectorAll('[data-status]')].map((ul) => [ul.dataset.status, ul]));
const shown = new Map(); // pickupNumber -> { status, item }

async function start() {
  try {
    const { bars } = await call('GET', '/bars');
    const asked = new URLSearchParams(location.search).get('bar');
    const bar = bars.find(({ barId }) => barId === asked) ?? bars[0];
    byId('bar').textContent = nameOf(bar);
    document.title = nameOf(bar);
    follow(`/feed/bars/${encodeURIComponent(bar.barId)}/pickup`, { numbers: 'some' }, receive, showConnection);
  } catch {
    showConnection('down');
    setTimeout(start, START_AGAIN_MS);
  }
}

// ---- what the feed tells

let begun = false;

function receive(message) {
  switch (message.type) {
    case 'snapshot':
      replaceAll(message.numbers);
      break;
    case 'number':
      put(message, true);
      break;
    case 'gone':
      drop(message.pickupNumber);
      break;
    default: // a newer service may say more
  }
}

/** After a break, what has become ready meanwhile is called too; what stood there at the beginning is not. */
function replaceAll(numbers) {
  const present = new Set(numbers.map(({ pickupNumber }) => pickupNumber));
  [...shown.keys()].filter((number) => !present.has(number)).forEach(drop);
  numbers.forEach((number) => put(number, begun));
  begun = true;
}

function put({ pickupNumber, status }, aloud) {
  const before = shown.get(pickupNumber)?.status;
  if (before === status || !(status in lists)) {
    return;
  }
  drop(pickupNumber);
  const item = el('li', { 'data-pickup-number': pickupNumber }, String(pickupNumber));
  shown.set(pickupNumber, { status, item });
  if (status === 'READY') {
    lists.READY.prepend(item); // the newest first: the others have been there to be seen
  } else {
    lists[status].append(item);
  }
  if (status === 'READY' && aloud) {
    item.classList.add('new');
    setTimeout(() => item.classList.remove('new'), NEW_MS);
    announce(pickupNumber);
  }
}

function drop(pickupNumber) {
  shown.get(pickupNumber)?.item.remove();
  shown.delete(pickupNumber);
}

// ---- what is called out

const calls = [];

function announce(pickupNumber) {
  byId('announce').textContent = t('pickup.isReady', { number: pickupNumber });
  if (calls.length < MOST_CALLS) {
    calls.push(pickupNumber);
  }
  if (calls.length === 1) {
    callNext();
  }
}

function callNext() {
  const [pickupNumber] = calls;
  byId('call').hidden = pickupNumber === undefined;
  if (pickupNumber === undefined) {
    return;
  }
  byId('called').textContent = pickupNumber;
  chime();
  speak(t('pickup.isReady', { number: pickupNumber }));
  setTimeout(() => {
    calls.shift();
    callNext();
  }, CALL_MS);
}

/** @param state 'connecting', 'live' or 'down' */
function showConnection(state) {
  const { dataset } = document.body;
  if (state === 'down' && dataset.connection !== 'down') { // the time is that of the first failure
    byId('offline').textContent = t('offline', { time: timeOfDay(Date.now()) });
  }
  dataset.connection = state;
  byId('offline').hidden = state !== 'down';
}

function tick() {
  byId('clock').textContent = timeOfDay(Date.now());
}

translatePage();
showSound();
byId('sound').onclick = switchSound;
setInterval(tick, 1000);
tick();
start();
