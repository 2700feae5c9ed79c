// Clears this device of one organization: what it keeps itself, and what the server keeps for this browser.
// @ts-check
import { forgetThere, noteDue, notesOf } from "./forgetting.js";
import { clear } from "./queue.js";
import { tell } from "./sender.js";
import { forgetTyped } from "./typed.js";

/**
 * Whether the server's part is ended, too. Else it is noted, and done before the next page comes from there; the
 * service worker stays until then, for it sees to that.
 * @param {string} org
 */
export async function clearAll(org) {
  await noteDue(org);
  await clear(org);
  forgetTyped(org);
  const kept = (await globalThis.caches?.keys()) ?? [];
  for (const name of kept) if (name.startsWith(`holdfast/${org}/`) && name !== notesOf(org)) await caches.delete(name);
  const isEnded = await forgetThere(org);
  if (isEnded) {
    await globalThis.caches?.delete(notesOf(org));
    await (await navigator.serviceWorker?.getRegistration())?.unregister();
  }
  tell(org, { kind: "cleared" });
  return isEnded;
}
