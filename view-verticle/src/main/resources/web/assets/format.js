import { t } from './words.js';

const formats = new Map();

/** An amount in minor units: 4500 KRW is ₩4,500 and 450 USD is $4.50. */
export function money(amount, currency = 'KRW') {
  if (!formats.has(currency)) {
    formats.set(currency, new Intl.NumberFormat(navigator.language, { style: 'currency', currency }));
  }
  const format = formats.get(currency);
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

const clock = new Intl.DateTimeFormat(navigator.language, { hour: 'numeric', minute: '2-digit' });

export const timeOfDay = (instant) => clock.format(new Date(instant));

/** 65000 ms is 1:05. */
export function minutesAndSeconds(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The promise as a sentence, such as "ready by 7:42 PM, in 4 min". */
export function promise(readyBy) {
  const minutes = Math.ceil((Date.parse(readyBy) - Date.now()) / 60_000);
  return minutes > 0
    ? t('readyByIn', { time: timeOfDay(readyBy), minutes })
    : t('readyBy', { time: timeOfDay(readyBy) });
}
