/** Builds an element: el('li.item', { onclick, 'data-testid': 'x' }, 'text', child); null children are left out. */
export function el(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  element.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes('-')) {
      element.setAttribute(key, value);
    } else {
      element[key] = value;
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** One pill a choice; the chosen one is pressed. */
export function pills(host, choices, chosen, choose) {
  host.replaceChildren(
    ...choices.map(({ value, label }) =>
      el('button.pill', {
        type: 'button',
        'data-value': value,
        'aria-pressed': String(value === chosen),
        onclick: () => choose(value),
      }, label)));
}
