// The times of a day, in the business's zone, with the reader's own below them where the clocks differ.
// @ts-check
import { clocksDiffer, dateIn, formatInstant, formatMoney, partOfDay } from "../web/dates.js";
import { element, fill, many } from "../web/words.js";

/**
 * @typedef {{ locale: string, zone: string, ownZone: string, ownFirst: boolean, held: string | null, few: number,
 *   texts: import("../web/words.js").Texts }} TimesPlace
 */

/**
 * @param {HTMLElement} into
 * @param {import("./availability.js").Slot[]} slots those of the day
 * @param {{ price: { amount: number, currency: string } | null, place: TimesPlace }} given
 */
export function drawTimes(into, slots, { price, place }) {
  /** @type {Map<string, HTMLElement[]>} */
  const groups = new Map();
  for (const slot of slots) {
    const part = partOfDay(instantOf(slot), place.zone); // of the business's day: that is what was chosen
    groups.set(part, [...(groups.get(part) ?? []), time(slot, { price, place })]);
  }
  into.replaceChildren(
    ...[...groups].map(([part, buttons]) =>
      element(
        "div",
        { class: "times-group" },
        element("h3", { class: "times-title", id: `times-${part}` }, place.texts[part]),
        element(
          "ul",
          { class: "times-list", "aria-labelledby": `times-${part}` },
          ...buttons.map((button) => element("li", {}, button)),
        ),
      ),
    ),
  );
}

/** @param {import("./availability.js").Slot} slot */
export function instantOf(slot) {
  return new Date(slot[0] * 60_000);
}

/**
 * @param {import("./availability.js").Slot} slot
 * @param {{ price: { amount: number, currency: string } | null, place: TimesPlace }} given
 */
function time(slot, { price, place }) {
  const at = instantOf(slot);
  const value = `${at.toISOString().slice(0, 16)}Z`;
  const button = element(
    "button",
    { class: "time", name: "at", value, "aria-pressed": value === place.held ? "true" : null },
    element("span", { class: "time-start" }, formatInstant(at, "time", place)),
  );
  if (place.ownZone && clocksDiffer(at, place.zone, place.ownZone)) {
    if (place.ownFirst) button.replaceChildren(...swapped(at, place));
    else button.append(" ", own(at, place));
  }
  if (price?.amount || slot[2]) {
    const amount = slot[2] ?? price?.amount ?? 0;
    const words = formatMoney({ amount, currency: price?.currency ?? "" }, place.locale, { short: true });
    button.append(" ", element("span", { class: "time-price" }, words));
  }
  if (slot[1] <= place.few)
    button.append(" ", element("span", { class: "time-left" }, many(place.texts.left, slot[1], place.locale)));
  return button;
}

/** The reader's own clock first, the business's below. @param {Date} at @param {TimesPlace} place */
function swapped(at, place) {
  const theirs = element("span", { class: "time-own" }, formatInstant(at, "time", place), " ", place.texts.there);
  const shown = onOwnClock(at, place);
  const start = element("span", { class: "time-start", "aria-hidden": "true" }, shown);
  return [start, element("span", { class: "visually-hidden" }, fill(place.texts.own, { time: shown })), " ", theirs];
}

/** With its weekday where the day is another one. @param {Date} at @param {TimesPlace} place */
function onOwnClock(at, place) {
  const otherDay = dateIn(at, place.zone) !== dateIn(at, place.ownZone);
  const words = formatInstant(at, "time", { locale: place.locale, zone: place.ownZone });
  const weekday = new Intl.DateTimeFormat(place.locale, { weekday: "short", timeZone: place.ownZone }).format(at);
  return otherDay ? `${weekday} ${words}` : words;
}

/** @param {Date} at @param {TimesPlace} place */
function own(at, place) {
  const shown = onOwnClock(at, place);
  return element(
    "span",
    { class: "time-own" },
    element("span", { "aria-hidden": "true" }, shown),
    element("span", { class: "visually-hidden" }, fill(place.texts.own, { time: shown })),
  );
}
