// <holdfast-booking org="…" service="…" lang="…">: an organization's booking pages inside another site's page.
// It needs nothing of that page: its own shadow tree, styles without inline text (a strict policy lets them pass), and
// one frame that can run its scripts, send its forms and open new tabs, but never lead this page elsewhere.
// @ts-check

/**
 * @typedef {{ title: string, loading: string, blocked: string, offline: string, retry: string, open: string }} Words
 * @typedef {{ org: string, name: string, language: string, words: Record<string, Words> }} Told
 */

// allow-same-origin: the frame is the booking system's own origin, and its cookies are needed to hold a time. It is
// never this page's origin, so the frame cannot take its own sandbox off.
const SANDBOX =
  "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads";
// A page of ours speaks while it loads. What has loaded and is silent is the browser's own word that it may not be shown.
const SILENT_MS = 1500;
const LONGEST_MS = 20_000;
const LEAST_PX = 320;
const MOST_PX = 20_000;
const PASSED_ON = ["service", "resource", "duration", "party", "date", "pickup", "dropoff"];
const STYLES = `
  :host { display: block; }
  :host([hidden]) { display: none; }
  iframe { display: block; inline-size: 100%; border: 0; block-size: var(--holdfast-height, 640px); color-scheme: normal; }
  .says { display: grid; gap: 12px; justify-items: start; padding: 24px; border: 1px solid currentColor; border-radius: 8px;
    font: inherit; }
  .says[hidden], iframe[hidden] { display: none; }
  .says p { margin: 0; }
  a, button { font: inherit; color: inherit; min-block-size: 24px; }
  button { padding: 8px 16px; cursor: pointer; }
`;

/** By organization. @type {Map<string, Told & { script: string }>} */
const offered = new Map();
let usual = "";

/** @param {string} script where the organization's own line came from @param {Told} told */
export function offer(script, told) {
  offered.set(told.org, { ...told, script });
  usual ||= told.org;
  if (!customElements.get("holdfast-booking")) customElements.define("holdfast-booking", HoldfastBooking);
}

class HoldfastBooking extends HTMLElement {
  static observedAttributes = ["org", "lang", ...PASSED_ON];

  /** @type {HTMLIFrameElement | null} */
  #frame = null;
  #origin = "";
  #silence = 0;
  #stop = new AbortController();

  connectedCallback() {
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLES);
    root.adoptedStyleSheets = [sheet];
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    window.addEventListener("message", (event) => this.#hear(event), { signal });
    window.addEventListener("online", () => this.dataset.state === "offline" && this.#show(), { signal });
    this.#show();
  }

  disconnectedCallback() {
    this.#stop.abort();
    clearTimeout(this.#silence);
  }

  attributeChangedCallback() {
    if (this.isConnected && this.shadowRoot) this.#show();
  }

  /** The organization's own script, if this page has loaded it. */
  get #told() {
    return offered.get(this.getAttribute("org") || usual);
  }

  /** @returns {Words & { language: string }} */
  get #words() {
    const told = /** @type {Told} */ (this.#told ?? offered.get(usual));
    const near = this.closest("[lang]")?.getAttribute("lang") ?? document.documentElement.lang;
    const asked = (this.getAttribute("lang") || near).slice(0, 2).toLowerCase();
    const language = told.words[asked] ? asked : told.language;
    return { ...told.words[language], language };
  }

  /** The page that is shown, and that a new tab opens. */
  get #address() {
    const told = this.#told ?? offered.get(usual);
    const base = new URL(`../${this.getAttribute("org") || usual}/`, told?.script);
    const chosen = PASSED_ON.filter((name) => this.getAttribute(name));
    const page = new URL("booking", base);
    for (const name of chosen) page.searchParams.set(name, this.getAttribute(name) ?? "");
    page.searchParams.set("lang", this.#words.language);
    return page;
  }

  #show() {
    const page = this.#address;
    this.#origin = page.origin;
    if (!navigator.onLine) return this.#say("offline");
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", SANDBOX);
    frame.allow = "payment";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.title = this.#words.title;
    frame.addEventListener("load", () => this.#loaded());
    frame.src = page.href;
    this.#frame = frame;
    this.#say("loading");
    this.#wait(LONGEST_MS);
  }

  /** @param {number} ms */
  #wait(ms) {
    clearTimeout(this.#silence);
    this.#silence = window.setTimeout(() => void this.#explain(), ms);
  }

  /** Whoever is in the frame learns who asks, if it is who we think. */
  #greet() {
    this.#frame?.contentWindow?.postMessage({ holdfast: "hello" }, this.#origin);
  }

  #loaded() {
    this.#greet();
    if (this.dataset.state === "loading") this.#wait(SILENT_MS);
  }

  /** @param {MessageEvent} event */
  #hear(event) {
    if (event.origin !== this.#origin || event.source !== this.#frame?.contentWindow) return;
    const { holdfast: what, height, reference } = event.data ?? {};
    if (what === "ready") this.#greet();
    if (what === "height" && Number.isFinite(height)) {
      const within = Math.min(Math.max(Math.ceil(height), LEAST_PX), MOST_PX);
      this.style.setProperty("--holdfast-height", `${within}px`);
      this.#say("shown");
    }
    if (what === "page" && this.getBoundingClientRect().top < 0) this.scrollIntoView({ block: "start" });
    if (what === "booked") {
      const detail = { reference: String(reference) };
      this.dispatchEvent(new CustomEvent("holdfast-booked", { detail, bubbles: true, composed: true }));
    }
  }

  /** Nobody answers: whether there is no connection, or the frame is not allowed here. */
  async #explain() {
    if (this.dataset.state !== "loading") return;
    const script = this.#told?.script ?? "";
    const reached = await fetch(script, { cache: "no-store" }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (this.dataset.state === "loading") this.#say(reached ? "blocked" : "offline");
  }

  /** @param {"loading" | "shown" | "blocked" | "offline"} state */
  #say(state) {
    this.dataset.state = state;
    clearTimeout(this.#silence);
    const root = this.shadowRoot;
    if (!root) return;
    if (state === "shown") {
      root.querySelector(".says")?.remove();
      this.removeAttribute("aria-busy");
      return;
    }
    const words = this.#words;
    const text = document.createElement("p");
    text.textContent = words[state];
    const box = document.createElement("div");
    box.className = "says";
    box.setAttribute("role", state === "loading" ? "status" : "alert");
    box.append(text);
    if (state === "loading") this.setAttribute("aria-busy", "true");
    else {
      this.removeAttribute("aria-busy");
      box.append(this.#way(words.open));
      if (state === "offline") box.append(this.#again(words.retry));
    }
    root.replaceChildren(box, ...(state === "loading" && this.#frame ? [this.#frame] : []));
  }

  /** @param {string} words */
  #way(words) {
    const link = document.createElement("a");
    link.href = this.#address.href;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = words;
    return link;
  }

  /** @param {string} words */
  #again(words) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => this.#show());
    return button;
  }
}
