// What this device keeps and still has to send: each booking with its state and what can be done about it.
// @ts-check
import { formatInstant } from "../web/dates.js";
import { chooseTransport } from "../web/live.js";
import { toast } from "../web/toast.js";
import { html, nothing, render, repeat } from "../web/vendor/lit-core.min.js";
import { fill } from "../web/words.js";
import { clearAll } from "./clearing.js";
import { differs, onOwnClock, zoneWords } from "./clocks.js";
import { icon, timesOf } from "./controls.js";
import { isDue } from "./forgetting.js";
import { arrival, ask, drop, hurry, items, twinOf } from "./queue.js";
import { flush } from "./sender.js";

/** @typedef {import("./queue.js").Item} Item */

const page = JSON.parse(document.getElementById("device-data")?.textContent ?? "{}");
const { texts, org } = page;
/** @type {import("./clocks.js").Clocks} */
const place = page;
const root = /** @type {HTMLElement} */ (document.getElementById("queue"));
const saving = /** @type {HTMLButtonElement} */ (document.getElementById("export"));
/** Links to bookings that were sent while this page was open: kept nowhere else. @type {Map<string, string>} */
const links = new Map();
/** @type {Item[]} */
let kept = [];

async function draw() {
  kept = await items(org).catch(() => []);
  saving.hidden = !kept.length;
  render(kept.length ? html`${repeat(kept, (item) => item.id, card)}` : html`<p class="muted">${texts.none}</p>`, root);
  await sayWhatIsStillKept();
}

/** @param {Item} item */
function card(item) {
  const { service, starts_at: at } = item.summary;
  return html`<article class="panel queue-item" data-state=${item.state} aria-labelledby="title-${item.id}">
    <div class="split"><h3 id="title-${item.id}">${service} · ${formatInstant(at, "when", place)}</h3><strong>${stateWords(item)}</strong></div>
    <p class="muted">${zonesOf(at)}</p>
    ${explanation(item)}
    <dl class="device-facts">${rows(item).map(([name, words]) => html`<dt>${name}</dt><dd>${words}</dd>`)}</dl>
    <div class="actions">${actions(item)}</div>
  </article>`;
}

/** Whose clock it is, and what it is here where that differs. @param {string} at */
function zonesOf(at) {
  const own = differs(at, place) ? onOwnClock(at, place) : "";
  return own ? html`${zoneWords(at, place)}<br>${own}` : zoneWords(at, place);
}

/** @param {Item} item */
function stateWords(item) {
  if (item.wish) return texts.states.asked_first;
  return item.lastError?.code === "hold_expired" ? texts.states.wrong : texts.states[item.state];
}

/** @param {Item} item */
function explanation(item) {
  if (item.state === "sent" && item.late) return notice("warning", "triangle-alert", texts.late[item.late]);
  if (item.state === "sent")
    return notice("success", "circle-check", item.requested ? texts.said.requested : texts.said.sent);
  if (item.state === "over") return notice("info", "info", item.lastError ? texts.said.over_unknown : texts.said.over);
  if (item.wish) return notice("info", "info", texts.wishes[item.wish.kind]);
  if (item.state === "waiting" && arrival(item) === "perhaps") return notice("info", "info", texts.said.perhaps);
  if (item.state === "conflict") {
    const isTaken = item.lastError?.code === "slot_taken";
    const taken = item.unsure ? "maybe_yours" : item.alternatives.length ? "conflict" : "no_alternatives";
    const words = isTaken ? texts.said[taken] : known(item);
    const times = item.alternatives.map((each) => ({ starts_at: each }));
    return html`${notice("warning", "triangle-alert", words)}${times.length ? timesOf(times, { withDay: true, place, take: (startsAt) => void again(item, startsAt) }) : nothing}`;
  }
  return item.state === "wrong" ? notice("warning", "triangle-alert", known(item)) : nothing;
}

/** What was refused: in a word, or each field with what is wrong with it. @param {Item} item */
function known(item) {
  const said = texts.said[item.lastError?.code ?? ""];
  const errors = item.lastError?.errors ?? [];
  if (said || !errors.length) return said ?? item.lastError?.detail ?? texts.errors.unexpected;
  const labels = item.summary.labels ?? {};
  const words = errors.map(({ field, message }) =>
    labels[field] ? fill(texts.field_error, { field: labels[field], message }) : message,
  );
  return words.length === 1 ? words[0] : html`<ul>${words.map((each) => html`<li>${each}</li>`)}</ul>`;
}

/** @param {"success" | "info" | "warning"} kind @param {string} drawn @param {any} words */
const notice = (kind, drawn, words) =>
  html`<div class="notice" data-kind=${kind}>${icon(drawn)}<div>${words}</div></div>`;

/** @param {Item} item @returns {[string, string][]} */
function rows(item) {
  if (item.state === "sent") return [[texts.reference, item.reference ?? ""]];
  if (item.state === "over") return [];
  const when = (/** @type {number} */ at) => onOwnClock(new Date(at), place);
  /** @type {[string, string][]} */
  const shown = [[texts.pressed, when(item.createdAt)]];
  if (item.state === "waiting")
    shown.push([texts.next, navigator.onLine && item.attempts ? clock(item.nextAttemptAt) : texts.at_once]);
  shown.push([texts.attempts, String(item.attempts)]);
  const error = item.lastError;
  if (error) shown.push([texts.last_error, texts.errors[error.code] ?? error.detail ?? texts.errors.unexpected]);
  return shown;
}

/** To the second: it may be very soon. @param {number} at */
const clock = (at) => new Intl.DateTimeFormat(page.locale, { timeStyle: "medium" }).format(at);

/** @param {Item} item */
function actions(item) {
  const press = (/** @type {string} */ words, /** @type {() => void} */ run) =>
    html`<button class="button" type="button" @click=${run}>${words}</button>`;
  const link = links.get(item.id);
  const expired = item.lastError?.code === "hold_expired";
  const time = formatInstant(item.summary.starts_at, "time", place);
  return html`${item.state === "waiting" ? press(texts.send_now, () => void sendNow(item)) : nothing}
    ${expired ? press(fill(texts.again, { time }), () => void again(item, item.summary.starts_at)) : nothing}
    ${item.body ? html`<a class="button" href="${page.offline}?language=${page.locale}&edit=${item.id}">${item.state === "conflict" ? texts.other_times : texts.edit}</a>` : nothing}
    ${link ? html`<a class="button button-primary" href=${link}>${texts.open}</a>` : nothing}
    ${press(item.body ? (item.wish?.kind === "delete" ? texts.delete_anyway : texts.delete) : texts.forget, () => void dropped(item))}`;
}

/** @param {Item} item */
async function sendNow(item) {
  await hurry(org, item);
  await flush(org);
  await draw();
}

/** Another time, or the same anew; what waits at that time already is said and asked. @param {Item} item @param {string} startsAt */
async function again(item, startsAt) {
  const twin = twinOf(await items(org), { id: item.id, slug: item.body.service, startsAt });
  if (!twin) return sendAgain(item, startsAt);
  const words = twin.state === "sent" ? fill(texts.twin_sent, { reference: twin.reference ?? "" }) : texts.twin;
  toast(words, { action: { label: texts.twice, run: () => void sendAgain(item, startsAt) }, seconds: 0 });
}

/** @param {Item} item @param {string} startsAt */
async function sendAgain(item, startsAt) {
  await ask(org, item, startsAt);
  await draw();
  await flush(org);
  await draw();
}

/** @param {Item} item */
async function dropped(item) {
  const isGone = await drop(org, item.id);
  await draw();
  if (!isGone) await flush(org);
  await draw();
  if (!kept.some((each) => each.id === item.id)) toast(texts.deleted);
}

saving.addEventListener("click", () => {
  const file = new Blob([JSON.stringify(kept, null, 2)], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${org}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
});

document.getElementById("clear-now")?.addEventListener("click", async () => {
  const dialog = document.getElementById("clear");
  if (dialog instanceof HTMLDialogElement) dialog.close();
  chooseTransport(null);
  links.clear();
  const isEnded = await clearAll(org);
  await draw();
  if (isEnded) toast(texts.cleared);
});

/** What could not be cleared yet, for want of a connection. */
async function sayWhatIsStillKept() {
  const words = (await isDue(org)) ? notice("warning", "triangle-alert", texts.still_kept) : nothing;
  render(words, /** @type {HTMLElement} */ (document.getElementById("still-kept")));
}

new BroadcastChannel(`holdfast/${org}`).addEventListener("message", (event) => {
  const { kind, id, manage } = event.data;
  if (kind === "item" && manage) links.set(id, new URL(manage).pathname);
  void draw();
});
window.addEventListener("online", () => void draw());
window.addEventListener("offline", () => void draw());
void draw();
