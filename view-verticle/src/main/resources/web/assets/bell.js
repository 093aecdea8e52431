import { byId } from './dom.js';
import { language, t } from './words.js';

const EVERY_MS = 4000;
const MELODY = [[880, 0], [1175, 0.18], [880, 0.5], [1175, 0.68]]; // Hz, seconds

let context = null;
let wanted = false;
let ringing = false;
let timer;

/** Browsers stay silent until somebody has tapped, so the board asks for that tap. */
export function switchSound() {
  context ??= new AudioContext();
  context.onstatechange = showSound;
  wanted = !isOn();
  if (wanted) {
    context.resume().then(chime);
    navigator.wakeLock?.request('screen').catch(() => {}); // a sleeping tablet rings for nobody
  }
  showSound();
}

/** Rings again and again until told to stop. */
export function ring(on) {
  if (on !== ringing) {
    ringing = on;
    clearInterval(timer);
    if (on) {
      timer = setInterval(chime, EVERY_MS);
      chime();
    }
  }
  showSound();
}

export function chime() {
  if (!isOn()) {
    return;
  }
  for (const [frequency, after] of MELODY) {
    const at = context.currentTime + after;
    const tone = new OscillatorNode(context, { type: 'triangle', frequency });
    const volume = new GainNode(context, { gain: 0.0001 });
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.6, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.4);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.45);
  }
}

/** Only where sound is on, and the browser has a voice. */
export function speak(text) {
  if (isOn() && 'speechSynthesis' in window) {
    const words = new SpeechSynthesisUtterance(text);
    words.lang = language;
    speechSynthesis.speak(words);
  }
}

const isOn = () => wanted && context?.state === 'running';

export function showSound() {
  const on = isOn();
  document.body.dataset.sound = !on ? 'off' : ringing ? 'ringing' : 'on';
  byId('sound').textContent = t(on ? 'soundIsOn' : 'soundTurnOn');
  byId('sound').setAttribute('aria-pressed', String(on));
}
