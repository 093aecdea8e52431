/** A refusal or a failure as the service told it (RFC 9457); status 0 means that no answer came at all. */
export class Problem extends Error {
  constructor(status, body, retryAfter = null) {
    super(body?.detail ?? body?.title ?? `status ${status}`);
    this.status = status;
    this.body = body ?? {};
    this.errors = this.body.errors ?? [];
    this.retryAfter = retryAfter;
  }

  /** The last word of the problem's type, such as sold-out or too-late. */
  get kind() {
    return String(this.body.type ?? '').split(/[/#:]/).pop();
  }

  /** Whether the service may have done it all the same: silence, or any failure on the way. */
  get uncertain() {
    return this.status === 0 || this.status >= 500;
  }

  /** Whether it was told to come later; the kind "unknown" is a 503 that may have been done. */
  get busy() {
    return this.status === 429 || (this.status === 503 && this.kind !== 'unknown');
  }

  /** Where the order stands, as a 409 tells it; a problem's own `status` is the HTTP status (RFC 9457). */
  get orderStatus() {
    return this.body.orderStatus ?? null;
  }
}

const ANSWER_WITHIN_MS = 10_000;

/** Resolves to the JSON of a 2xx answer; anything else rejects with a Problem. */
export async function call(method, path, { token, body, headers = {} } = {}) {
  let response;
  let text;
  try {
    response = await fetch(path, {
      method,
      headers: {
        Accept: 'application/json',
        ...(body && { 'Content-Type': 'application/json' }),
        ...(token && { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    text = await response.text();
  } catch {
    throw new Problem(0);
  }
  const json = parsed(text);
  if (!response.ok) {
    throw new Problem(response.status, json, secondsUntil(response.headers.get('Retry-After')));
  }
  if (text && !json) {
    throw new Problem(0); // somebody's sign-in page on the way, not our service
  }
  return json;
}

export const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Retry-After is seconds or a date (RFC 9110). */
function secondsUntil(retryAfter) {
  if (!retryAfter) {
    return null;
  }
  const seconds = Number(retryAfter);
  return Math.max(1, Math.ceil(Number.isNaN(seconds) ? (Date.parse(retryAfter) - Date.now()) / 1000 : seconds));
}
