import { call } from './api.js';
import { byId, el } from './dom.js';
import { asStaff } from './staff.js';
import { explain, nameOf, t } from './words.js';

const dialog = byId('menu');

/** Lets staff say what the bar has run out of, and what is there again. */
export async function openMenu(barId, failed) {
  const path = `/bars/${encodeURIComponent(barId)}/menu`;
  let items;
  try {
    ({ items } = await call('GET', path));
  } catch (problem) {
    failed(problem);
    return;
  }
  byId('menu-error').textContent = '';
  byId('menu-items').replaceChildren(...items.map((item) => row(item, path)));
  byId('menu-close').onclick = () => dialog.close();
  dialog.showModal();
}

/** The switch shows what the service has answered, never what was only wished for. */
function row(item, path) {
  const state = el('span.hint');
  const button = el('button', { role: 'switch', 'data-testid': 'available', onclick: toggle }, el('span', {}, nameOf(item)), state);
  const line = el('li', { 'data-item-id': item.itemId }, button);
  show(item.available);

  function show(available) {
    button.setAttribute('aria-checked', String(available));
    state.textContent = t(available ? 'onSale' : 'soldOut');
  }

  async function toggle() {
    const wanted = button.getAttribute('aria-checked') !== 'true';
    button.disabled = true;
    byId('menu-error').textContent = '';
    try {
      show((await asStaff('PATCH', `${path}/${encodeURIComponent(item.itemId)}`, { body: { available: wanted } })).available);
    } catch (problem) {
      byId('menu-error').textContent = explain(problem);
    }
    button.disabled = false;
    button.focus();
  }
  return line;
}
