// Bookings that wait to be sent: each with the key it was pressed with, so that it is booked once however often it is
// sent, and with when it is tried next.
// @ts-check
import { tell } from "./channel.js";
import * as db from "./db.js";

/**
 * `waiting` is sent when `nextAttemptAt` (milliseconds since the epoch) has come; `conflict` and `wrong` wait for the
 * customer; `over` and `sent` keep nothing personal: no body. `firstTryAt`: when it may first have left the device under
 * this key. `wish`: what is wanted instead of what may have arrived; `late`: what was wished of one that was booked.
 * @typedef {"waiting" | "conflict" | "wrong" | "over" | "sent"} State
 * @typedef {{ kind: "delete" } | { kind: "change" } & Asked} Wish
 * @typedef {{ code: string, detail?: string, errors?: { field: string, message: string }[] }} Refusal
 * @typedef {{ id: string, key: string, state: State,
 *   summary: { service: string, slug?: string, starts_at: string, zone: string, labels?: Record<string, string> },
 *   body: any | null, locale: string, createdAt: number, nextAttemptAt: number, attempts: number,
 *   firstTryAt: number | null, lastTryAt: number | null, requested?: boolean,
 *   mayDropHold: boolean, unsure?: boolean, wish?: Wish, late?: Wish["kind"], lastError: Refusal | null, alternatives: string[], reference: string | null }} Item
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
 * What is wanted: the request, and what the inspector says of it. `unsure`: an earlier one, of which nothing is known
 * any more, may be booked.
 * @typedef {{ body: any, summary: Item["summary"], locale: string, mayDropHold?: boolean, unsure?: boolean }} Asked
 */

/** @param {Asked} asked @param {string} [id] of one that it stands in place of @returns {Item} */
export function fresh({ body, summary, locale, mayDropHold = false, unsure = false }, id = crypto.randomUUID()) {
  const now = Date.now();
  return {
    id,
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
    unsure,
    lastError: null,
    alternatives: [],
    reference: null,
  };
}

/** Keeps a booking to be sent. @param {string} org @param {Asked} asked @returns {Promise<Item>} */
export async function add(org, asked) {
  const item = fresh(asked);
  await db.write(org, item);
  return item;
}

/**
 * Whether its request may have arrived under its key: surely not, perhaps (so it can be asked for and taken back), or
 * it may have so long ago that the server has forgotten its answer.
 * @param {Item} item @param {number} [now] @returns {"none" | "perhaps" | "unknowable"}
 */
export function arrival(item, now = Date.now()) {
  if (item.firstTryAt === null || item.body === null) return "none";
  return now - item.firstTryAt > SAFE_MS ? "unknowable" : "perhaps";
}

/**
 * Wants it otherwise. What may have arrived is not replaced but keeps its key, and the change waits as a wish until
 * the request is taken back; what was booked meanwhile stays so and says so.
 * @param {string} org @param {string} id @param {Asked} asked @returns {Promise<Item>}
 */
export async function amend(org, id, asked) {
  const amended = await db.change(org, id, (/** @type {Item | undefined} */ stored) => {
    if (!stored) return undefined;
    if (stored.state === "sent") return { ...stored, late: /** @type {const} */ ("change") };
    const wanted = withItsHold(asked, stored);
    if (arrival(stored) === "perhaps") return wishing(stored, { kind: "change", ...wanted });
    return fresh({ ...wanted, unsure: stored.unsure || arrival(stored) === "unknowable" }, id);
  });
  if (amended?.wish) tell(org, { kind: "stop", id });
  return amended ?? add(org, asked); // deleted meanwhile in another tab: pressed all the same
}

/** @param {Item} stored @param {Wish} wish @returns {Item} */
const wishing = (stored, wish) => ({ ...stored, state: "waiting", wish, nextAttemptAt: Date.now() });

/** The time that is held for it stays so while the same is wanted. @param {Asked} asked @param {Item} stored @returns {Asked} */
function withItsHold(asked, stored) {
  const same = ["service", "starts_at", "party_size", "duration_minutes", "resource"];
  if (!stored.body?.hold || asked.body.hold || same.some((each) => asked.body[each] !== stored.body[each]))
    return asked;
  return { ...asked, body: { ...asked.body, hold: stored.body.hold }, mayDropHold: stored.mayDropHold };
}

/**
 * The same at another time: another request, so with a key of its own. Once: not where another tab has asked already.
 * @param {string} org @param {Item} item refused @param {string} startsAt
 */
export function ask(org, item, startsAt) {
  return db.change(org, item.id, (/** @type {Item | undefined} */ stored) => {
    if (stored?.key !== item.key || !stored.body || arrival(stored) !== "none") return undefined;
    const { hold: _gone, ...body } = stored.body;
    const summary = { ...stored.summary, starts_at: startsAt };
    return fresh({ ...stored, body: { ...body, starts_at: startsAt }, summary, mayDropHold: false }, stored.id);
  });
}

/**
 * Deletes it. What may have arrived is taken back first, and stays until that is answered; pressed again, it is deleted
 * here whatever has become of it. Whether it is gone.
 * @param {string} org @param {string} id
 */
export async function drop(org, id) {
  const left = await db.change(org, id, (/** @type {Item | undefined} */ stored) => {
    if (!stored) return undefined;
    const asksFirst = arrival(stored) === "perhaps" && stored.wish?.kind !== "delete";
    return asksFirst ? wishing(stored, { kind: "delete" }) : null;
  });
  tell(org, { kind: "stop", id });
  if (!left) tell(org, { kind: "removed" });
  return !left;
}

/** What becomes of it once it surely is not booked: what the customer wished, else `otherwise`. @template T @param {Item} stored @param {T} otherwise @param {boolean} [unsure] */
export function granted({ id, wish, ...stored }, otherwise, unsure = false) {
  if (!wish) return otherwise;
  return wish.kind === "delete" ? null : fresh({ ...wish, unsure: unsure || stored.unsure }, id);
}

/**
 * Changes it where it still waits and is the same request; else, deleted or changed meanwhile, all stays as it is.
 * @template T @param {string} org @param {Item} item @param {(stored: Item) => T} changed @returns {Promise<T | undefined>}
 */
export function settle(org, item, changed) {
  return db.change(org, item.id, (/** @type {Item | undefined} */ stored) =>
    stored?.key === item.key && stored.state === "waiting" ? changed(stored) : undefined,
  );
}

/** Puts another in its place, unless it was changed meanwhile. @param {string} org @param {Item} item @param {Item} into @returns {Promise<Item | undefined>} */
export function change(org, item, into) {
  return db.change(org, item.id, (/** @type {Item | undefined} */ stored) =>
    stored?.key === item.key && stored.state === item.state ? into : undefined,
  );
}

/** Its time has come. @param {string} org @param {Item} item */
export const hurry = (org, item) => settle(org, item, (stored) => ({ ...stored, nextAttemptAt: Date.now() }));
/** @param {string} org @param {string} id @returns {Promise<Item | undefined>} */
export const find = (org, id) => db.read(org, id);
/** @param {string} org @param {string} id */
export const remove = (org, id) => db.remove(org, id);
/** All of it; what is being sent is given up. @param {string} org */
export async function clear(org) {
  await db.removeAll(org);
  tell(org, { kind: "stop" });
}

/**
 * Another of the same service at the same time that waits here or was sent from here; null where there is none.
 * @param {Item[]} among @param {{ id?: string, slug: string, startsAt: string }} asked
 */
export function twinOf(among, { id, slug, startsAt }) {
  const isTwin = (/** @type {Item} */ { summary, body }) =>
    (summary.slug ?? body?.service) === slug && Date.parse(summary.starts_at) === Date.parse(startsAt);
  return among.find((item) => item.id !== id && item.state !== "over" && isTwin(item)) ?? null;
}

/** How many wait to be sent, and how many for their customer. @param {Item[]} among */
export function counts(among) {
  const of = (/** @type {State[]} */ ...states) => among.filter(({ state }) => states.includes(state)).length;
  return { waiting: of("waiting"), asking: of("conflict", "wrong") };
}

/** Those that may be sent now; `all`: also those whose time has not come. @param {Item[]} among @param {{ all?: boolean, now?: number }} [options] */
export function due(among, { all = false, now = Date.now() } = {}) {
  return among.filter((item) => item.state === "waiting" && (all || item.nextAttemptAt <= now));
}

/** When something is to be tried next, or null. @param {Item[]} among @returns {number | null} */
export function nextAttempt(among) {
  const times = among.filter((item) => item.state === "waiting").map((item) => item.nextAttemptAt);
  return times.length ? Math.min(...times) : null;
}

/** Receipts are kept for a week. @param {Item} item @param {number} now */
export function isForgotten(item, now) {
  return (item.state === "sent" || item.state === "over") && now - item.createdAt > RECEIPT_MS;
}

/** The time for which its customer was asked something has passed. @param {Item} item @param {number} now */
export function isTooLate(item, now) {
  return (item.state === "conflict" || item.state === "wrong") && Date.parse(item.summary.starts_at) <= now;
}
