import { piecesOf, priceOf } from './cart.js';
import { byId, el } from './dom.js';
import { money } from './format.js';
import { keep, kept } from './kept.js';
import { forgetOrderBeingPlaced, orderBeingPlaced, placeOrder } from './place-order.js';
import { explain, nameOf, t } from './words.js';

const CONTINUES_BY_ITSELF_MS = 5 * 60_000;

const dialog = byId('checkout');
const form = byId('order-form');
const field = form.elements;

/**
 * The second of the two taps: shows what is about to be ordered, asks for the name and places the order.
 * An order whose answer was lost with the page goes on from here.
 */
export function checkOut({ barId, lines, seat, reload, placed }) {
  const resumed = orderBeingPlaced();
  const filled = resumed ? { ...resumed.order, ...resumed.order.customer } : { ...kept('me'), seat: field.seat.value || seat };
  ['name', 'phone', 'seat', 'note'].forEach((name) => (field[name].value = filled[name] ?? ''));
  showLines(lines());
  showErrors([]);
  const send = (order) => place(order, placed, async (problem) => {
    const gone = lines().map(({ item }) => item).filter(({ itemId }) => problem.body.itemIds?.includes(itemId));
    await reload(); // a refusal often means that the menu has changed
    showLines(lines());
    return gone.length ? t('goneMeanwhile', { items: gone.map(nameOf).join(', ') }) : `${t('notAccepted')} ${explain(problem)}`;
  });
  form.onsubmit = (event) => {
    event.preventDefault();
    const customer = { name: field.name.value.trim(), phone: given(field.phone) };
    if (!customer.name) {
      showErrors([{ field: 'name', message: t('nameNeeded') }]);
      return;
    }
    keep('me', customer);
    const wanted = lines().map(({ item, quantity }) => ({ itemId: item.itemId, quantity }));
    send({ barId, lines: wanted, customer, seat: given(field.seat), note: given(field.note) });
  };
  dialog.showModal();
  if (!resumed) {
    (field.name.value ? byId('place') : field.name).focus();
  } else if (Date.now() - resumed.pressedAt < CONTINUES_BY_ITSELF_MS) {
    send(resumed.order);
  } else {
    ask(t('undecided'), t('tryAgain'), () => send(resumed.order));
  }
}

async function place(order, placed, refused) {
  showErrors([]);
  busy(true);
  byId('placing').textContent = t('placing');
  let answer;
  try {
    answer = await placeOrder(order, (problem, n) => {
      byId('placing').textContent = t(problem.busy ? 'busyAgain' : 'placingAgain', { n });
    });
  } catch (problem) {
    if (!orderBeingPlaced()) {
      showErrors(problem.errors, await refused(problem));
    } else if (problem.status === 401) {
      ask(t('undecidedOldGuest'), t('orderAnew'), () => {
        forgetOrderBeingPlaced();
        place(order, placed, refused);
      });
    } else {
      const text = problem.busy ? t('busy', { n: problem.retryAfter ?? 10 }) : t('undecided');
      ask(text, t('tryAgain'), () => place(order, placed, refused));
    }
    return;
  }
  dialog.close();
  placed(answer);
}

/** No certainty: the customer decides whether to go on with the same order or to let it be. */
function ask(text, goOnLabel, goOn) {
  busy(false);
  byId('fields').disabled = true; // what is sent again must be what was sent before
  byId('placing').textContent = text;
  byId('place').textContent = goOnLabel;
  byId('place').onclick = (event) => {
    event.preventDefault();
    goOn();
  };
  byId('back').textContent = t('letItBe');
  byId('back').onclick = () => {
    forgetOrderBeingPlaced();
    dialog.close();
  };
}

function busy(placing) {
  form.dataset.placing = placing;
  byId('fields').disabled = placing;
  byId('place').disabled = byId('back').disabled = placing;
  byId('place').onclick = null;
  byId('back').onclick = () => dialog.close();
  byId('back').textContent = t('back');
}

function showLines(lines) {
  busy(false);
  byId('lines').replaceChildren(...lines.map(({ item, quantity }) =>
    el('li', { 'data-item-id': item.itemId },
      el('b', {}, `${quantity} ×`), el('span', {}, nameOf(item)), el('span', {}, money(item.price * quantity, item.currency)))));
  byId('total').textContent = priceOf(lines);
  byId('total').parentElement.hidden = false;
  byId('place').textContent = t('place', { total: priceOf(lines) });
  byId('place').disabled = piecesOf(lines) === 0;
}

/** Each error at its field, what has no field below the form. */
function showErrors(errors, summary = '') {
  const unplaced = [];
  const byField = { name: '', phone: '', seat: '', note: '' };
  for (const { field: path, message } of errors) {
    const name = String(path).split(/[./]/).pop(); // customer.name or /customer/name
    name in byField ? (byField[name] = message) : unplaced.push(message);
  }
  Object.entries(byField).forEach(([name, message]) => {
    byId(`${name}-error`).textContent = message;
    field[name].setAttribute('aria-invalid', Boolean(message));
  });
  const atFields = Object.keys(byField).filter((name) => byField[name]);
  byId('placing').textContent = unplaced.join(' ') || (atFields.length ? '' : summary);
  field[atFields[0]]?.focus();
}

const given = (input) => input.value.trim() || undefined;

// Esc must not hide an order whose fate is open.
dialog.addEventListener('cancel', (event) => orderBeingPlaced() && event.preventDefault());
