// Free times by month, from the API: kept for the visit, asked for ahead, checked again by ETag.
// @ts-check
import { requestJson } from "../web/http.js";

/**
 * A start: minutes since the Unix epoch, how many such bookings still fit, the price in minor units if it has its own.
 * @typedef {[minute: number, remaining: number, amount?: number]} Slot
 * @typedef {{ service: string, resource: string, duration: number, party_size: number, type?: string, extras?: string, pricing?: boolean, pickup?: string, dropoff?: string }} Query
 * @typedef {{ slots: Slot[], price: { amount: number, currency: string } | null, at: number }} MonthOfSlots
 */

const FRESH_MS = 60_000;

export class Availability {
  /** @type {Map<string, MonthOfSlots>} */
  #kept = new Map();
  /** @type {Map<string, Promise<MonthOfSlots>>} */
  #asked = new Map();
  #api;

  /** @param {string} api address of GET availability */
  constructor(api) {
    this.#api = api;
  }

  /** What is known of a month, perhaps not fresh. @param {Query} query @param {string} month YYYY-MM */
  known(query, month) {
    return this.#kept.get(key(query, month));
  }

  /** @param {Query} query @param {string} month @param {MonthOfSlots} found */
  keep(query, month, found) {
    this.#kept.set(key(query, month), found);
  }

  /** Whether it should be asked for again. @param {Query} query @param {string} month */
  isStale(query, month) {
    const found = this.known(query, month);
    return !found || Date.now() - found.at > FRESH_MS;
  }

  /** These months, or all, are to be asked for again before they are shown. @param {Set<string> | null} months */
  doubt(months) {
    for (const [name, found] of this.#kept) if (!months || months.has(name.slice(-7))) found.at = 0;
  }

  /**
   * A month's free times, from memory if fresh. Asking twice at once asks once.
   * @param {Query} query @param {string} month @param {{ again?: boolean }} [options]
   * @returns {Promise<MonthOfSlots>}
   */
  async load(query, month, { again = false } = {}) {
    const name = key(query, month);
    const found = this.#kept.get(name);
    if (found && !again && !this.isStale(query, month)) return found;
    let asked = this.#asked.get(name);
    if (!asked) {
      const mine = this.#ask(query, month).finally(() => {
        if (this.#asked.get(name) === mine) this.#asked.delete(name);
      });
      this.#asked.set(name, mine);
      asked = mine;
    }
    return asked;
  }

  /** What is asked for and has not come is asked for anew the next time. */
  giveUp() {
    this.#asked.clear();
  }

  /** @param {Query} query @param {string} month */
  async #ask(query, month) {
    const [year, number] = month.split("-").map(Number);
    const parameters = new URLSearchParams({
      service: query.service,
      from: `${month}-01`,
      days: String(new Date(Date.UTC(year, number, 0)).getUTCDate()),
      party_size: String(query.party_size),
      duration: String(query.duration),
      ...(query.resource ? { resource: query.resource } : {}),
      ...(query.type === "emergency" ? { type: query.type } : {}),
      ...(query.extras ? { extras: query.extras } : {}),
      ...(query.pickup ? { pickup: query.pickup } : {}),
      ...(query.dropoff ? { dropoff: query.dropoff } : {}),
      ...(query.pricing === false ? { pricing: "false" } : {}),
    });
    const answer = await requestJson(`${this.#api}?${parameters}`);
    const price = answer.slots[0]?.price ?? null;
    /** @type {Slot[]} */
    const slots = answer.slots.map((/** @type {any} */ slot) => {
      const start = Date.parse(slot.starts_at) / 60_000;
      const own = slot.price && slot.price.amount !== price?.amount ? [slot.price.amount] : [];
      return [start, slot.remaining, ...own];
    });
    const found = { slots, price, at: Date.now() };
    this.#kept.set(key(query, month), found);
    return found;
  }
}

/** @param {Query} query @param {string} month */
function key(query, month) {
  const { service, resource, duration, party_size, extras = "", pickup = "", dropoff = "" } = query;
  return [service, resource, duration, party_size, extras, pickup, dropoff, month].join("|");
}
