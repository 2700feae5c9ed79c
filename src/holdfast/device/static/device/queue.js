// Bookings that wait to be sent: each with the key it was pressed with, so that it is booked once however often it is
// sent, and with when it is tried next.
// @ts-check
import * as db from "./db.js";

/**
 * `waiting` is sent when `nextAttemptAt` (milliseconds since the epoch) has come; `conflict` and `wrong` wait for the
 * customer; `over` and `sent` keep nothing personal: no body.
 * @typedef {"waiting" | "conflict" | "wrong" | "over" | "sent"} State
 * @typedef {{ code: string, detail?: string, errors?: { field: string, message: string }[] }} Refusal
 * @typedef {{ id: string, key: string, state: State,
 *   summary: { service: string, starts_at: string, zone: string, labels?: Record<string, string> },
 *   body: any | null, locale: string, createdAt: number, nextAttemptAt: number, attempts: number,
 *   firstTryAt: number | null, lastTryAt: number | null, requested?: boolean,
 *   mayDropHold: boolean, lastError: Refusal | null, alternatives: string[], reference: string | null }} Item
 */

const BASE_MS = 4000;
const LONGEST_MS = 30 * 60_000;
// The server remembers answers for a day: beyond that, a repetition might be a second booking.
const SAFE_MS = 20 * 3600_000;
const RECEIPT_MS = 7 * 86_400_000;

/**
 * How long to wait after so many failed attempts: doubled each time up to half an hour, half of it by chance, so that
 * a crowd does not come back together.
 * @param {number} attempts 1 or more @param {number} [retryAfter] seconds, as the server wished
 * @param {() => number} [chance] 0 to 1
 */
export function backoff(attempts, retryAfter = 0, chance = Math.random) {
  const longest = Math.min(LONGEST_MS, BASE_MS * 2 ** (attempts - 1));
  return Math.max(retryAfter * 1000, longest / 2 + (longest / 2) * chance());
}

/** In the order they were pressed. @param {string} org @returns {Promise<Item[]>} */
export async function items(org) {
  const found = await db.readAll(org);
  return found.sort((one, other) => one.createdAt - other.createdAt);
}

/**
 * Keeps a booking to be sent. `id`: of one that it stands in place of.
 * @param {string} org
 * @param {{ id?: string, body: any, summary: Item["summary"], locale: string, mayDropHold?: boolean }} asked
 * @returns {Promise<Item>}
 */
export async function add(org, { id, body, summary, locale, mayDropHold = false }) {
  const now = Date.now();
  /** @type {Item} */
  const item = {
    id: id ?? crypto.randomUUID(),
    key: crypto.randomUUID(),
    state: "waiting",
    summary,
    body,
    locale,
    createdAt: now,
    nextAttemptAt: now,
    attempts: 0,
    firstTryAt: null,
    lastTryAt: null,
    mayDropHold,
    lastError: null,
    alternatives: [],
    reference: null,
  };
  await db.write(org, item);
  return item;
}

/** The same at another time: another request, so with a key of its own. @param {string} org @param {Item} item @param {string} startsAt */
export function ask(org, item, startsAt) {
  const { hold: _gone, ...body } = item.body;
  const summary = { ...item.summary, starts_at: startsAt };
  return add(org, { id: item.id, body: { ...body, starts_at: startsAt }, summary, locale: item.locale });
}

/** @param {string} org @param {Item} item */
export const keep = (org, item) => db.write(org, item);
/** @param {string} org @param {string} id @returns {Promise<Item | undefined>} */
export const find = (org, id) => db.read(org, id);
/** @param {string} org @param {string} id */
export const remove = (org, id) => db.remove(org, id);
/** @param {string} org */
export const clear = (org) => db.removeAll(org);

/** Those that may be sent now; `all`: also those whose time has not come. @param {Item[]} among @param {{ all?: boolean, now?: number }} [options] */
export function due(among, { all = false, now = Date.now() } = {}) {
  return among.filter((item) => item.state === "waiting" && (all || item.nextAttemptAt <= now));
}

/** When something is to be tried next, or null. @param {Item[]} among @returns {number | null} */
export function nextAttempt(among) {
  const times = among.filter((item) => item.state === "waiting").map((item) => item.nextAttemptAt);
  return times.length ? Math.min(...times) : null;
}

/** Why it must not be sent any more, or null. @param {Item} item @param {number} now @returns {"over" | "stale" | null} */
export function spent(item, now) {
  if (Date.parse(item.summary.starts_at) <= now) return "over";
  return item.firstTryAt !== null && now - item.firstTryAt > SAFE_MS ? "stale" : null;
}

/** Receipts are kept for a week. @param {Item} item @param {number} now */
export function isForgotten(item, now) {
  return (item.state === "sent" || item.state === "over") && now - item.createdAt > RECEIPT_MS;
}
