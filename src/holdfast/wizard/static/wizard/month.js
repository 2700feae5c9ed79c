// The month as an ARIA grid: one stop in the tab order, arrows by day and week, Home and End by week, PageUp and
// PageDown by month; days without a free time can be heard but not chosen.
// @ts-check
import { formatDate, monthWeeks } from "../web/dates.js";
import { element, many } from "../web/words.js";

/** @typedef {{ locale: string, firstDay: number, today: string, texts: import("../web/words.js").Texts }} MonthPlace */

/**
 * @param {HTMLElement} body the grid's tbody
 * @param {string} month YYYY-MM
 * @param {{ counts: Map<string, number> | null, chosen: string | null, stop: string | null, place: MonthPlace }} given
 *   counts: free times by date, null while they are not known; stop: the day in the tab order
 */
export function drawMonth(body, month, { counts, chosen, stop, place }) {
  const [year, number] = month.split("-").map(Number);
  const weeks = monthWeeks(year, number, place.firstDay).filter((week) =>
    week.some((date) => date && date >= place.today),
  );
  const rows = weeks.map((week) =>
    element(
      "tr",
      {},
      ...week.map((date) => {
        const cell = element("td", { "aria-selected": date && date === chosen ? "true" : null });
        if (date) cell.append(day(date, { free: counts ? (counts.get(date) ?? 0) : null, chosen, stop, place }));
        return cell;
      }),
    ),
  );
  body.replaceChildren(...rows);
}

/** @param {string} date @param {{ free: number | null, chosen: string | null, stop: string | null, place: MonthPlace }} given */
function day(date, { free, chosen, stop, place }) {
  const count = free ? many(place.texts.free, free, place.locale) : place.texts.none;
  const inWords = formatDate(date, "day_full", place.locale);
  return element(
    "button",
    {
      class: free === null && date >= place.today ? "day skeleton" : "day",
      type: "button",
      "data-day": date,
      "aria-label": free === null ? inWords : `${inWords}, ${count}`,
      "aria-disabled": free ? null : "true",
      "aria-current": date === place.today ? "date" : null,
      "aria-pressed": date === chosen ? "true" : null,
      tabindex: date === stop ? "0" : "-1",
    },
    String(Number(date.slice(8))),
  );
}

/**
 * Where a key leads from a day, as YYYY-MM-DD; null for keys that are not the grid's.
 * @param {string} date @param {KeyboardEvent} event @param {number} firstDay 0 Monday
 */
export function dayByKey(date, event, firstDay) {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6 - firstDay + 7) % 7;
  const rtl = document.dir === "rtl" ? -1 : 1;
  switch (event.key) {
    case "ArrowLeft":
      return plusDays(date, -rtl);
    case "ArrowRight":
      return plusDays(date, rtl);
    case "ArrowUp":
      return plusDays(date, -7);
    case "ArrowDown":
      return plusDays(date, 7);
    case "Home":
      return plusDays(date, -weekday);
    case "End":
      return plusDays(date, 6 - weekday);
    case "PageUp":
      return plusMonths(date, -1);
    case "PageDown":
      return plusMonths(date, 1);
    default:
      return null;
  }
}

/** @param {string} date @param {number} count */
function plusDays(date, count) {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + count);
  return moved.toISOString().slice(0, 10);
}

/** The same day of another month, or its last. @param {string} date @param {number} count */
export function plusMonths(date, count) {
  const [year, month, day] = date.split("-").map(Number);
  const last = new Date(Date.UTC(year, month - 1 + count + 1, 0));
  return new Date(Date.UTC(year, month - 1 + count, Math.min(day, last.getUTCDate()))).toISOString().slice(0, 10);
}
