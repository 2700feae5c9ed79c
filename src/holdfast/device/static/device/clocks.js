// A moment as the business's clock shows it, named, and as this device's does where they differ.
// @ts-check
import { clocksDiffer, dateIn, deviceZone, formatInstant } from "../web/dates.js";
import { fill } from "../web/words.js";

/**
 * `zone_name`: the business's zone in words. `clocks`: the texts (`device/words.py`).
 * @typedef {{ locale: string, zone: string, zone_name: string, clocks: Record<string, string> }} Clocks
 */

/** Whether this device's clock shows another time then. @param {string | Date} instant @param {Clocks} page */
export const differs = (instant, page) => clocksDiffer(instant, page.zone, deviceZone());

/** The business's zone with how far it is then from GMT: "Paris time (GMT+1)". @param {string | Date} instant @param {Clocks} page */
export function zoneWords(instant, { zone, zone_name }) {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(
    new Date(instant),
  );
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "GMT";
  return `${zone_name} (${offset.replace("-", "−").replace(/\+0$/, "")})`;
}

/** The device's own zone in words. @param {Clocks} page */
export function ownZoneWords({ clocks }) {
  return fill(clocks.own_zone, { city: (deviceZone().split("/").pop() ?? "").replaceAll("_", " ") });
}

/**
 * On the business's clock; where the device's differs, with the zone's name and the device's own time behind it.
 * @param {string | Date} instant @param {Clocks} page
 */
export function onBothClocks(instant, page) {
  const when = formatInstant(instant, "when", page);
  if (!differs(instant, page)) return when;
  const own = formatInstant(instant, "when", { locale: page.locale, zone: deviceZone() });
  return fill(page.clocks.both, { when, zone: zoneWords(instant, page), own });
}

/** What this device noted itself, on its own clock; said so where that differs. @param {string | Date} instant @param {Clocks} page */
export function onOwnClock(instant, page) {
  const time = formatInstant(instant, "when", { locale: page.locale, zone: deviceZone() });
  return differs(instant, page) ? fill(page.clocks.own, { time }) : time;
}

/** The time of day here, with its weekday where the day is another one; nothing where the clocks agree. @param {string} instant @param {Clocks} page */
export function ownTime(instant, page) {
  if (!differs(instant, page)) return "";
  const here = { locale: page.locale, zone: deviceZone() };
  const time = formatInstant(instant, "time", here);
  if (dateIn(instant, page.zone) === dateIn(instant, here.zone)) return time;
  const weekday = new Intl.DateTimeFormat(page.locale, { weekday: "short", timeZone: here.zone }).format(
    new Date(instant),
  );
  return `${weekday} ${time}`;
}

/** Of a list of times: in which zone they are, and whether the device's own stand below. @param {string | Date} instant one of them @param {Clocks} page */
export function zoneNote(instant, page) {
  const zone = zoneWords(instant, page);
  return differs(instant, page)
    ? fill(page.clocks.zones, { zone, own: ownZoneWords(page) })
    : fill(page.clocks.zone, { zone });
}
