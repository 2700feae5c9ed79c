// Sends what waits, one sender at a time on this device: whichever tab or service worker has the lock.
// @ts-check
import { Problem, requestJson } from "../web/http.js";
import { channelOf, tell } from "./channel.js";
import {
  arrival,
  backoff,
  change,
  due,
  fresh,
  granted,
  isForgotten,
  isTooLate,
  items,
  remove,
  settle,
} from "./queue.js";

/** @typedef {import("./queue.js").Item} Item */

export { channelOf, tell };
export const SYNC_TAG = "holdfast-queue";
const PATIENCE_MS = 20_000;
const PROBE_MS = 8000;

/** @template T @param {string} org @param {() => Promise<T>} work @returns {Promise<T>} */
function alone(org, work) {
  // Without locks two may send the same; its key keeps it one booking.
  return navigator.locks ? navigator.locks.request(`holdfast/${org}/sender`, work) : work();
}

/**
 * Sends what is due; `all`: also what waits for its time, as when the connection has just come back. Whoever comes
 * while another sends waits for it, and finds nothing left to do.
 * @param {string} org
 * @param {{ all?: boolean }} [options]
 * @returns {Promise<Item[]>} what is kept now
 */
export function flush(org, { all = false } = {}) {
  const since = Date.now();
  return alone(org, async () => {
    for (const item of await items(org)) {
      if (isForgotten(item, since)) await remove(org, item.id);
      else if (isTooLate(item, since)) await expire(org, item);
    }
    // What another sender has tried since this one was called is not tried again at once.
    const isNew = (/** @type {Item} */ item) => item.nextAttemptAt <= Date.now() || (item.lastTryAt ?? 0) < since;
    for (const item of due(await items(org), { all }).filter(isNew)) await send(org, item);
    return items(org);
  });
}

/** What its customer was asked about, and did not answer in time: their details have no use any more. @param {string} org @param {Item} item */
async function expire(org, item) {
  const isUnsure = item.unsure || item.lastError?.code === "stale";
  const kept = await change(org, item, overOf(item, isUnsure ? item.lastError : null));
  told(org, item, kept);
}

/** @param {string} org @param {Item} item @returns {Promise<void>} */
async function send(org, item) {
  const arrived = arrival(item);
  const isOver = Date.parse(item.summary.starts_at) <= Date.now();
  if (arrived === "unknowable" && !item.wish) return ended(org, item, isOver ? "over" : "wrong", { code: "stale" });
  if (item.wish && arrived !== "perhaps") return grant(org, item, arrived === "unknowable");
  if (isOver && arrived === "none") return ended(org, item, "over", null);
  if (isOffline()) return noteOffline(org, item); // nothing leaves: not an attempt
  if (arrived === "none" && !(await isReached(org))) return later(org, item, { code: "offline" }, 0, 1);
  const isWithdrawn = isOver || item.wish !== undefined;
  const tried = await settle(org, item, (stored) => (isWithdrawn || !stored.wish ? attempted(stored) : undefined));
  if (!tried) return; // deleted, changed or sent by another meanwhile
  return isWithdrawn ? takeBack(org, tried) : book(org, tried);
}

/** A service worker is told too late, or wrongly: it tries, and finds out. */
const isOffline = () => "document" in globalThis && !navigator.onLine;

/** @param {string} org @param {Item} item */
async function noteOffline(org, item) {
  if (item.lastError?.code === "offline") return;
  told(org, item, await settle(org, item, (stored) => ({ ...stored, lastError: { code: "offline" } })));
}

/** Whether we answer at all: before that, nothing of a booking leaves the device. @param {string} org */
async function isReached(org) {
  const signal = AbortSignal.timeout(PROBE_MS);
  const asked = fetch(`/api/v1/${org}`, { cache: "no-store", credentials: "omit", signal });
  return asked.then(
    (answer) => answer.status < 500 && isJson(answer),
    () => false,
  );
}

/** The page on which the network of a train or a hotel wants to be signed in to answers everything. @param {Response} answer */
const isJson = (answer) => /[/+]json\b/.test(answer.headers.get("Content-Type") ?? "");

/** @param {Item} stored @returns {Item} */
function attempted(stored) {
  const now = Date.now();
  return { ...stored, attempts: stored.attempts + 1, firstTryAt: stored.firstTryAt ?? now, lastTryAt: now };
}

/** @param {string} org @param {Item} item */
async function book(org, item) {
  try {
    await booked(org, item, await post(org, item, "bookings"));
  } catch (error) {
    await refused(org, item, problemOf(error));
  }
}

/** Asks whether it is booked; if it is not, it never will be (docs/algorithms/idempotency.md). @param {string} org @param {Item} item */
async function takeBack(org, item) {
  try {
    await booked(org, item, await post(org, item, "bookings/withdraw"));
  } catch (error) {
    const { code, status, document } = problemOf(error);
    if (isPassing(code, status)) return later(org, item, { code, detail: document.detail }, document.retry_after);
    await grant(org, item, code === "idempotency_mismatch");
  }
}

/** Its request, given up when it is deleted or changed here, or the device is cleared. @param {string} org @param {Item} item @param {string} path */
async function post(org, item, path) {
  const stop = new AbortController();
  const channel = new BroadcastChannel(channelOf(org));
  channel.onmessage = ({ data }) => {
    if (data.kind === "stop" && (data.id ?? item.id) === item.id) stop.abort();
  };
  try {
    const answer = await requestJson(`/api/v1/${org}/${path}`, {
      body: item.body,
      idempotencyKey: item.key,
      headers: { "Accept-Language": item.locale },
      credentials: "omit", // as any customer, whoever is signed in here
      tries: 1,
      timeoutMs: PATIENCE_MS,
      signal: stop.signal,
    });
    if (!answer?.reference) throw new Problem({ status: 0, code: "unexpected" }); // somebody else's, in our place
    return answer;
  } finally {
    channel.close();
  }
}

/** What was given up may have arrived, as what was not answered. @param {unknown} error */
function problemOf(error) {
  if (error instanceof Problem) return error;
  if (error instanceof DOMException && error.name === "AbortError") return new Problem({ status: 0, code: "stopped" });
  throw error;
}

/** @param {string} code @param {number} status */
const isPassing = (code, status) =>
  status === 0 || status === 429 || status >= 500 || code === "idempotency_in_progress";

/** @param {string} org @param {Item} item @param {any} booking */
async function booked(org, item, { reference, manage_url: manage, state }) {
  const kept = await settle(org, item, ({ wish, ...stored }) => ({
    ...stored,
    state: /** @type {const} */ ("sent"),
    body: null,
    lastError: null,
    alternatives: [],
    reference,
    requested: state === "requested",
    late: wish?.kind,
  }));
  told(org, item, kept, { manage });
}

/** @param {string} org @param {Item} item @param {Problem} problem */
async function refused(org, item, problem) {
  const { code, status, document } = problem;
  /** @type {any} */
  const lastError = { code, detail: document.detail ?? document.title, errors: document.errors };
  if (isPassing(code, status)) return later(org, item, lastError, document.retry_after);
  const alternatives = Array.isArray(document.alternatives) ? document.alternatives.map(startOf) : [];
  /** @type {Item["state"]} */
  const state = status === 409 || alternatives.length ? "conflict" : "wrong";
  const kept = await settle(org, item, (stored) => {
    if (code === "hold_expired" && stored.mayDropHold) return granted(stored, withoutHold(stored));
    return granted(stored, { ...stored, state, lastError, alternatives, firstTryAt: null });
  });
  told(org, item, kept);
  if (kept?.state === "waiting") await send(org, kept);
}

/** @param {Item} stored */
function withoutHold({ id, ...stored }) {
  const { hold: _gone, ...body } = stored.body;
  return fresh({ ...stored, body, mayDropHold: false }, id);
}

/** It is not booked under its key: what was wished of it is done. @param {string} org @param {Item} item @param {boolean} unsure */
async function grant(org, item, unsure) {
  const kept = await settle(org, item, (stored) => granted(stored, overOf(stored, null), unsure));
  told(org, item, kept);
  if (kept?.state === "waiting") await send(org, kept);
}

/** @param {string} org @param {Item} item @param {import("./queue.js").Refusal} lastError @param {number} [retryAfter] seconds @param {number} [more] attempts that are not counted yet */
async function later(org, item, lastError, retryAfter = 0, more = 0) {
  const kept = await settle(org, item, (stored) => {
    const attempts = stored.attempts + more;
    // What was wished while it was under way is done at once.
    const wait = stored.wish && !item.wish ? 0 : backoff(attempts, retryAfter);
    const now = Date.now();
    return { ...stored, attempts, lastError, lastTryAt: now, nextAttemptAt: now + wait };
  });
  told(org, item, kept);
}

/** @param {string} org @param {Item} item @param {"over" | "wrong"} state @param {import("./queue.js").Refusal | null} lastError */
async function ended(org, item, state, lastError) {
  const kept = await settle(org, item, (stored) =>
    state === "over" ? overOf(stored, lastError) : { ...stored, state, lastError },
  );
  told(org, item, kept);
}

/** @param {Item} stored @param {import("./queue.js").Refusal | null} lastError @returns {Item} */
const overOf = ({ wish: _gone, ...stored }, lastError) => ({ ...stored, state: "over", body: null, lastError });

/** @param {any} alternative RFC 3339, or an object that has it */
function startOf(alternative) {
  return typeof alternative === "string" ? alternative : alternative.starts_at;
}

/**
 * Tells the pages what became of it, if anything did. `more` is kept nowhere.
 * @param {string} org @param {Item} item @param {Item | null | undefined} kept @param {object} [more]
 */
function told(org, item, kept, more = {}) {
  if (kept) tell(org, { ...more, kind: "item", id: item.id, state: kept.state, reference: kept.reference });
  if (kept === null) tell(org, { kind: "removed" });
}
