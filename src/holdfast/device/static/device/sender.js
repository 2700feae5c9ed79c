// Sends what waits, one sender at a time on this device: whichever tab or service worker has the lock.
// @ts-check
import { Problem, requestJson } from "../web/http.js";
import { add, backoff, due, isForgotten, items, keep, remove, spent } from "./queue.js";

/** @typedef {import("./queue.js").Item} Item */

/** @param {string} org */
export const channelOf = (org) => `holdfast/${org}`;
export const SYNC_TAG = "holdfast-queue";

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
    for (const item of await items(org)) if (isForgotten(item, since)) await remove(org, item.id);
    // What another sender has tried since this one was called is not tried again at once.
    const fresh = (/** @type {Item} */ item) => item.nextAttemptAt <= Date.now() || (item.lastTryAt ?? 0) < since;
    for (const item of due(await items(org), { all }).filter(fresh)) await send(org, item);
    return items(org);
  });
}

/** @param {string} org @param {Item} item */
async function send(org, item) {
  const now = Date.now();
  const why = spent(item, now);
  if (why === "over") return settle(org, { ...item, state: "over", body: null, lastError: null });
  if (why === "stale") return settle(org, { ...item, state: "wrong", lastError: { code: "stale" } });
  const tried = { ...item, attempts: item.attempts + 1, firstTryAt: item.firstTryAt ?? now, lastTryAt: now };
  await keep(org, tried);
  try {
    const booked = await requestJson(`/api/v1/${org}/bookings`, {
      body: item.body,
      idempotencyKey: item.key,
      headers: { "Accept-Language": item.locale },
      credentials: "omit", // as any customer, whoever is signed in here
      tries: 1,
      timeoutMs: 20_000,
    });
    // The sign-in page of a train's or hotel's network answers everything, and books nothing.
    if (!booked?.reference) throw new Problem({ status: 0, code: "unexpected" });
    const { reference, manage_url: manage, state: booking } = booked;
    const receipt = {
      ...tried,
      state: /** @type {const} */ ("sent"),
      body: null,
      lastError: null,
      alternatives: [],
      reference,
    };
    await settle(org, { ...receipt, requested: booking === "requested" }, { manage });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await refused(org, tried, error);
  }
}

/** @param {string} org @param {Item} item @param {Problem} problem */
async function refused(org, item, problem) {
  const { code, status, document } = problem;
  const lastError = { code, detail: document.detail ?? document.title, errors: document.errors };
  const passing = status === 0 || status === 429 || status >= 500 || code === "idempotency_in_progress";
  if (passing) {
    const nextAttemptAt = Date.now() + backoff(item.attempts, document.retry_after);
    return settle(org, { ...item, lastError, nextAttemptAt });
  }
  if (code === "hold_expired" && item.mayDropHold) {
    const { hold: _gone, ...body } = item.body;
    const again = await add(org, { ...item, body, mayDropHold: false });
    return send(org, again);
  }
  const alternatives = Array.isArray(document.alternatives) ? document.alternatives.map(startOf) : [];
  const state = status === 409 || alternatives.length ? "conflict" : "wrong";
  return settle(org, { ...item, state, lastError, alternatives });
}

/** @param {any} alternative RFC 3339, or an object that has it */
function startOf(alternative) {
  return typeof alternative === "string" ? alternative : alternative.starts_at;
}

/** Keeps what became of it and tells the pages. `told` goes to them and is kept nowhere. @param {string} org @param {any} item @param {object} [told] */
async function settle(org, item, told = {}) {
  await keep(org, item);
  tell(org, { ...told, kind: "item", id: item.id, state: item.state, reference: item.reference });
}

/** @param {string} org @param {object} message */
export function tell(org, message) {
  const channel = new BroadcastChannel(channelOf(org));
  channel.postMessage(message);
  channel.close();
}
