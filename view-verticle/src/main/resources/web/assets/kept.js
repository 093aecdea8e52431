/** What outlives a reload, as JSON in localStorage; where a browser forbids that, it lasts as long as the page. */
const PREFIX = 'intermission.';
const inMemory = new Map();

export function kept(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name));
  } catch {
    return inMemory.get(name) ?? null;
  }
}

export function keep(name, value) {
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
