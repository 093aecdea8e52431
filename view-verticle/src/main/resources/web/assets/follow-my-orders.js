import { follow } from './feed.js';
import { keep, kept } from './kept.js';
import { asCustomer, hasSession } from './session.js';

const EVERY_MS = 3000;
const VIEW_CATCHES_UP_WITHIN_MS = 10_000;
const SHOWN_AFTER_RELOAD_MS = 3 * 3600_000;
const OPEN = ['PENDING_PAYMENT', 'PLACED', 'CANCELLING', 'PREPARING', 'READY'];
const LIFE = [...OPEN, 'HANDED_OVER', 'PAYMENT_FAILED', 'REJECTED', 'CANCELLED'];

export const isOpen = (order) => OPEN.includes(order.status);
const age = (order) => LIFE.indexOf(order.status);

/**
 * Follows the caller's orders: show(orders) is called with all of them, newest first, whenever they may have changed.
 * The live feed tells; for as long as it cannot be had (somebody's Wi-Fi may let no WebSocket through) it is asked.
 *
 * @returns look(): ask now; tell(order): what a service answered directly, which the order view may learn later
 */
export function followMyOrders(show) {
  let listed = (kept('orders') ?? []).filter((order) => Date.now() - Date.parse(order.placedAt) < SHOWN_AFTER_RELOAD_MS);
  const told = new Map();
  let timer;
  let looking = false;
  let live = false;
  let stopFeed = null;

  function openFeed() {
    if (!hasSession() || document.hidden) {
      closeFeed();
    } else if (!stopFeed) {
      stopFeed = follow('/feed/my-orders', { admission, numbers: 'none' }, receive, (state) => (live = state === 'live'));
    }
  }

  function closeFeed() {
    stopFeed?.();
    stopFeed = null;
    live = false;
  }

  /** Browsers send no token with a WebSocket. */
  async function admission() {
    try {
      const { ticket } = await asCustomer('POST', '/feed-tickets');
      return { ticket };
    } catch (problem) {
      if (problem.status === 401) {
        closeFeed(); // the next guest's session opens another
      }
      throw problem;
    }
  }

  function receive(message) {
    switch (message.type) {
      case 'snapshot':
        listed = message.orders;
        break;
      case 'order':
        listed = [message.order, ...listed.filter(({ orderId }) => orderId !== message.order.orderId)];
        break;
      default: // a newer service may say more
    }
    publish();
  }

  async function look() {
    clearTimeout(timer);
    openFeed();
    if (looking || !hasSession()) {
      return;
    }
    looking = true;
    if (!live) {
      try {
        listed = (await asCustomer('GET', '/my-orders?limit=20')).orders;
      } catch {
        // The view is away, or this guest is known no more: what was known last stays on the screen.
      }
    }
    // What the view cannot answer yet, the order's own service can.
    await Promise.all([...told.values()].filter(({ order }) => notInView(order)).map(async ({ order }) => {
      try {
        note(await asCustomer('GET', `/orders/${order.orderId}`));
      } catch {
        // Asked again in the next round.
      }
    }));
    looking = false;
    publish();
  }

  const inView = (order) => listed.find(({ orderId }) => orderId === order.orderId);
  const notInView = (order) => !inView(order) || order.status === 'CANCELLING';

  function note(order) {
    told.set(order.orderId, { order: { ...inView(order), ...told.get(order.orderId)?.order, ...order }, at: Date.now() });
  }

  function publish() {
    const orders = new Map(listed.map((order) => [order.orderId, order]));
    for (const [orderId, { order, at }] of told) {
      const lasting = order.status === 'CANCELLED' || notInView(order); // a cancel that was answered 200 is final
      const outdated = !lasting && Date.now() - at > VIEW_CATCHES_UP_WITHIN_MS; // the bar may have undone a step
      if (inView(order) && (outdated || age(inView(order)) >= age(order))) {
        told.delete(orderId);
      } else {
        orders.set(orderId, order);
      }
    }
    const newestFirst = [...orders.values()].sort((a, b) => Date.parse(b.placedAt) - Date.parse(a.placedAt));
    keep('orders', newestFirst);
    show(newestFirst);
    clearTimeout(timer);
    if (newestFirst.some(isOpen) && !document.hidden) {
      timer = setTimeout(look, EVERY_MS);
    }
  }

  document.addEventListener('visibilitychange', () => (document.hidden ? closeFeed() : look()));
  show(listed);
  look();
  return {
    look,
    tell(order) {
      note(order);
      openFeed(); // the first order makes the session
      publish();
    },
  };
}
