// What this device knows of an organization when it cannot be reached: its catalog and free times, each with its age.
// @ts-check
import { dateIn } from "../web/dates.js";

const KEPT_AT = "Holdfast-Kept-At"; // written by worker.js
const DAYS = 14; // as worker.js asks ahead
const DAYS_UNSAID = 7; // as the API answers
const DAY_MS = 86_400_000;
/** @typedef {{ starts_at: string, at: string, price?: { amount: number, currency: string } }} Time */

/**
 * The catalog: the newest there is, else as the page was kept. `at`: since when it is known, "" for just now.
 * @param {{ catalog_url: string, catalog: any, at: string }} page
 * @returns {Promise<{ catalog: any, at: string, isBuiltIn: boolean }>}
 */
export async function catalogOf(page) {
  try {
    const answer = await fetch(page.catalog_url, { signal: AbortSignal.timeout(6000) });
    if (answer.ok) return { catalog: await answer.json(), at: answer.headers.get(KEPT_AT) ?? "", isBuiltIn: false };
  } catch {
    // nothing was kept but the page itself
  }
  return { catalog: page.catalog, at: page.at, isBuiltIn: true };
}

/**
 * What times are asked for: the service's own length and one person where nothing was chosen.
 * @typedef {{ service: string, resource: string, duration: number, party: number }} Wanted
 * @param {any} service of the catalog @param {Record<string, string>} values as chosen @returns {Wanted}
 */
export function wantedOf(service, values) {
  return {
    service: service.slug,
    resource: values.resource ?? "",
    duration: Number(values.duration) || service.durations_minutes[0],
    party: Number(values.party) || 1,
  };
}

/**
 * Free times that are still to come, as they are now, each with "" for since when it is known; null where no answer comes.
 * @param {{ api: string }} page @param {Wanted} wanted @param {number} standard the service's own length
 * @returns {Promise<Time[] | null>}
 */
export async function freshTimesOf(page, wanted, standard) {
  const asked = new URLSearchParams({ service: wanted.service, days: String(DAYS) }); // as worker.js asks ahead
  if (wanted.party > 1) asked.set("party_size", String(wanted.party));
  if (wanted.duration !== standard) asked.set("duration", String(wanted.duration));
  if (wanted.resource) asked.set("resource", wanted.resource);
  const answer = await fetch(`${page.api}/availability?${asked}`, { signal: AbortSignal.timeout(8000) }).catch(
    () => null,
  );
  return answer?.ok && !answer.headers.get(KEPT_AT) ? read(answer) : null;
}

/**
 * Free times that are still to come as far as this device knows, each with as of when; null where it knows none.
 * `isOther`: they were free for another length, number of people or person: of what is wanted nothing is known.
 * @param {{ org: string, zone: string }} page @param {Wanted} wanted @param {number} standard the service's own length
 * @returns {Promise<{ times: Time[], isOther: boolean } | null>}
 */
export async function keptTimesOf(page, wanted, standard) {
  const kept = await keptFor(page.org, wanted.service).catch(() => []);
  const isWanted = (/** @type {URLSearchParams} */ said) =>
    (said.get("resource") ?? "") === wanted.resource &&
    Number(said.get("duration") ?? standard) === wanted.duration &&
    Number(said.get("party_size") ?? 1) === wanted.party;
  const same = kept.filter(({ said }) => isWanted(said));
  const chosen = same.length ? same : kept;
  if (!chosen.length) return null;
  const times = await merged(chosen, page.zone);
  // What another length or number of people would cost says nothing of this.
  return same.length ? { times, isOther: false } : { times: times.map(({ price, ...time }) => time), isOther: true };
}

/** What was answered about a service, the newest first. @param {string} org @param {string} service */
async function keptFor(org, service) {
  const cache = await caches.open(`holdfast/${org}/answers`);
  const found = [];
  for (const request of (await cache.keys()).toReversed()) {
    const { pathname, searchParams: said } = new URL(request.url);
    if (!pathname.endsWith("/availability") || said.get("service") !== service) continue;
    if (said.get("extras") || said.get("type")) continue; // of what runs out, and of emergencies
    const answer = await cache.match(request);
    if (answer) found.push({ said, answer });
  }
  return found;
}

/** Of each day what was said last. @param {{ said: URLSearchParams, answer: Response }[]} answers the newest first @param {string} zone */
async function merged(answers, zone) {
  /** @type {Time[]} */
  const times = [];
  /** @type {Set<string>} */
  const known = new Set();
  for (const { said, answer } of answers) {
    const first = said.get("from") ?? dateIn(answer.headers.get(KEPT_AT) ?? new Date(), zone);
    const days = daysFrom(first, Number(said.get("days") ?? DAYS_UNSAID));
    const isNew = (/** @type {Time} */ { starts_at: at }) => !known.has(dateIn(at, zone));
    times.push(...(await read(answer)).filter(isNew));
    for (const day of days) known.add(day);
  }
  return times.sort((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at));
}

/** @param {string} first YYYY-MM-DD @param {number} count */
function daysFrom(first, count) {
  const start = Date.parse(`${first}T00:00:00Z`);
  return Array.from({ length: count }, (_, number) => new Date(start + number * DAY_MS).toISOString().slice(0, 10));
}

/** @param {Response} answer @returns {Promise<Time[]>} */
async function read(answer) {
  const { slots } = await answer.json();
  const at = answer.headers.get(KEPT_AT) ?? "";
  const times = slots.map((/** @type {Time} */ { starts_at, price }) => ({ starts_at, price, at }));
  return times.filter((/** @type {Time} */ each) => Date.parse(each.starts_at) > Date.now());
}
