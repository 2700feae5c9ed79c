// What this device knows of an organization when it cannot be reached: its catalog and free times, each with its age.
// @ts-check

const KEPT_AT = "Holdfast-Kept-At"; // written by worker.js
/** @typedef {{ starts_at: string, price?: { amount: number, currency: string } }} Time */

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
 * Free times that are still to come. `at`: as of when, "" for just now; null where none are known.
 * @param {{ org: string, api: string }} page @param {string} service
 * @returns {Promise<{ times: Time[], at: string } | null>}
 */
export async function timesOf(page, service) {
  const url = `${page.api}/availability?service=${encodeURIComponent(service)}&days=14`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(8000) }).catch(() => null);
  if (answer?.ok) return read(answer);
  const kept = await newestKept(page.org, service).catch(() => null);
  return kept && read(kept);
}

/** Other months that were looked at. @param {string} org @param {string} service */
async function newestKept(org, service) {
  const cache = await caches.open(`holdfast/${org}/answers`);
  for (const request of (await cache.keys()).reverse()) {
    const { pathname, searchParams } = new URL(request.url);
    if (!pathname.endsWith("/availability") || searchParams.get("service") !== service) continue;
    if (searchParams.get("resource") || searchParams.get("extras")) continue;
    return (await cache.match(request)) ?? null;
  }
  return null;
}

/** @param {Response} answer */
async function read(answer) {
  const { slots } = await answer.json();
  const times = slots.filter((/** @type {Time} */ each) => Date.parse(each.starts_at) > Date.now());
  return { times, at: answer.headers.get(KEPT_AT) ?? "" };
}
