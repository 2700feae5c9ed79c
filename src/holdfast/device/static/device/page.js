// On every page of an organization: registers its service worker, says when there is no connection and how old what one
// sees is, offers a new version, and sends what waits. Nothing here is needed for the page to work.
// @ts-check
import { toast } from "../web/toast.js";
import { fill } from "../web/words.js";
import { onBothClocks } from "./clocks.js";

const bar = document.getElementById("device");
const said = /** @type {Record<string, string>} */ ({ ...bar?.dataset });
const org = said.org;
const clocks = { locale: said.locale, zone: said.zone, zone_name: said.zoneName, clocks: { both: said.bothClocks } };
let keptAt = "";
let counted = { waiting: 0, asking: 0 };

function draw() {
  const words = bar?.querySelector("p");
  const link = bar?.querySelector("a");
  if (!bar || !words || !link) return;
  const saysItself = document.querySelector("#offline, #mine") !== null;
  const offline = !saysItself && (!navigator.onLine || keptAt !== "");
  words.textContent = offline ? (keptAt ? fill(said.kept, { time: onBothClocks(keptAt, clocks) }) : said.offline) : "";
  const { waiting, asking } = counted;
  link.textContent = [asking && `${said.asking} (${asking})`, waiting && `${said.waiting} (${waiting})`]
    .filter(Boolean)
    .join(" · ");
  link.hidden = !waiting && !asking;
  bar.hidden = !offline && link.hidden;
  bar.toggleAttribute("data-offline", offline);
}

async function register() {
  const scope = `/${org}/`;
  const registration = await navigator.serviceWorker.register(`${scope}sw.js`, { type: "module", scope });
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && navigator.serviceWorker.controller) offer(coming);
    });
  });
  await navigator.serviceWorker.ready;
  warm(registration);
}

/** @param {ServiceWorkerRegistration} registration */
function warm(registration) {
  const { pathname, searchParams } = new URL(location.href);
  const saves = /** @type {any} */ (navigator).connection?.saveData === true;
  const shown = pathname === `/${org}/booking` ? searchParams.get("service") : pathname === `/${org}/` ? "" : null;
  if (shown === null || saves || !navigator.onLine) return;
  registration.active?.postMessage({ kind: "warm", language: said.language, service: shown || undefined });
}

/** A new version is offered, never put under the hands of somebody who types. @param {ServiceWorker} coming */
function offer(coming) {
  if (document.activeElement?.matches("input, textarea, select")) {
    document.activeElement.addEventListener("blur", () => setTimeout(() => offer(coming)), { once: true });
    return;
  }
  const run = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    coming.postMessage({ kind: "take-over" });
  };
  toast(said.update, { action: { label: said.reload, run }, seconds: 0 });
}

/** @param {{ all?: boolean }} [options] */
async function send(options) {
  const { flush } = await import("./sender.js");
  count(await flush(org, options));
}

let timer = 0;
/** @param {import("./queue.js").Item[]} kept */
async function count(kept) {
  const { counts, nextAttempt } = await import("./queue.js");
  counted = counts(kept);
  draw();
  clearTimeout(timer);
  const next = nextAttempt(kept);
  if (next !== null && navigator.onLine) timer = window.setTimeout(() => void send(), Math.max(500, next - Date.now()));
}

/** What another tab or the service worker did. @param {any} message */
async function heard(message) {
  if (message.kind === "cleared") return forgetHere();
  const { items } = await import("./queue.js");
  await count(await items(org));
  if (message.kind !== "item" || document.getElementById("queue")) return; // that page shows it itself
  const action = { label: said.look, run: () => location.assign(said.settings) };
  if (message.state === "sent") toast(fill(said.sent, { reference: message.reference }), { action, seconds: 0 });
  if (message.state === "conflict" || message.state === "wrong") toast(said.refused, { action, seconds: 0 });
}

/** Another tab has cleared the device: nothing that was typed or shown stays in this one. */
async function forgetHere() {
  const { forgetTyped } = await import("./typed.js");
  forgetTyped(org);
  if (!document.getElementById("queue")) location.reload();
}

/** What could not be ended on the server when the device was cleared; where no service worker has seen to it before. */
async function endWhatIsDue() {
  const { forgetThere, isDue } = await import("./forgetting.js");
  if (!(await isDue(org)) || !(await forgetThere(org))) return;
  const { tell } = await import("./sender.js");
  tell(org, { kind: "cleared" });
}

/** The time that is held for this tab, for a booking that has to wait: `device/offline.js` reads it. */
function noteHold() {
  const held = document.querySelector("[data-hold]");
  if (!(held instanceof HTMLElement)) return;
  try {
    sessionStorage.setItem(`holdfast.hold.${org}`, JSON.stringify({ id: held.dataset.hold, at: held.dataset.holdAt }));
  } catch {
    // storage may be forbidden; then the time is asked for anew
  }
}

if (bar && org) {
  noteHold();
  draw();
  void endWhatIsDue();
  window.addEventListener("offline", draw);
  window.addEventListener("online", () => {
    keptAt = "";
    draw();
    void endWhatIsDue();
    void send({ all: true });
  });
  new BroadcastChannel(`holdfast/${org}`).addEventListener("message", (event) => void heard(event.data));
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data?.kind !== "kept") return;
    keptAt = event.data.at;
    draw();
  });
  const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ run) => window.setTimeout(run, 300));
  const start = () =>
    idle(() => {
      if (navigator.serviceWorker) register().catch(() => undefined); // without one, the pages work as ever
      void send().catch(() => undefined);
    });
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start, { once: true });
}
