import { call } from './api.js';
import { Cart, isSellable, piecesOf, priceOf } from './cart.js';
import { checkOut } from './checkout.js';
import { byId, el, pills } from './dom.js';
import { offerToForget } from './forget-me.js';
import { money } from './format.js';
import { keep, kept } from './kept.js';
import { showMyOrders } from './my-orders.js';
import { orderBeingPlaced } from './place-order.js';
import { explain, nameOf, t, translatePage } from './words.js';

const LOOK_AGAIN_MS = 20_000;

const fromQrCode = new URLSearchParams(location.search);

let bars = [];
let barId;
let menu = [];
let shownMenu = null; // as JSON: what has not changed keeps everybody's finger and focus in its place
let cart;

async function start() {
  translatePage();
  try {
    ({ bars } = await call('GET', '/bars'));
  } catch (problem) {
    banner(`${t('barsFailed')} ${explain(problem)}`, start);
    return;
  }
  const known = (id) => bars.some((bar) => bar.barId === id);
  const chosen = [orderBeingPlaced()?.order.barId, fromQrCode.get('bar'), kept('bar'), bars[0]?.barId].find(known);
  if (!chosen) {
    banner(t('barsFailed'), start); // none has told its menu yet
    return;
  }
  await chooseBar(chosen);
  if (orderBeingPlaced()) {
    review();
  }
}

async function chooseBar(chosen) {
  barId = keep('bar', chosen);
  cart = new Cart(barId);
  shownMenu = null;
  pills(byId('bars'), bars.map((bar) => ({ value: bar.barId, label: nameOf(bar) })), barId, chooseBar);
  await loadMenu();
}

async function loadMenu() {
  const asked = barId;
  try {
    const { items } = await call('GET', `/bars/${encodeURIComponent(asked)}/menu`);
    if (asked !== barId) {
      return; // another bar was chosen meanwhile
    }
    menu = items;
    banner(null);
    const json = JSON.stringify(items);
    if (json !== shownMenu) {
      shownMenu = json;
      showMenu();
    }
  } catch (problem) {
    banner(`${t('menuFailed')} ${explain(problem)}`, loadMenu);
  }
}

function showMenu() {
  byId('items').replaceChildren(...menu.map(menuItem));
  if (menu.length === 0) {
    byId('items').append(el('li.hint', {}, t('menuEmpty')));
  }
  showCart();
}

function menuItem(item) {
  const sellable = isSellable(item);
  const facts = [
    t('about', { n: Math.max(1, Math.round(item.prepSeconds / 60)) }),
    sellable && item.stock <= 5 ? t('left', { n: item.stock }) : null,
  ];
  return el(sellable ? 'li.item' : 'li.item.sold-out', { 'data-item-id': item.itemId, 'data-available': sellable },
    el('div', {},
      el('h3', {}, nameOf(item)),
      el('p.hint', {}, el('strong', {}, money(item.price, item.currency)), ` · ${facts.filter(Boolean).join(' · ')}`)),
    sellable ? stepper(item) : el('span.badge', {}, t('soldOut')));
}

function stepper(item) {
  const label = { item: nameOf(item) };
  const quantity = el('output', { 'data-testid': 'quantity' });
  const change = (by) => {
    cart.change(item, by);
    show();
    showCart();
  };
  const fewer = el('button.round', { 'aria-label': t('fewer', label), 'data-testid': 'fewer', onclick: () => change(-1) }, '−');
  const more = el('button.round.main', { 'data-testid': 'more', onclick: () => change(+1) }, '+');
  function show() {
    const n = cart.quantity(item.itemId);
    quantity.textContent = n;
    quantity.setAttribute('aria-label', t('inCart', { ...label, n }));
    more.setAttribute('aria-label', t(n === 0 ? 'add' : 'more', label));
    if (n === 0 && document.activeElement === fewer) {
      more.focus(); // the focused button is about to disappear
    }
    fewer.hidden = quantity.hidden = n === 0;
  }
  show();
  return el('div.stepper', {}, fewer, quantity, more);
}

function showCart() {
  const lines = cart.lines(menu);
  byId('cart').hidden = lines.length === 0;
  byId('review').replaceChildren(
    el('span', {}, t('review', { n: piecesOf(lines) })), el('strong', {}, priceOf(lines)));
}

function banner(text, again) {
  byId('banner').hidden = text === null;
  byId('banner').replaceChildren(el('p', {}, text ?? ''), again ? el('button', { onclick: again }, t('tryAgain')) : '');
}

function placed(order) {
  new Cart(order.barId).clear();
  if (order.barId === barId) {
    cart = new Cart(barId);
    showMenu();
  }
  byId('announce').textContent = t('placed', { number: order.pickupNumber });
  myOrders.tell(order);
  showOffer();
  myOrders.focus(order.orderId);
}

function review() {
  checkOut({ barId, lines: () => cart.lines(menu), seat: fromQrCode.get('seat'), reload: loadMenu, placed });
}

byId('review').onclick = review;
const lookAgain = () => !document.hidden && barId && loadMenu();
document.addEventListener('visibilitychange', lookAgain);
setInterval(lookAgain, LOOK_AGAIN_MS); // something may sell out while somebody makes up their mind

const lineName = (line) => nameOf(menu.find(({ itemId }) => itemId === line.itemId) ?? line);
const myOrders = showMyOrders(lineName);
const showOffer = offerToForget();
showOffer();
start();
