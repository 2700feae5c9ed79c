// The month and the times, at once: choosing a day, a month, a member or a duration changes the page without leaving
// it, and the address with it. Taking a time stays a plain form: the server has the last word.
// @ts-check
import { clocksDiffer, dateIn, deviceZone, formatDate, formatMoney } from "../web/dates.js";
import { Availability } from "./availability.js";
import { dayByKey, drawMonth, plusMonths } from "./month.js";
import { isToBeRead, offerPosition, placesOf, refusalOf } from "./places.js";
import { sayAge, sorry, waitFor, whomToCall } from "./states.js";
import { drawTimes, instantOf } from "./times.js";
import { element, fill, many } from "../web/words.js";

// What the address says of what has just happened.
const PASSING = ["at", "lost", "why"];
// As long as no stream tells what changes.
const ASK_EVERY_MS = 60_000;
const data = JSON.parse(document.getElementById("booker-data")?.textContent ?? "{}");
const { texts, locale, zone } = data;
const booker = get("booker");
const grid = /** @type {HTMLElement} */ (booker.querySelector(".calendar-grid tbody"));
const options = /** @type {HTMLFormElement} */ (get("choose"));
const steppers = /** @type {HTMLButtonElement[]} */ ([...booker.querySelectorAll("[data-step]")]);
const availability = new Availability(data.api);
const ownZone = clocksDiffer(new Date(), zone, deviceZone()) ? deviceZone() : "";

/** @type {{ query: import("./availability.js").Query, month: string, chosen: string | null, stop: string | null }} */
const state = { query: data.query, month: data.month, chosen: data.chosen, stop: null };
let turn = 0;
let endWait = () => {};
/** @type {typeof import("./watching.js") | null} */
let watching = null;
let saidAt = 0;
/** When the service worker kept what it answered last, where it had to. @type {number | null} */
let keptAt = null;

availability.keep(state.query, state.month, { slots: data.slots, price: data.price, at: Date.now() });

/** @param {string} id @returns {HTMLElement} */
function get(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`this page has no #${id}`);
  return found;
}

/** @param {import("./availability.js").Slot[]} slots @returns {Map<string, number>} */
function countsOf(slots) {
  const counts = new Map();
  for (const slot of slots) {
    const date = dateIn(instantOf(slot), zone);
    counts.set(date, (counts.get(date) ?? 0) + 1);
  }
  return counts;
}

function draw() {
  const known = availability.known(state.query, state.month);
  const counts = known ? countsOf(known.slots) : null;
  drawGrid(counts);
  if (!known || !counts) return;
  booker.removeAttribute("data-pending");
  drawDay(known.slots, known.price, counts);
  const wait = document.getElementById("wait"); // the day that is looked at is the one that is waited for
  if (wait instanceof HTMLButtonElement) wait.value = state.chosen ?? state.stop ?? "";
}

/** @param {Map<string, number> | null} counts free times by date, null while they are not known */
function drawGrid(counts) {
  const firstFree = counts?.keys().next().value ?? null;
  const inMonth = (/** @type {string | null} */ date) => (date?.startsWith(state.month) ? date : null);
  state.stop = inMonth(state.stop) ?? inMonth(state.chosen) ?? firstFree ?? `${state.month}-01`;
  const place = { locale, firstDay: data.first_weekday, today: data.today, texts };
  drawMonth(grid, state.month, { counts, chosen: counts && state.chosen, stop: state.stop, place });
  get("month-title").textContent = formatDate(`${state.month}-01`, "month", locale);
  for (const stepper of steppers) {
    const target = monthBy(Number(stepper.dataset.step));
    stepper.disabled = false;
    stepper.setAttribute("aria-disabled", String(!isReachable(target)));
  }
}

/** The month without its free times, which are looked for; whoever is in its grid stays there. */
function drawUnknown() {
  const wasInGrid = grid.contains(document.activeElement);
  booker.setAttribute("data-pending", "");
  drawGrid(null);
  get("times-title").textContent = formatDate(
    state.chosen ?? `${state.month}-01`,
    state.chosen ? "day_full" : "month",
    locale,
  );
  if (wasInGrid) focusDay();
}

/**
 * @param {import("./availability.js").Slot[]} slots
 * @param {{ amount: number, currency: string } | null} price
 * @param {Map<string, number>} counts
 */
function drawDay(slots, price, counts) {
  const { chosen } = state;
  const month = formatDate(`${state.month}-01`, "month", locale);
  get("times-title").textContent = chosen ? formatDate(chosen, "day_full", locale) : month;
  const few = state.query.party_size === 1 ? data.few : 0; // places are counted for one, not for a party
  const place = { locale, zone, ownZone, ownFirst: isOwnFirst(), held: data.held, few, texts };
  const times = slots.filter((slot) => dateIn(instantOf(slot), zone) === chosen);
  drawTimes(get("times"), times, { price, place });
  if (!times.length) drawNothing(month, counts);
  const shown = booker.querySelector("[data-price]");
  if (shown && price?.amount) shown.textContent = priceWords(slots, price);
  else if (shown && !price && slots.length && state.query.pricing !== false) shown.textContent = texts.unpriced;
}

/**
 * The least that any of the times costs; "from" where others cost more.
 * @param {import("./availability.js").Slot[]} slots
 * @param {{ amount: number, currency: string }} price
 */
function priceWords(slots, price) {
  const amounts = new Set(slots.map((slot) => slot[2] ?? price.amount));
  const least = amounts.size ? Math.min(...amounts) : price.amount;
  const words = formatMoney({ ...price, amount: least }, locale, { short: true });
  return amounts.size > 1 ? fill(texts.from, { price: words }) : words;
}

/** @param {string} month in words @param {Map<string, number>} counts */
function drawNothing(month, counts) {
  const day = state.chosen && formatDate(state.chosen, "day_full", locale);
  const words = day ? fill(texts.none_on, { day }) : fill(texts.none_in, { month });
  const box = element("div", { class: "no-times" }, element("p", { class: "muted" }, words));
  const next = [...counts.keys()].find((date) => date > (state.chosen ?? "")) ?? null;
  get("times").replaceChildren(box);
  if (next) box.append(wayTo(next));
  else void findNext(box);
}

/** @param {string} date */
function wayTo(date) {
  const words = fill(texts.go_to, { day: formatDate(date, "day_full", locale) });
  const button = element("button", { class: "button", type: "button" }, words);
  button.addEventListener("click", () => void show(date.slice(0, 7), date, { focus: "times" }));
  return button;
}

/** Looks through the months ahead for a free day. @param {HTMLElement} box */
async function findNext(box) {
  const mine = turn;
  for (let month = monthBy(1); isReachable(month); month = plusMonths(`${month}-01`, 1).slice(0, 7)) {
    const found = await availability.load(state.query, month).catch(() => null);
    if (mine !== turn || !found) return;
    const first = found.slots[0];
    if (first) {
      box.append(wayTo(dateIn(instantOf(first), zone)));
      return;
    }
  }
  box.append(whomToCall());
}

/** @param {number} step */
function monthBy(step) {
  return plusMonths(`${state.month}-01`, step).slice(0, 7);
}

/** @param {string} month */
function isReachable(month) {
  return month >= data.today.slice(0, 7) && month <= data.last.slice(0, 7);
}

/**
 * Shows a month and a day of it: the wanted one, else the first free one.
 * @param {string} month @param {string | null} day
 * @param {{ focus?: "day" | "times", stop?: string | null }} [options] stop: the day in the tab order, if another
 */
async function show(month, day, options = {}) {
  const mine = ++turn;
  const { focus, stop = day } = options;
  endWait();
  booker.removeAttribute("aria-busy");
  if (!availability.known(state.query, month)) {
    Object.assign(state, { month, chosen: day, stop });
    if (!(await find(mine, () => void show(month, day, options)))) return;
  }
  const free = countsOf(availability.known(state.query, month)?.slots ?? []);
  const first = free.keys().next().value ?? null;
  Object.assign(state, { month, chosen: day ?? first, stop: stop ?? first });
  const isThere = grid.contains(document.activeElement) || document.activeElement === document.body;
  draw();
  remember();
  announce(free);
  if (focus === "day" && isThere) focusDay(); // who went on meanwhile is not called back
  if (focus === "times") get("times-title").focus();
  prefetch();
}

/**
 * Looks for the free times of the month, and shows that it does.
 * @param {number} mine @param {() => void} again
 * @returns {Promise<boolean>} whether they are there, and nothing else is wanted by now
 */
async function find(mine, again) {
  booker.setAttribute("aria-busy", "true");
  say(texts.loading);
  const onceMore = () => {
    availability.giveUp();
    get("times-title").focus({ preventScroll: true }); // the button that was pressed goes
    again();
  };
  if (grid.contains(document.activeElement)) drawUnknown(); // the next key starts from there
  endWait = waitFor(get("times"), texts, { draw: drawUnknown, again: onceMore });
  keptAt = null;
  const found = await availability.load(state.query, state.month).catch((/** @type {unknown} */ error) => ({ error }));
  if (mine !== turn) return false;
  endWait();
  booker.removeAttribute("aria-busy");
  if (!("error" in found)) {
    noteAge(keptAt);
    return true;
  }
  drawUnknown();
  failed(onceMore, refusalOf(found.error));
  return false;
}

/** @param {Map<string, number>} free */
function announce(free) {
  const title = get("times-title").textContent;
  const count = free.get(state.chosen ?? "") ?? 0;
  say(fill(texts.on_day, { day: title ?? "", times: count ? many(texts.free, count, locale) : texts.none }));
}

/** @param {() => void} retry @param {string | null} refusal */
function failed(retry, refusal) {
  if (refusal !== null) {
    sayNoPrice(refusal);
    get("times").replaceChildren(element("p", { class: "no-times muted" }, texts.unpriced));
    return;
  }
  const words = navigator.onLine ? texts.failed : texts.offline;
  get("times").replaceChildren(sorry(words, { texts, again: retry, role: "alert" }));
  noteAge(null);
}

/** How old the times are that are shown; said once. @param {number | null} at */
function noteAge(at) {
  const words = sayAge(at, { locale, zone, texts });
  if (words) say(words);
}

/** Beside what was chosen: the times may be out of sight. @param {string} words "" where there is a price */
function sayNoPrice(words) {
  const notice = document.getElementById("no-price"); // who moves a booking pays what was agreed
  notice?.toggleAttribute("hidden", !words);
  notice?.querySelector("p")?.replaceChildren(words);
}

/** @param {string} words */
function say(words) {
  get("booker-status").textContent = words;
}

function focusDay() {
  const day = grid.querySelector('[tabindex="0"]');
  if (day instanceof HTMLElement) day.focus();
}

/** The months on either side, while nothing else is to do. */
function prefetch() {
  const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ run) => window.setTimeout(run, 200));
  idle(() => {
    for (const month of [monthBy(1), monthBy(-1)])
      if (isReachable(month)) availability.load(state.query, month).catch(() => null);
  });
}

/** Keeps the address true, so that reload, back and a shared link lead here. */
function remember() {
  const url = new URL(location.href);
  // Those of the form stand in place of what the address had of them.
  for (const gone of extraFields().length ? [...PASSING, "extras"] : PASSING) url.searchParams.delete(gone);
  const fields = { resource: state.query.resource, date: state.chosen ?? state.month };
  for (const [name, value] of Object.entries(fields)) {
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
  }
  for (const control of options.elements)
    if ((control instanceof HTMLSelectElement || control instanceof HTMLInputElement) && control.value)
      url.searchParams.set(control.name, control.value);
  history.replaceState(history.state, "", url);
  const into = get("take-fields");
  const sent = [...url.searchParams].filter(([name]) => name !== "date");
  into.replaceChildren(...sent.map(([name, value]) => element("input", { type: "hidden", name, value })));
}

/** The page again, for what only the server can read. */
function askAnew() {
  remember();
  location.reload();
}

/** @returns {HTMLSelectElement[]} */
function extraFields() {
  return [...options.querySelectorAll("select")].filter((each) => each.name.startsWith("extra-"));
}

/** As the API reads them. */
function chosenExtras() {
  const taken = extraFields().filter((each) => Number(each.value) > 0);
  return taken.map((each) => `${each.name.slice("extra-".length)}:${each.value}`).join(",");
}

grid.addEventListener("click", (event) => {
  const day = event.target instanceof Element ? event.target.closest("[data-day]") : null;
  if (!(day instanceof HTMLElement)) return;
  if (day.getAttribute("aria-disabled") === "true") {
    say(day.getAttribute("aria-label") ?? "");
    return;
  }
  void show(state.month, day.dataset.day ?? null, { focus: "day" });
  get("times-title").scrollIntoView({ block: "nearest", behavior: "smooth" });
});

grid.addEventListener("keydown", (event) => {
  const day = event.target instanceof HTMLElement ? event.target.dataset.day : undefined;
  const to = day && dayByKey(day, event, data.first_weekday);
  if (!to) return;
  event.preventDefault();
  const month = to.slice(0, 7);
  if (!isReachable(month)) return;
  if (month === state.month) {
    state.stop = to;
    for (const button of grid.querySelectorAll("[data-day]")) {
      button.setAttribute("tabindex", button.getAttribute("data-day") === to ? "0" : "-1");
    }
    focusDay();
  } else void show(month, null, { focus: "day", stop: to }); // chosen or not
});

for (const stepper of steppers) {
  stepper.addEventListener("click", (event) => {
    event.preventDefault();
    const month = monthBy(Number(stepper.dataset.step));
    if (isReachable(month)) void show(month, null);
  });
}

options.addEventListener("change", () => {
  if (isToBeRead(options)) return askAnew();
  const sent = new FormData(options);
  const before = state.chosen;
  state.query = {
    service: state.query.service,
    type: state.query.type,
    resource: String(sent.get("resource") ?? state.query.resource),
    duration: Number(sent.get("duration") ?? state.query.duration),
    party_size: Number(sent.get("party") ?? state.query.party_size),
    extras: extraFields().length ? chosenExtras() : state.query.extras,
    ...placesOf(options),
  };
  sayNoPrice("");
  const length = options.elements.namedItem("duration");
  const shown = booker.querySelector("[data-duration]");
  if (shown && length instanceof HTMLSelectElement) shown.textContent = length.selectedOptions[0].text;
  void show(state.month, before);
});
options.addEventListener("submit", (event) => {
  if (event.submitter?.id !== "wait") event.preventDefault(); // only that one leads to another page
});

// Coming back after a while, or by the browser's memory: look again, quietly.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && availability.isStale(state.query, state.month)) void refresh();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) void refresh();
});
window.addEventListener("online", () => void refresh({ live: true }));
window.addEventListener("offline", () => noteAge(availability.known(state.query, state.month)?.at ?? null));
navigator.serviceWorker?.addEventListener("message", ({ data: told }) => {
  if (told?.kind === "kept") keptAt = Date.parse(told.at);
});

/** The same month and day again; what changed in them is said only when `live`. */
async function refresh({ live = false } = {}) {
  if (booker.hasAttribute("aria-busy")) return; // they are being asked for
  const mine = ++turn;
  const before = timesOfDay();
  keptAt = null;
  const found = await availability.load(state.query, state.month, { again: true }).catch(() => null);
  if (mine !== turn) return;
  noteAge(found ? keptAt : (availability.known(state.query, state.month)?.at ?? null));
  if (!found) return;
  const gone = watching?.drawAround({ times: get("times"), grid, draw }) ?? null;
  if (!watching) draw();
  const day = state.chosen ?? `${state.month}-01`;
  const given = { gone, day, saidAt, place: { locale, zone, texts } };
  const words = live ? (watching?.wordsOf(before, timesOfDay(), given) ?? "") : "";
  if (!words) return;
  saidAt = Date.now();
  say(words);
  // Below the times, which so stay where they are.
  if (gone !== null)
    get("times").append(element("div", { class: "notice", "data-kind": "warning" }, element("p", {}, words)));
}

/** @returns {import("./availability.js").Slot[]} */
function timesOfDay() {
  const known = availability.known(state.query, state.month)?.slots ?? [];
  return known.filter((slot) => dateIn(instantOf(slot), zone) === state.chosen);
}

/** Once the page is there and nothing else is to do, it is kept true. */
async function keepTrue() {
  watching = await import("./watching.js");
  const { service } = state.query;
  const live = watching.watch({ api: data.api, service, today: data.today, changed });
  window.setInterval(() => {
    if (live.state !== "open" && document.visibilityState === "visible") void refresh({ live: true });
  }, ASK_EVERY_MS);
}

/** @param {Set<string> | null} months in which something may have changed */
function changed(months) {
  availability.doubt(months);
  if (!months || months.has(state.month)) void refresh({ live: true });
}

/** Whose clock the reader wants to see first; nothing where the device keeps nothing. */
function isOwnFirst() {
  try {
    return Boolean(ownZone) && localStorage.getItem("own-time") === "first";
  } catch {
    return false;
  }
}

function noteZones() {
  const city = (ownZone.split("/").pop() ?? "").replaceAll("_", " ");
  // The server knows what the city is called in this language, once it has been told the zone.
  const own = data.own_zone?.zone === ownZone ? data.own_zone.name : fill(texts.own_zone, { city });
  const words = fill(isOwnFirst() ? texts.zones_swapped : texts.zones, { zone: data.zone_name, own });
  const other = isOwnFirst() ? fill(texts.zone_first, { zone: data.zone_name }) : texts.own_first;
  const button = element("button", { class: "link-target zone-switch", type: "button", id: "own-first" }, other);
  button.addEventListener("click", () => {
    try {
      localStorage.setItem("own-time", isOwnFirst() ? "second" : "first");
    } catch {
      return;
    }
    noteZones();
    draw();
    get("own-first").focus();
  });
  get("zone-note").replaceChildren(words, " ", button);
}

if (ownZone) noteZones();
draw();
prefetch();
offerPosition(options);
window.setTimeout(() => keepTrue().catch(() => undefined), 1_000);
