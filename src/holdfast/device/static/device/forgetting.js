// What the server keeps for this browser, ended from here: now, or as soon as it can be reached (docs/offline.md).
// @ts-check

const PATIENCE_MS = 8000;
const NOTE = "/forget";
/** Where the device notes what it still has to do. @param {string} org */
export const notesOf = (org) => `holdfast/${org}/notes`;

/** Whether it is still to be ended there. @param {string} org */
export async function isDue(org) {
  return (await globalThis.caches?.match(NOTE, { cacheName: notesOf(org) }).catch(() => undefined)) !== undefined;
}

/** @param {string} org */
export async function noteDue(org) {
  await (await globalThis.caches?.open(notesOf(org)))?.put(NOTE, new Response("due"));
}

/**
 * Gives the held time back, forgets what was typed and booked in this browser, signs its customer out. Whether it is
 * done; a refusal is as good: then nothing is kept there for this browser.
 * @param {string} org
 */
export async function forgetThere(org) {
  const url = `/${org}/booking/forget`;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    const asked = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store", signal });
    const { token = "" } = asked.ok ? await asked.json() : {};
    const ended = await fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, signal });
    if (ended.status === 429 || ended.status >= 500) return false;
  } catch {
    return false;
  }
  await (await globalThis.caches?.open(notesOf(org)))?.delete(NOTE);
  return true;
}
