// The live connection of this device, as it is: by which way, in which state, what was heard last and how late.
// @ts-check
import { chooseTransport, Live } from "../web/live.js";
import { html, render } from "../web/vendor/lit-core.min.js";
import { fill, many } from "../web/words.js";
import { icon } from "./controls.js";

/** @typedef {import("../web/live.js").Envelope} Envelope */

const MINE = "?scope=customer";
const SPOKEN_BY_ITSELF = ["hello", "heartbeat", "bye"];
const page = JSON.parse(document.getElementById("device-data")?.textContent ?? "{}");
const texts = page.texts.live;
const root = /** @type {HTMLElement} */ (document.getElementById("live"));
const address = `${page.api}/events`;

/** @type {{ value: string, words: string }[]} */
let choices = [{ value: MINE, words: texts.mine }];
let chosen = MINE;
/** @type {Live | null} */
let live = null;
/** @type {{ kind: string, at: number } | null} */
let last = null;
let heardAt = 0;

function draw() {
  if (!live) return;
  const now = live; // what is drawn is of this one
  const other = now.transport === "sse" ? "ws" : "sse";
  const words = fill(texts.use, { transport: texts.transports[other] });
  render(
    html`<div class="field"><label class="field-label" for="live-of">${texts.of}</label>
      <div class="select"><select class="input" id="live-of" @change=${(/** @type {any} */ event) => listen(event.target.value)}>
        ${choices.map((each) => html`<option value=${each.value} ?selected=${each.value === chosen}>${each.words}</option>`)}</select>${icon("chevron-down")}</div></div>
    <dl class="device-facts">${rows(now).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
    <div class="actions"><button class="button" type="button" id="live-switch" @click=${() => use(other)}>${words}</button></div>`,
    root,
  );
}

/** @param {Live} now @returns {[string, unknown][]} */
function rows({ transport, state, latency, reconnects }) {
  const time = new Intl.DateTimeFormat(page.locale, { timeStyle: "medium" });
  const inMs = new Intl.NumberFormat(page.locale, { style: "unit", unit: "millisecond", maximumFractionDigits: 0 });
  const kind = last && (texts.kinds[last.kind] ?? texts.kinds.booking);
  return [
    [texts.transport, texts.transports[transport]],
    [texts.state, html`<span data-state=${state}>${texts.states[state]}</span>`],
    [texts.last_event, last ? `${kind}, ${time.format(last.at)}` : texts.no_event],
    [texts.heard, heardAt ? time.format(heardAt) : texts.unknown],
    [texts.latency, latency === null ? texts.unknown : inMs.format(latency)],
    [texts.reconnects, reconnects ? many(texts.times, reconnects, page.locale) : fill(texts.times.other, { count: 0 })],
  ];
}

/** @param {import("../web/live.js").Transport} transport */
function use(transport) {
  chooseTransport(transport);
  live?.use(transport);
}

/** @param {string} query */
function listen(query) {
  live?.close();
  [chosen, last, heardAt] = [query, null, 0];
  live = new Live(address + query);
  live.addEventListener("change", draw);
  live.addEventListener("envelope", (event) => {
    /** @type {Envelope} */
    const { kind } = /** @type {CustomEvent} */ (event).detail;
    heardAt = Date.now();
    if (!SPOKEN_BY_ITSELF.includes(kind)) last = { kind, at: heardAt };
    draw();
  });
  live.open();
}

async function start() {
  const answer = await fetch(page.catalog_url).catch(() => null);
  /** @type {{ slug: string, name: string }[]} */
  const services = answer?.ok ? (await answer.json()).services : [];
  const each = services.map(({ slug, name }) => ({
    value: `?service=${encodeURIComponent(slug)}`,
    words: fill(texts.times_of, { service: name }),
  }));
  choices = [...each, ...choices];
  listen(choices[0].value);
}

void start();
