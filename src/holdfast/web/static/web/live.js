// What happens, as it happens: one stream by server-sent events or WebSocket, which comes back by itself and goes on
// where it was. docs/api/README.md says what is told to whom.
//
//   const live = new Live("/api/v1/paris-elite/events?service=city-tour");
//   live.addEventListener("availability-updated", (event) => …event.detail.data.dates…);
//   live.open();
// Events: each envelope by its `kind` and as `envelope`, `change` whenever a public field has changed, and `lost` when
// what was missed can't be told any more: ask for everything anew.
// @ts-check

/** @typedef {{ id: number, kind: string, at: string, data: Record<string, any> }} Envelope */
/** @typedef {"sse" | "ws"} Transport */
/** @typedef {"closed" | "connecting" | "open" | "waiting" | "paused" | "refused"} State */

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const HIDDEN_MS = 60_000;
// Nothing heard for so many heartbeats: the line is dead, whatever it says.
const PATIENCE = 2.5;
// After so many attempts without a word the other transport is tried: some proxies let only one through.
const ATTEMPTS = 2;
// Of a refusal that another attempt may meet no more.
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

// Which transport this device was told to use, on every page.
const CHOICE = "holdfast.transport";

/** The one that was chosen on this device, else server-sent events. @returns {Transport} */
export function chosenTransport() {
  try {
    return localStorage.getItem(CHOICE) === "ws" ? "ws" : "sse";
  } catch {
    return "sse"; // storage may be forbidden
  }
}

/** @param {Transport | null} transport null forgets what was chosen */
export function chooseTransport(transport) {
  try {
    if (transport) localStorage.setItem(CHOICE, transport);
    else localStorage.removeItem(CHOICE);
  } catch {
    // then it holds for this page
  }
}

export class Live extends EventTarget {
  /** @type {State} */
  state = "closed";
  /** @type {Transport} */
  transport;
  /** @type {number | null} */
  lastEventId;
  /** Milliseconds from what happened until it was heard here; null before anything was. @type {number | null} */
  latency = null;
  reconnects = 0;

  #address;
  #attempts = 0;
  #heartbeatMs = 15_000;
  /** How far this device's clock is ahead, at most. */
  #ahead = Infinity;
  /** Milliseconds that the server asked to wait. @type {number | null} */
  #wished = null;
  /** @type {(() => void) | null} ends the connection that is open */
  #hangUp = null;
  #turn = 0;
  #timer = 0;
  #watchdog = 0;
  #hidden = 0;

  /** @param {string} address of `…/events` with its query @param {{ transport?: Transport, lastEventId?: number | null }} [options] */
  constructor(address, { transport = chosenTransport(), lastEventId = null } = {}) {
    super();
    this.#address = address;
    this.transport = transport;
    this.lastEventId = lastEventId;
  }

  open() {
    if (this.state !== "closed" && this.state !== "refused") return;
    document.addEventListener("visibilitychange", this.#seen);
    window.addEventListener("pagehide", this.#pause);
    window.addEventListener("pageshow", this.#resume);
    window.addEventListener("online", this.#retry);
    this.#connect();
  }

  close() {
    document.removeEventListener("visibilitychange", this.#seen);
    window.removeEventListener("pagehide", this.#pause);
    window.removeEventListener("pageshow", this.#resume);
    window.removeEventListener("online", this.#retry);
    this.#leave("closed");
  }

  /** By this transport from now on. @param {Transport} transport */
  use(transport) {
    this.transport = transport;
    if (this.state === "closed" || this.state === "paused") return;
    this.#attempts = 0;
    this.#connect();
  }

  #connect() {
    this.#leave("connecting");
    const mine = this.#turn;
    const ended = (/** @type {unknown} */ why) => {
      if (mine === this.#turn) this.#ended(why);
    };
    const heard = (/** @type {string} */ text) => {
      if (mine === this.#turn) this.#heard(JSON.parse(text));
    };
    this.#watch();
    const connect = this.transport === "ws" ? bySocket : byEvents;
    this.#hangUp = connect(this.#addressNow(), { heard, ended });
  }

  /** @param {State} state */
  #leave(state) {
    this.#turn += 1;
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    this.#hangUp?.();
    this.#hangUp = null;
    this.#become(state);
  }

  #addressNow() {
    const url = new URL(this.#address, location.href);
    if (this.lastEventId !== null) url.searchParams.set("last_event_id", String(this.lastEventId));
    if (this.transport === "sse") return url;
    url.protocol = url.protocol.replace("http", "ws");
    url.pathname = url.pathname.replace(/\/events$/, "/ws");
    return url;
  }

  /** @param {Envelope} envelope */
  #heard(envelope) {
    this.lastEventId = envelope.id;
    this.#watch();
    const behind = Date.now() - Date.parse(envelope.at);
    if (envelope.kind === "hello") {
      this.#attempts = 0;
      this.#heartbeatMs = envelope.data.heartbeat_seconds * 1000;
    }
    if (envelope.kind === "hello" || envelope.kind === "heartbeat") this.#ahead = Math.min(this.#ahead, behind);
    else if (envelope.kind === "bye") this.#wished = envelope.data.retry_ms;
    else this.latency = Math.max(0, behind - this.#ahead);
    this.#become("open");
    for (const name of ["envelope", envelope.kind]) this.dispatchEvent(new CustomEvent(name, { detail: envelope }));
  }

  /** @param {unknown} why */
  #ended(why) {
    this.#hangUp = null;
    clearTimeout(this.#watchdog);
    if (why instanceof Refusal && !PASSING.has(why.status)) {
      if (why.code !== "unknown_event" || this.lastEventId === null) return this.#leave("refused");
      this.lastEventId = null;
      this.dispatchEvent(new Event("lost"));
    }
    this.#attempts += 1;
    this.reconnects += 1;
    if (!(why instanceof Refusal) && this.#attempts % ATTEMPTS === 0)
      this.transport = this.transport === "sse" ? "ws" : "sse";
    this.#become("waiting");
    const wished = why instanceof Refusal ? why.retryMs : this.#wished;
    this.#wished = null;
    this.#timer = window.setTimeout(() => this.#connect(), waitBefore(this.#attempts, wished));
  }

  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = window.setTimeout(() => {
      this.#leave("waiting");
      this.#ended(null);
    }, this.#heartbeatMs * PATIENCE);
  }

  /** @param {State} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }

  #seen = () => {
    clearTimeout(this.#hidden);
    if (document.visibilityState === "visible") this.#resume();
    else this.#hidden = window.setTimeout(this.#pause, HIDDEN_MS);
  };

  #pause = () => {
    if (this.state !== "refused") this.#leave("paused");
  };

  #resume = () => {
    if (this.state === "paused") this.#connect();
  };

  #retry = () => {
    if (this.state === "waiting") this.#connect();
  };
}

class Refusal extends Error {
  /** @param {number} status @param {string} code @param {number | null} retryMs */
  constructor(status, code, retryMs = null) {
    super(code);
    this.status = status;
    this.code = code;
    this.retryMs = retryMs;
  }
}

/** Exponential with full jitter; what the server wished goes before it. @param {number} attempt @param {number | null} wished */
function waitBefore(attempt, wished) {
  if (wished !== null) return wished;
  return Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
}

/** @typedef {{ heard: (text: string) => void, ended: (why: unknown) => void }} Line */

/** By fetch and not EventSource, which says nothing of a refusal. @param {URL} url @param {Line} line */
function byEvents(url, { heard, ended }) {
  const stop = new AbortController();
  readEvents(url, stop.signal, heard).then(ended, ended);
  return () => stop.abort();
}

/** @param {URL} url @param {AbortSignal} signal @param {(text: string) => void} heard */
async function readEvents(url, signal, heard) {
  const headers = { Accept: "text/event-stream" };
  const answer = await fetch(url, { headers, signal, cache: "no-store", credentials: "same-origin" });
  if (answer.status !== 200 || !answer.body) {
    const problem = await answer.json().catch(() => ({}));
    const seconds = Number(answer.headers.get("Retry-After"));
    throw new Refusal(answer.status, problem.code ?? "", seconds > 0 ? seconds * 1000 : null);
  }
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const pieces = (rest + value).split("\n\n");
    rest = pieces.pop() ?? "";
    for (const piece of pieces) {
      const said = piece.split("\n").find((text) => text.startsWith("data: "));
      if (said) heard(said.slice("data: ".length));
    }
  }
}

/** @param {URL} url @param {Line} line */
function bySocket(url, { heard, ended }) {
  const socket = new WebSocket(url);
  socket.addEventListener("message", (event) => heard(event.data));
  socket.addEventListener("close", ({ code, reason }) =>
    ended(code >= 4000 ? new Refusal(code - 4000, reason.split(":")[0]) : null),
  );
  return () => socket.close();
}
