// <hold-countdown>: the time a hold still has, quietly. Spoken only at the start, at two minutes and at thirty seconds.
//
// <hold-countdown class="countdown" until="2026-03-12T13:10:00Z" now="2026-03-12T13:00:00Z"
//   text-left="Held for you for {time}" text-ended="…" say-start="… {minutes} …" say-near="…" say-last="…"></hold-countdown>
// `now` is the server's clock when the page was made: a device whose clock is wrong still counts right.
// Fires `countdown-near` (two minutes left) and `countdown-end`, both bubbling.
// @ts-check

const NEAR_S = 120;
const LAST_S = 30;

export class HoldCountdown extends HTMLElement {
  static observedAttributes = ["until"];

  /** Milliseconds the server's clock is ahead of this device's. */
  #ahead = 0;
  #end = 0;
  #timer = 0;
  #shown = document.createElement("span");
  #spoken = document.createElement("span");
  /** @type {Set<string>} */
  #said = new Set();

  connectedCallback() {
    const serverNow = Date.parse(this.getAttribute("now") ?? "");
    this.#ahead = Number.isNaN(serverNow) ? 0 : serverNow - Date.now();
    this.#spoken.className = "visually-hidden";
    this.#spoken.setAttribute("role", "status");
    this.#shown.setAttribute("role", "timer");
    this.#shown.setAttribute("aria-live", "off");
    for (const old of this.querySelectorAll(":scope > span")) old.remove();
    this.append(this.#shown, this.#spoken);
    this.#restart();
    document.addEventListener("visibilitychange", this.#tick);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#tick);
  }

  attributeChangedCallback() {
    if (this.isConnected && this.#end) this.#restart();
  }

  /** Seconds left, 0 when over. */
  get secondsLeft() {
    return Math.max(0, Math.ceil((this.#end - Date.now() - this.#ahead) / 1000));
  }

  #restart() {
    this.#end = Date.parse(this.getAttribute("until") ?? "");
    if (Number.isNaN(this.#end)) return;
    this.#said.clear();
    this.removeAttribute("data-ended");
    this.#tick();
    if (this.secondsLeft > NEAR_S) this.#say("say-start");
  }

  #tick = () => {
    clearTimeout(this.#timer);
    const left = this.secondsLeft;
    this.toggleAttribute("data-near", left > 0 && left <= NEAR_S);
    if (left === 0) {
      this.#finish();
      return;
    }
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    this.#shown.textContent = (this.getAttribute("text-left") ?? "{time}").replace("{time}", clock);
    if (left <= LAST_S) this.#say("say-last");
    else if (left <= NEAR_S && this.#say("say-near")) this.#fire("countdown-near");
    this.#timer = window.setTimeout(this.#tick, 1000 - ((Date.now() + this.#ahead) % 1000));
  };

  #finish() {
    if (this.hasAttribute("data-ended")) return;
    this.setAttribute("data-ended", "");
    this.#shown.textContent = this.getAttribute("text-ended") ?? "";
    this.#spoken.textContent = this.#shown.textContent;
    this.#fire("countdown-end");
  }

  /** Speaks one text once. @param {string} name @returns {boolean} whether it was said now */
  #say(name) {
    if (this.#said.has(name)) return false;
    this.#said.add(name);
    const text = this.getAttribute(name);
    if (text) this.#spoken.textContent = text.replace("{minutes}", String(Math.ceil(this.secondsLeft / 60)));
    return true;
  }

  /** @param {string} name */
  #fire(name) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  }
}

customElements.define("hold-countdown", HoldCountdown);
