// The service worker of one organization's pages: what it keeps, what it asks for first, and what it never keeps
// (docs/offline.md). It is a module; `sw.js`, which the server writes, says what belongs to the shell.
// @ts-check
import { forgetThere, isDue, notesOf } from "./forgetting.js";
import { lateAnswers, within } from "./patience.js";
import { nextAttempt } from "./queue.js";
import { flush, SYNC_TAG } from "./sender.js";

/**
 * @typedef {{ org: string, version: string, scope: string, api: string, catalog: string, offline: string, settings: string,
 *   mine: string, personal: string[], patience_ms: number, language: string, languages: string[], files: string[] }} Shell
 */

const worker = /** @type {ServiceWorkerWorld} */ (/** @type {unknown} */ (self));
const KEPT_AT = "Holdfast-Kept-At";
const MOST_ANSWERS = 40;
const LONGEST_KEPT_MS = 7 * 86_400_000;
const WARM_EVERY_MS = 15 * 60_000;
const MOST_WARMED = 4;
const UNREACHABLE = new Set([502, 503, 504]);
// What an address may say of a choice; none of it is about a person.
const CHOICE = ["service", "resource", "duration", "party", "extras", "pickup", "dropoff", "date", "at"];

/** @param {Shell} shell */
export function serve(shell) {
  const names = {
    shell: `holdfast/${shell.org}/shell/${shell.version}`,
    answers: `holdfast/${shell.org}/answers`,
    notes: notesOf(shell.org),
  };
  const late = lateAnswers();
  let language = "";

  worker.addEventListener("install", (event) => event.waitUntil(install()));
  worker.addEventListener("activate", (event) => event.waitUntil(activate()));
  worker.addEventListener("fetch", onFetch);
  worker.addEventListener("message", (event) => {
    if (event.data?.kind === "take-over") void worker.skipWaiting();
    if (event.data?.kind === "warm") event.waitUntil(warm(event.data));
  });
  worker.addEventListener("sync", (event) => {
    if (event.tag === SYNC_TAG) event.waitUntil(sync(event.lastChance));
  });

  async function install() {
    const cache = await caches.open(names.shell);
    const paths = [shell.offline, shell.settings, shell.mine];
    const pages = shell.languages.flatMap((each) => paths.map((path) => pageIn(path, each)));
    const asked = [...shell.files, ...pages].map((url) => new Request(url, { cache: "no-cache", credentials: "omit" }));
    await cache.addAll(asked);
  }

  async function activate() {
    const old = `holdfast/${shell.org}/shell/`;
    for (const name of await caches.keys()) if (name.startsWith(old) && name !== names.shell) await caches.delete(name);
    await worker.registration.navigationPreload?.enable();
    await worker.clients.claim();
  }

  /** @param {boolean} isLast */
  async function sync(isLast) {
    const left = await flush(shell.org, { all: true });
    if (nextAttempt(left) !== null && !isLast) throw new Error("some bookings still wait: the browser asks again");
  }

  /** @param {WorkerFetchEvent} event */
  function onFetch(event) {
    const { request } = event;
    const url = new URL(request.url);
    if (url.origin !== location.origin) return;
    if (request.mode === "navigate") event.respondWith(request.method === "GET" ? page(event, url) : sent(event, url));
    else if (request.method !== "GET") return;
    else if (shell.files.includes(url.pathname)) event.respondWith(fileOf(request));
    else if (url.pathname === `${shell.api}/availability`) event.respondWith(freshElseKept(event));
    else if (url.pathname === shell.catalog) event.respondWith(keptThenFresh(event));
  }

  /** Its name has its content's hash: what is kept is right. @param {Request} request */
  async function fileOf(request) {
    const cache = await caches.open(names.shell);
    return (await cache.match(request)) ?? fetch(request);
  }

  /**
   * From the network, and kept nowhere. Without an answer, or where none comes in time, the page that works without;
   * should the answer come after all, that page is told, and gets it when it asks again.
   * @param {WorkerFetchEvent} event @param {URL} url
   */
  async function page(event, url) {
    const { request } = event;
    const known = (await isDue(shell.org)) ? undefined : late.take(request.url);
    const coming = known ? Promise.resolve(known) : fromNetwork(event);
    const answer = await within(shell.patience_ms, coming);
    if (answer && !UNREACHABLE.has(answer.status)) {
      await noteLanguage(answer.headers.get("Content-Language"));
      return answer;
    }
    const kept = await shellPage(url);
    if (!kept) return coming;
    if (!answer) event.waitUntil(handOver(event, coming));
    return kept;
  }

  /** @param {WorkerFetchEvent} event @param {Promise<Response>} coming */
  async function handOver(event, coming) {
    const answer = await coming.catch(() => undefined);
    if (!answer || UNREACHABLE.has(answer.status)) return;
    late.keep(event.request.url, answer);
    const client = await worker.clients.get(event.resultingClientId);
    client?.postMessage({ kind: "answered" });
  }

  /** A form is sent once, and waited for as long as it takes. @param {WorkerFetchEvent} event @param {URL} url */
  async function sent(event, url) {
    const spare = event.request.clone();
    try {
      const answer = await fromNetwork(event);
      await noteLanguage(answer.headers.get("Content-Language"));
      return answer;
    } catch {
      return Response.redirect(isPersonal(url) ? readAgain(url) : await wayOnFrom(spare), 303);
    }
  }

  /** @param {WorkerFetchEvent} event @returns {Promise<Response>} */
  async function fromNetwork(event) {
    return (await anew(event)) ?? (await event.preloadResponse) ?? (await fetch(event.request));
  }

  /**
   * The page asked for anew where this device was cleared and the server could not be told: nobody sees what it still
   * keeps for this browser. Nothing where nothing is due. @param {WorkerFetchEvent} event
   */
  async function anew(event) {
    if (!(await isDue(shell.org))) return undefined;
    event.waitUntil(Promise.resolve(event.preloadResponse).catch(() => undefined));
    if (!(await forgetThere(shell.org))) throw new Error("the server still keeps what was cleared here");
    return fetch(event.request);
  }

  /** @param {URL} url @returns {Promise<Response | undefined>} */
  async function shellPage(url) {
    const cache = await caches.open(names.shell);
    const wanted = url.searchParams.get("language") ?? (await notedLanguage());
    const spoken = shell.languages.includes(wanted) ? wanted : shell.language;
    const path = url.pathname === shell.settings ? shell.settings : isPersonal(url) ? shell.mine : shell.offline;
    return cache.match(pageIn(path, spoken), { ignoreVary: true });
  }

  /** Whether the page is about somebody's bookings: in its place none is offered. @param {URL} url */
  function isPersonal({ pathname }) {
    return shell.personal.some((each) => (each.endsWith("/") ? pathname.startsWith(each) : pathname === each));
  }

  /** Where one reads how it stands after something was sent whose answer is lost. @param {URL} url */
  function readAgain({ pathname, origin }) {
    const above = pathname.slice(0, pathname.lastIndexOf("/") + 1);
    const [, org, room, step] = pathname.split("/");
    if (room === "portal") return new URL(`/${org}/portal/#sent`, origin).href;
    const path = room === "booking" && step !== "offer" ? `/${org}/booking/confirmation` : above;
    return new URL(`${path}#sent`, origin).href;
  }

  /** Where a form that could not be sent goes on, with what was chosen. @param {Request} request */
  async function wayOnFrom(request) {
    const url = new URL(request.url);
    const sent = await request.formData().catch(() => new FormData());
    const choice = new URLSearchParams();
    for (const name of CHOICE) {
      const value = url.searchParams.get(name) ?? sent.get(name);
      if (typeof value === "string" && value) choice.set(name, value);
    }
    choice.set("from", url.pathname.split("/").at(-1) ?? "");
    return new URL(`${shell.offline}?${choice}`, location.origin).href;
  }

  /** @param {string | null} spoken */
  async function noteLanguage(spoken) {
    if (!spoken || spoken === language || !shell.languages.includes(spoken)) return;
    language = spoken;
    const notes = await caches.open(names.notes);
    await notes.put("/language", new Response(spoken));
  }

  async function notedLanguage() {
    if (language) return language;
    const noted = await (await caches.open(names.notes)).match("/language");
    return (await noted?.text()) ?? shell.language;
  }

  /** Free times: what is true now, else the last answer with its date. @param {WorkerFetchEvent} event */
  async function freshElseKept(event) {
    const { request } = event;
    try {
      const answer = await fetch(request, { signal: AbortSignal.timeout(shell.patience_ms) });
      if (UNREACHABLE.has(answer.status)) return (await keptAnswer(event)) ?? answer;
      event.waitUntil(keepAnswer(request.url, answer.clone()));
      return answer;
    } catch (error) {
      const kept = await keptAnswer(event);
      if (kept) return kept;
      throw error;
    }
  }

  /** @param {WorkerFetchEvent} event */
  async function keptAnswer(event) {
    const kept = await (await caches.open(names.answers)).match(event.request.url);
    const at = kept?.headers.get(KEPT_AT);
    if (!kept || !at || Date.now() - Date.parse(at) > LONGEST_KEPT_MS) return undefined;
    const client = await worker.clients.get(event.clientId);
    client?.postMessage({ kind: "kept", at });
    return kept;
  }

  /** The catalog: at once what is known, and the newest for the next time. @param {WorkerFetchEvent} event */
  async function keptThenFresh(event) {
    const url = event.request.url;
    const kept = await (await caches.open(names.answers)).match(url);
    const fresh = fetch(event.request).then(async (answer) => {
      await keepAnswer(url, answer.clone());
      return answer;
    });
    if (!kept) return fresh;
    event.waitUntil(fresh.catch(() => undefined));
    return kept;
  }

  /** @param {string} url @param {Response} answer */
  async function keepAnswer(url, answer) {
    if (!answer.ok || /no-store|private/.test(answer.headers.get("Cache-Control") ?? "")) return;
    const headers = new Headers({ "Content-Type": answer.headers.get("Content-Type") ?? "application/json" });
    headers.set(KEPT_AT, new Date().toISOString());
    const kept = new Response(await answer.blob(), { headers }); // whole, or what was kept before stays
    const cache = await caches.open(names.answers);
    await cache.delete(url); // so that the newest stand last
    await cache.put(url, kept);
    const all = await cache.keys();
    for (const old of all.slice(0, Math.max(0, all.length - MOST_ANSWERS))) await cache.delete(old);
  }

  /**
   * Asks ahead for what is looked at without a connection: the catalog, and the free times of the service that is
   * looked at, or of the first few. @param {{ language: string, service?: string }} wanted
   */
  async function warm(wanted) {
    if (!(await shellPage(new URL(shell.offline, location.origin)))) await install(); // cleared, and visited again
    await noteLanguage(wanted.language);
    const cache = await caches.open(names.answers);
    const isOld = async (/** @type {string} */ url) => {
      const at = (await cache.match(url))?.headers.get(KEPT_AT);
      return !at || Date.now() - Date.parse(at) > WARM_EVERY_MS;
    };
    const ask = async (/** @type {string} */ url) => {
      if (await isOld(url)) await keepAnswer(url, await fetch(url, { credentials: "omit" }));
    };
    const address = (/** @type {string} */ path) => new URL(path, location.origin).href;
    const catalog = address(pageIn(shell.catalog, wanted.language));
    await ask(catalog);
    const known = await (await cache.match(catalog))?.json();
    /** @type {string[]} */
    const services = wanted.service
      ? [wanted.service]
      : (known?.services ?? []).map((/** @type {any} */ each) => each.slug);
    for (const service of services.slice(0, MOST_WARMED))
      await ask(address(`${shell.api}/availability?service=${encodeURIComponent(service)}&days=14`));
  }
}

/** @param {string} path @param {string} language */
function pageIn(path, language) {
  return `${path}?language=${encodeURIComponent(language)}`;
}
