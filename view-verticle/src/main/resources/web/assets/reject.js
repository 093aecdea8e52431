import { byId, pills } from './dom.js';
import { t } from './words.js';

const dialog = byId('reject');
const form = dialog.querySelector('form');

/** Asks why an order is rejected; the customer will see it. */
export function askReason(number, rejected) {
  const { reason } = form.elements;
  const usual = ['soldOut', 'tooBusy', 'closed'].map((key) => ({ value: key, label: t(`reason.${key}`) }));
  reason.value = '';
  byId('reject-title').textContent = t('rejectOrder', { number });
  pills(byId('reasons'), usual, null, (key) => (reason.value = t(`reason.${key}`)));
  byId('reject-back').onclick = () => dialog.close();
  form.onsubmit = (event) => {
    event.preventDefault();
    dialog.close();
    rejected(reason.value.trim());
  };
  dialog.showModal();
}
