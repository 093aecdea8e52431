const COLUMNS = ['PLACED', 'PREPARING', 'READY'];
const DIGITS = '1234567890';

let chosen = 0;

/**
 * The board without a touch screen: a keyboard, or a bump bar, which is one with few keys. A digit presses the main
 * button of that card in the column that the arrows have chosen; which is which shows from the first key on.
 *
 * @param commands what other keys do, by key
 */
export function listenToKeys(commands) {
  addEventListener('keydown', (event) => {
    const typing = event.target.closest('dialog, input, #sign-in');
    if (typing || event.repeat || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const key = event.key.toLowerCase();
    const card = DIGITS.indexOf(key);
    if (card >= 0) {
      press(card);
    } else if (key === 'arrowleft' || key === 'arrowright') {
      chosen = (chosen + (key === 'arrowright' ? 1 : COLUMNS.length - 1)) % COLUMNS.length;
    } else if (key in commands) {
      commands[key]();
    } else {
      return;
    }
    showChosen();
    event.preventDefault();
  });
}

function showChosen() {
  document.body.dataset.keys = COLUMNS[chosen];
  document.getElementById(COLUMNS[chosen]).scrollIntoView({ block: 'nearest', inline: 'nearest' }); // a phone shows one
}

/** A struck-through card has no such button, and keeps its place for a while: no digit means another order at once. */
function press(card) {
  document.getElementById(COLUMNS[chosen]).querySelectorAll('.card')[card]?.querySelector('button.main')?.click();
}
