/** What outlives a reload, as JSON in localStorage; where a browser forbids that, it lasts as long as the page. */
const PREFIX = 'intermission.';
const inMemory = new Map();
let ended = false;

export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return inMemory.get(name) ?? null;
  }
}

export function keep(name, value) {
  if (ended) {
    return value;
  }
  inMemory.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or forbidden: the copy in memory has to do.
  }
  return value;
}

export function forget(name) {
  inMemory.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // Nothing was kept there.
  }
}

/** Everything; until the page is loaded anew, what is still on its way is not kept either. */
export function forgetAll() {
  ended = true;
  inMemory.clear();
  try {
    Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => localStorage.removeItem(key));
  } catch {
    // Nothing was kept there.
  }
}
