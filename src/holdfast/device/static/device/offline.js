// The page that opens without a connection: what is on offer and free as far as this device knows, and a booking that
// is kept until it can be sent.
// @ts-check
import { dateIn, formatDate } from "../web/dates.js";
import { html, nothing, render } from "../web/vendor/lit-core.min.js";
import { fill } from "../web/words.js";
import { fieldsOf, labelsOf, optionsOf, problemsFrom, problemsIn, requestOf, valuesOf } from "./asked.js";
import { onBothClocks, zoneNote } from "./clocks.js";
import { fieldOf, icon, timesOf as buttonsOf } from "./controls.js";
import { catalogOf, freshTimesOf, keptTimesOf, wantedOf } from "./known.js";
import { add, amend, find, items, twinOf } from "./queue.js";
import { openAgain, whenAnswered, whenReached } from "./reaching.js";
import { SYNC_TAG, tell } from "./sender.js";
import { forgetTyped, heldTime, remember, typedBefore } from "./typed.js";

const page = JSON.parse(document.getElementById("device-data")?.textContent ?? "{}");
const { texts, org, locale } = page;
/** @type {import("./clocks.js").Clocks} */
const place = page;
const asked = new URLSearchParams(location.search);
const root = /** @type {HTMLElement} */ (document.getElementById("offline"));

const state = {
  /** @type {any} */ catalog: page.catalog,
  catalogAt: page.at,
  isBuiltIn: true,
  /** @type {string} */ service: asked.get("service") ?? "",
  /** @type {import("./known.js").Time[]} */ times: [],
  areOthers: false,
  isLooking: true,
  day: "",
  /** @type {string} */ at: asked.get("at") ?? "",
  /** @type {Record<string, string>} */ values: {},
  /** @type {Record<string, string>} */ problems: {},
  /** @type {import("./queue.js").Item | null} */ item: null,
  /** @type {import("./queue.js").Item | null} */ twin: null,
  reachable: false, // until it is: a network may be there and nothing come through it
};

const chosenService = () => state.catalog.services.find((/** @type {any} */ each) => each.slug === state.service);
const options = () => optionsOf(chosenService(), { ...texts, locale });
const fields = () => fieldsOf(chosenService(), state.catalog, state.values, { ...texts, locale });
const everything = () => [...options(), ...fields()];

/** What the page is for: to book without a connection, or to put right what was refused, with or without one. */
function head() {
  const [title, lead] = ["offline-title", "offline-lead"].map(
    (id) => /** @type {HTMLElement} */ (document.getElementById(id)),
  );
  lead.hidden = state.reachable && !state.item;
  if (!state.item) return;
  title.textContent = texts.edit_title;
  lead.textContent = texts.edit_lead;
}

function draw() {
  head();
  render(html`${notices()}${chosenService() ? booking(chosenService()) : services()}`, root);
}

function notices() {
  const time = state.catalogAt && onBothClocks(state.catalogAt, place);
  const words = state.isBuiltIn ? texts.built_in : texts.catalog_as_of;
  const onward = new URLSearchParams([...asked].filter(([name]) => name !== "from"));
  const isBack = state.reachable && !state.item;
  return html`${
    isBack
      ? html`<div class="notice" data-kind="success">${icon("circle-check")}<p>${texts.back} <a href="${page.booking}?${onward}">${texts.go_on}</a></p></div>`
      : time && !state.reachable
        ? html`<p class="muted">${fill(words, { time })}</p>`
        : nothing
  }
  ${asked.get("from") === "payment" ? html`<div class="notice" data-kind="warning">${icon("triangle-alert")}<p>${texts.perhaps_booked}</p></div>` : nothing}`;
}

function services() {
  const open = (/** @type {string} */ slug) => (/** @type {Event} */ event) => {
    event.preventDefault();
    void choose(slug);
  };
  return html`<ul class="offers">${state.catalog.services.map(
    (/** @type {any} */ each) => html`<li><a class="offer" href="?service=${each.slug}" @click=${open(each.slug)}>
      <span class="offer-text"><span class="offer-name">${each.name}</span>${each.summary ? html`<span class="offer-summary">${each.summary}</span>` : nothing}
      <span class="offer-facts">${lengthOf(each)}</span></span>
      ${icon("chevron-right")}</a></li>`,
  )}</ul>`;
}

/** @param {any} service */
function lengthOf({ durations_minutes: all }) {
  const unit = new Intl.NumberFormat(locale, { style: "unit", unit: "minute" });
  return all.length > 1 ? unit.formatRange(all[0], all.at(-1)) : unit.format(all[0]);
}

/** @param {any} service */
function booking(service) {
  return html`<section class="stack">
    <div class="split"><h2>${service.name}</h2><button class="link-button" type="button" @click=${() => void choose("")}>${texts.change_service}</button></div>
    ${service.on_site ? html`${whatToChoose()}${whenToChoose()}${state.at ? form(service) : nothing}` : html`<div class="notice" data-kind="info">${icon("credit-card")}<p>${texts.by_card_only}</p></div>`}
  </section>`;
}

/** With whom, for how many and how long: free times depend on it. */
function whatToChoose() {
  const shown = options();
  if (!shown.length) return nothing;
  return html`<form class="stack gap-5" @submit=${(/** @type {Event} */ event) => event.preventDefault()} @change=${chosenAnew}>${shown.map(fieldShown)}</form>`;
}

/** @param {import("./asked.js").Field} field */
function fieldShown(field) {
  const value = state.values[field.name] ?? field.choices?.[0]?.value ?? "";
  return fieldOf(field, { value, problem: state.problems[field.name], optional: texts.optional });
}

function whenToChoose() {
  const days = [...new Set(state.times.map((each) => dateIn(each.starts_at, page.zone)))];
  if (!days.length && !state.at)
    return state.isLooking
      ? html`<p class="muted">${texts.looking}</p>`
      : html`<p class="notice" data-kind="info">${texts.no_times}</p>`;
  const wanted = state.at && dateIn(state.at, page.zone);
  const shown = state.day || wanted || days[0];
  const times = state.times.filter((each) => dateIn(each.starts_at, page.zone) === shown);
  // A time that was chosen while connected is offered still: it may be held.
  const at = times[0]?.at;
  if (wanted === shown && !times.some((each) => Date.parse(each.starts_at) === Date.parse(state.at)))
    times.unshift({ starts_at: state.at, at: "" });
  const all = [...new Set([...days, ...(wanted ? [wanted] : [])])].sort();
  const words = state.areOthers ? texts.as_of_others : texts.as_of;
  const as = at ? html`<p class="muted" id="as-of">${fill(words, { time: onBothClocks(at, place) })}</p>` : nothing;
  return html`${as}
    <div class="field"><label class="field-label" for="day">${texts.day}</label>
      <div class="select"><select class="input" id="day" @change=${(/** @type {any} */ event) => set({ day: event.target.value, at: "" })}>
        ${all.map((day) => html`<option value=${day} ?selected=${day === shown}>${formatDate(day, "day_long", locale)}</option>`)}</select>${icon("chevron-down")}</div></div>
    <div class="stack gap-2" role="group" aria-label=${texts.time}>${times.length ? html`<p class="small muted" id="zones">${zoneNote(times[0].starts_at, place)}</p>` : nothing}${buttonsOf(times, { chosen: state.at, place, take: (at) => set({ at }) })}</div>`;
}

/** @param {any} service */
function form(service) {
  const isSentNow = state.reachable && state.item;
  return html`<form class="stack gap-5" novalidate @submit=${send} @input=${typed} @change=${typed}>
    ${fields().map(fieldShown)}
    ${state.problems[""] ? html`<div class="notice" data-kind="error" role="alert">${icon("circle-alert")}<p>${state.problems[""]}</p></div>` : nothing}
    ${state.twin ? asTwin(state.twin) : nothing}
    <p class="muted">${service.price.amount ? texts.pay_on_day : ""} ${isSentNow ? texts.send_now_hint : texts.send_hint}</p>
    <button class="button button-primary button-large">${isSentNow ? texts.send_now : html`${icon("wifi-off")}${texts.send}`}</button>
  </form>`;
}

/** Nothing is doubled without being asked. @param {import("./queue.js").Item} twin */
function asTwin(twin) {
  const words = twin.state === "sent" ? fill(texts.twin_sent, { reference: twin.reference ?? "" }) : texts.twin;
  return html`<div class="notice" data-kind="warning" role="alert">${icon("triangle-alert")}<div class="stack gap-3"><p>${words}</p>
    <div class="actions"><a class="button" href=${page.settings}>${texts.see_queue}</a><button class="button" type="button" @click=${() => void keep()}>${texts.twice}</button></div></div></div>`;
}

/** @param {Partial<typeof state>} changes */
function set(changes) {
  Object.assign(state, changes);
  draw();
}

/** @param {Event} event */
function typed(event) {
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  state.values = {
    ...state.values,
    ...Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])),
  };
  remember(org, state.values);
  const control = event.target;
  if (control instanceof HTMLElement && "name" in control) judge(String(control.name), event.type);
  if (event.type === "change" && control instanceof HTMLSelectElement) draw(); // others may be asked for now
}

/** Says what is wrong with a field once one leaves it, and takes it back as one types. @param {string} name @param {string} event */
function judge(name, event) {
  const field = everything().filter((each) => each.name === name);
  const { [name]: before = "", ...others } = state.problems;
  const now = problemsIn(field, state.values, page)[name] ?? "";
  if (before === now || (event === "input" && now)) return;
  if (!before && !(state.values[name] ?? "").trim()) return; // nobody is told off for what they have not typed yet
  set({ problems: now ? { ...others, [name]: now } : others });
}

/** @param {string} service */
async function choose(service) {
  set({ service, times: [], areOthers: false, day: "", at: service === asked.get("service") ? state.at : "" });
  asked.set("service", service);
  history.replaceState(history.state, "", `?${asked}`);
  if (service) await findTimes();
}

/** What this device knows, at once; and what is free now, should there be an answer. */
async function findTimes() {
  const service = chosenService();
  if (!service) return;
  const [standard] = service.durations_minutes;
  const wanted = wantedOf(service, state.values);
  const isStillWanted = () =>
    state.service === service.slug && JSON.stringify(wantedOf(service, state.values)) === JSON.stringify(wanted);
  set({ isLooking: true });
  const known = await keptTimesOf(page, wanted, standard);
  if (isStillWanted() && known) set({ times: known.times, areOthers: known.isOther });
  const fresh = await freshTimesOf(page, wanted, standard);
  if (!isStillWanted()) return;
  const times = fresh ?? known?.times ?? [];
  set({ times, areOthers: !fresh && (known?.isOther ?? false), isLooking: false, reachable: fresh !== null });
  if (!fresh) watch();
}

/** @param {Event} event */
function chosenAnew(event) {
  typed(event);
  void findTimes();
}

/** @param {SubmitEvent} event */
async function send(event) {
  event.preventDefault();
  typed(event);
  const problems = problemsIn(fields(), state.values, page); // of the options, the first stands until another is chosen
  set({ problems });
  const [first] = fields().filter((field) => problems[field.name]);
  if (first) return document.getElementById(first.name)?.focus();
  const wished = { id: state.item?.id, slug: chosenService().slug, startsAt: state.at };
  const twin = twinOf(await items(org).catch(() => []), wished);
  set({ twin });
  if (!twin) await keep();
}

async function keep() {
  const service = chosenService();
  const held = heldTime(org);
  const hold = held && Date.parse(held.at) === Date.parse(state.at) && !state.item ? held.id : null;
  const body = requestOf(service, state.at, state.values, { locale, hold });
  const labels = labelsOf(everything());
  const summary = { service: service.name, slug: service.slug, starts_at: state.at, zone: page.zone, labels };
  const isUnsure = asked.get("from") === "payment";
  const wanted = { body, summary, locale, mayDropHold: !isUnsure, unsure: isUnsure };
  await (state.item ? amend(org, state.item.id, wanted) : add(org, wanted));
  forgetTyped(org);
  tell(org, { kind: "added" });
  const registration = await navigator.serviceWorker?.getRegistration();
  await /** @type {any} */ (registration)?.sync?.register(SYNC_TAG).catch(() => undefined); // where there is none, the pages send
  location.assign(page.settings);
}

async function start() {
  const id = asked.get("edit");
  const item = id ? await find(org, id).catch(() => undefined) : undefined;
  const body = item?.wish?.kind === "change" ? item.wish.body : item?.body;
  if (item && body) {
    Object.assign(state, { item, service: body.service, at: body.starts_at, values: valuesOf(body) });
    const problems = chosenService() ? problemsFrom(item.lastError?.errors ?? [], everything()) : {};
    if (!Object.keys(problems).length && item.lastError?.detail) problems[""] = item.lastError.detail;
    state.problems = problems;
  } else state.values = typedBefore(org, state.catalog.organization.country);
  if (asked.get("party")) state.values.party ??= asked.get("party") ?? "";
  for (const name of ["resource", "duration", "pickup", "dropoff"])
    if (asked.get(name)) state.values[name] ??= asked.get(name) ?? "";
  draw();
  const known = await catalogOf(page);
  set({ catalog: known.catalog, catalogAt: known.at, isBuiltIn: known.isBuiltIn });
  const at = state.at;
  if (state.service) {
    const looking = choose(state.service);
    set({ at });
    await looking;
  }
}

let isTouched = false;
for (const kind of ["pointerdown", "keydown"])
  window.addEventListener(kind, () => void (isTouched = true), { once: true, capture: true });

let isWatched = false;
function watch({ at_once = false } = {}) {
  if (isWatched) return;
  isWatched = true;
  const back = () => {
    isWatched = false;
    set({ reachable: true });
  };
  whenReached(org, back, { at_once });
}

// It makes way for the page that was asked for, unless somebody works here already.
whenAnswered(() => (isTouched ? set({ reachable: true }) : openAgain()));
watch({ at_once: true });
window.addEventListener("offline", () => {
  set({ reachable: false });
  watch();
});
void start();
