const LONGEST_WAIT_MS = 10_000;
const OPENS_WITHIN_MS = 10_000;
const SILENCE_MS = 45_000;
const STEADY_AFTER_MS = 5000;
const GAPS_BEFORE_A_SNAPSHOT = 3;
const AT_ONCE = [1012, 1013, 4401]; // the server goes away, we read too slowly, the token has expired

/**
 * Follows a live feed through every interruption: each message is delivered once and in order, and after a break the
 * feed resumes where it stopped, or begins anew with a snapshot when the server no longer has the rest.
 *
 * @param admission resolves to what else the address needs, such as a ticket
 * @param numbers 'all'; 'some' when numbers are left out on purpose, since not everything shows on this feed; 'none' for
 *   a feed that begins with everything again after each break
 * @param deliver told each message
 * @param state told 'connecting', 'live' or 'down'
 * @returns stops it
 */
export function follow(path, { admission = async () => ({}), numbers = 'all' }, deliver, state) {
  let epoch = null;
  let seq = 0;
  let failures = 0;
  let gaps = 0;
  let openedAt = 0;
  let socket = null;
  let attempt = null;
  let timer;

  async function connect() {
    clearTimeout(timer);
    const mine = (attempt = {}); // whatever an earlier attempt still reports is of no interest any more
    socket?.close();
    try {
      const admitted = await admission();
      if (mine === attempt) {
        open(admitted, mine);
      }
    } catch (problem) {
      if (mine === attempt && problem.status !== 401) {
        connectAgain({ afterMs: problem.retryAfter * 1000 });
      }
    }
  }

  function open(admitted, mine) {
    const query = new URLSearchParams(epoch === null ? admitted : { ...admitted, epoch, since: seq });
    socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}${path}?${query}`);
    timer = setTimeout(connectAgain, OPENS_WITHIN_MS);
    const ifMine = (react) => (event) => mine === attempt && react(event);
    socket.onopen = ifMine(() => {
      openedAt = Date.now();
      state('live');
      reconnectAfterSilence();
    });
    socket.onmessage = ifMine(({ data }) => receive(JSON.parse(data)));
    socket.onclose = ifMine(({ code }) => {
      failures = Date.now() - openedAt > STEADY_AFTER_MS ? 0 : failures;
      connectAgain({ atOnce: AT_ONCE.includes(code) && failures === 0 });
    });
  }

  function receive(message) {
    reconnectAfterSilence();
    if (numbers === 'none' || goesOn(message)) {
      failures = 0;
      deliver(message);
    }
  }

  /** Whether this is the next message; notes that it came, or sees to what is missing. */
  function goesOn(message) {
    if (message.type === 'snapshot') {
      epoch = message.epoch;
    } else if (message.seq <= seq) {
      return false;
    } else if (message.seq > seq + 1 && numbers === 'all') {
      epoch = ++gaps < GAPS_BEFORE_A_SNAPSHOT ? epoch : null;
      connectAgain({ atOnce: true }); // what is missing comes with since
      return false;
    }
    seq = message.seq;
    gaps = 0;
    return true;
  }

  /** With jitter, so that not all boards come back at the same moment. */
  function connectAgain({ atOnce = false, afterMs } = {}) {
    attempt = null;
    clearTimeout(timer);
    failures++;
    const backoff = Math.min(LONGEST_WAIT_MS, 250 * 2 ** failures) * (0.5 + Math.random() / 2);
    if (atOnce) {
      connect();
    } else {
      state('down');
      timer = setTimeout(connect, afterMs || backoff);
    }
  }

  /** A page cannot see the server's pings, so a quiet socket may be a dead one: resuming by since finds out. */
  function reconnectAfterSilence() {
    clearTimeout(timer);
    timer = setTimeout(connect, SILENCE_MS);
  }

  const goneOffline = () => connectAgain();
  addEventListener('offline', goneOffline);
  addEventListener('online', connect);
  state('connecting');
  connect();
  return function stop() {
    attempt = null;
    clearTimeout(timer);
    socket?.close();
    removeEventListener('offline', goneOffline);
    removeEventListener('online', connect);
  };
}
