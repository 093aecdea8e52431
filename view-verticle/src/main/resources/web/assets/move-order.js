import { pause } from './api.js';
import { asStaff } from './staff.js';

const ATTEMPTS = 3;

/** Where each step leads; undo goes back by one. */
const LEADS_TO = { start: 'PREPARING', ready: 'READY', 'hand-over': 'HANDED_OVER', reject: 'REJECTED' };
const UNDONE = { PREPARING: 'PLACED', READY: 'PREPARING', HANDED_OVER: 'READY' };

export const statusAfter = (step, status) => (step === 'undo' ? UNDONE[status] : LEADS_TO[step]);

/** Takes one step; after silence it is taken again, because repeating a step that already holds is answered 200. */
export async function moveOrder(order, step, reason) {
  const path = `/bars/${encodeURIComponent(order.barId)}/orders/${order.orderId}/${step}`;
  for (let attempt = 1; ; attempt++) {
    try {
      return await asStaff('POST', path, { body: reason && { reason } });
    } catch (problem) {
      // The order view may be quicker than the bar's own service: what is on the board will be known there, too.
      const later = problem.uncertain || problem.busy || problem.status === 404;
      // A repeated undo might take back one step more than was meant.
      if (!later || attempt === ATTEMPTS || (step === 'undo' && problem.uncertain)) {
        throw problem;
      }
      await pause((problem.retryAfter ?? attempt) * 1000);
    }
  }
}
