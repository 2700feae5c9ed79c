// Free times change under one's eyes when somebody else books, moves or cancels: quietly, and without moving anything
// that one looks at. What is gone while one was about to take it is said in words, with the nearest that are free.
// @ts-check
import { formatDate, formatInstant } from "../web/dates.js";
import { Live } from "../web/live.js";
import { fill, many } from "../web/words.js";
import { instantOf } from "./times.js";

/** @typedef {import("./availability.js").Slot} Slot */

const DAYS = 92;
// Everybody who looks at these times is told at once: they do not ask at once.
const SPREAD_MS = 600;
// The whole is said again no sooner than this.
const QUIET_MS = 20_000;
const NEAREST = 3;

/**
 * Calls `changed` with the months whose free times may have changed, null for all of them.
 * @param {{ api: string, service: string, today: string, changed: (months: Set<string> | null) => void }} given
 *   api: the address of GET availability
 */
export function watch({ api, service, today, changed }) {
  const query = new URLSearchParams({ service, from: today, days: String(DAYS) });
  const live = new Live(`${api.replace(/availability$/, "events")}?${query}`);
  /** @type {Set<string> | null} */
  let months = new Set();
  let timer = 0;
  const note = (/** @type {string[] | null} */ dates) => {
    months = dates && months ? new Set([...months, ...dates.map((date) => date.slice(0, 7))]) : null;
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      const told = months;
      months = new Set();
      changed(told);
    }, Math.random() * SPREAD_MS);
  };
  live.addEventListener("availability-updated", (event) => note(/** @type {CustomEvent} */ (event).detail.data.dates));
  live.addEventListener("lost", () => note(null));
  live.addEventListener("hello", () => note(null), { once: true }); // whatever came between the page and the stream
  live.open();
  return live;
}

/**
 * Draws anew and leaves the reader where they are: focus on the same day or time, else on the nearest time.
 * @param {{ times: HTMLElement, grid: HTMLElement, draw: () => void }} given
 * @returns {number | null} the start that had the focus and is gone
 */
export function drawAround({ times, grid, draw }) {
  const focus = document.activeElement;
  const time = focus instanceof HTMLButtonElement && times.contains(focus) ? focus.value : null;
  const day = focus instanceof HTMLElement && grid.contains(focus) ? focus.dataset.day : null;
  draw();
  if (day) focusOn(grid.querySelector(`[data-day="${day}"]`));
  if (!time) return null;
  const buttons = /** @type {HTMLButtonElement[]} */ ([...times.querySelectorAll("button.time")]);
  const same = buttons.find((button) => button.value === time);
  focusOn(
    same ?? buttons.find((button) => button.value > time) ?? buttons.at(-1) ?? document.getElementById("times-title"),
  );
  return same ? null : Date.parse(time) / 60_000;
}

/** @param {Element | null} found */
function focusOn(found) {
  if (found instanceof HTMLElement) found.focus({ preventScroll: true });
}

/**
 * What is said of a change of the day that is shown; "" for nothing.
 * @param {Slot[]} before @param {Slot[]} now those of the day
 * @param {{ gone: number | null, day: string, saidAt: number, place: { locale: string, zone: string, texts: import("../web/words.js").Texts } }} given
 *   gone: the start that was about to be taken; saidAt: when a change was said last
 */
export function wordsOf(before, now, { gone, day, saidAt, place }) {
  const { locale, texts } = place;
  const clock = (/** @type {Slot} */ slot) => formatInstant(instantOf(slot), "time", place);
  if (gone !== null) {
    const near = [...now].sort((one, other) => Math.abs(one[0] - gone) - Math.abs(other[0] - gone)).slice(0, NEAREST);
    const times = new Intl.ListFormat(locale).format(near.sort((one, other) => one[0] - other[0]).map(clock));
    return fill(near.length ? texts.taken : texts.taken_all, { time: clock([gone, 0]), times });
  }
  const starts = (/** @type {Slot[]} */ slots) => slots.map((slot) => slot[0]).join();
  if (starts(before) === starts(now) || Date.now() - saidAt < QUIET_MS) return "";
  const times = now.length ? many(texts.free, now.length, locale) : texts.none;
  return fill(texts.changed, { day: formatDate(day, "day_full", locale), times });
}
