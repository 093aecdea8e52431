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
      choose(chosen + (key === 'arrowright' ? 1 : COLUMNS.length - 1));
    } else if (key in commands) {
      commands[key]();
    } else {
      return;
    }
    choose(chosen);
    event.preventDefault();
  });
}

function choose(column) {
  chosen = column % COLUMNS.length;
  document.body.dataset.keys = COLUMNS[chosen];
  document.getElementById(COLUMNS[chosen]).scrollIntoView({ block: 'nearest', inline: 'nearest' }); // a phone shows one
}

/** By the column it is in now: struck-through cards keep their place, so that no digit changes its order. */
function press(card) {
  document.getElementById(COLUMNS[chosen]).querySelectorAll('.card')[card]?.querySelector('button.main')?.click();
}
