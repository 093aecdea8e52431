import { pause } from './api.js';
import { asStaff } from './staff.js';

const ASK_AGAIN_MS = 5000;
const MOST = 200;

/** The alarms of one bar that nobody has seen to yet. */
export class Alarms {
  #path;
  #changed;
  #alarms = new Map(); // alarmId -> alarm
  #loading = null;

  /** @param changed told the orderId whose alarm was raised or seen to */
  constructor(barId, changed) {
    this.#path = `/bars/${encodeURIComponent(barId)}/alarms`;
    this.#changed = changed;
  }

  /** Asks until it is answered: alarm-verticle may be away while the feed is up. */
  async load() {
    const mine = (this.#loading = {}); // a later load, or stop, ends this one
    while (mine === this.#loading) {
      const before = this.open();
      try {
        const { alarms } = await asStaff('GET', `${this.#path}?acknowledged=false&limit=${MOST}`);
        if (mine === this.#loading) {
          const listed = new Set(alarms.map(({ alarmId }) => alarmId));
          const seenTo = before.filter(({ alarmId }) => alarms.length < MOST && !listed.has(alarmId));
          seenTo.forEach((alarm) => this.#close(alarm));
          alarms.forEach((alarm) => this.put(alarm));
        }
        return;
      } catch (problem) {
        if ([401, 403, 404].includes(problem.status)) {
          throw problem;
        }
        await pause(ASK_AGAIN_MS);
      }
    }
  }

  put(alarm) {
    if (!this.#alarms.get(alarm.alarmId)?.acknowledgedAt) { // an answer that is older than the feed wakes no alarm again
      this.#set(alarm);
    }
  }

  open() {
    return [...this.#alarms.values()].filter((alarm) => !alarm.acknowledgedAt);
  }

  of(orderId) {
    return this.open().filter((alarm) => alarm.orderId === orderId);
  }

  /** The order has left the board, and with it the reason to ring. */
  settle(orderId) {
    this.of(orderId).forEach((alarm) => this.#close(alarm));
  }

  /** Silent at once; rings again when the service did not take it, and then resolves to that Problem. */
  async acknowledge(alarms) {
    let failure = null;
    await Promise.all(alarms.map(async (alarm) => {
      this.#close(alarm);
      try {
        await asStaff('POST', `${this.#path}/${alarm.alarmId}/acknowledge`);
      } catch (problem) {
        if (problem.status !== 404) {
          failure = problem;
          this.#set(alarm);
        }
      }
    }));
    return failure;
  }

  stop() {
    this.#loading = null;
    this.#changed = () => {};
  }

  #close(alarm) {
    this.#set({ ...alarm, acknowledgedAt: new Date().toISOString() });
  }

  #set(alarm) {
    this.#alarms.set(alarm.alarmId, alarm);
    this.#changed(alarm.orderId);
  }
}
