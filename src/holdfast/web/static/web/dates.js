// Dates and times in words, always in a named zone and language; never in whatever zone the device happens to be.
// @ts-check

/** @typedef {{ locale: string, zone: string }} Place */

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const FORMS = {
  time: { timeStyle: "short" }, // as the server writes it: 09:00 in French, 9:00 in Spanish
  day: { weekday: "short", day: "numeric", month: "short" },
  day_full: { weekday: "long", day: "numeric", month: "long" },
  day_long: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  month: { month: "long", year: "numeric" },
  when: { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" },
};

/** @type {Map<string, Intl.DateTimeFormat>} */
const made = new Map();

/** @param {Place} place @param {string} form */
function formatter({ locale, zone }, form) {
  const key = `${locale}|${zone}|${form}`;
  let found = made.get(key);
  if (!found) made.set(key, (found = new Intl.DateTimeFormat(locale, { ...FORMS[form], timeZone: zone })));
  return found;
}

/**
 * An instant as people in the place read it.
 * @param {string | Date} instant RFC 3339 with offset, or a Date
 * @param {keyof typeof FORMS} form time, day, day_full, day_long, month, when
 * @param {Place} place
 */
export function formatInstant(instant, form, place) {
  return formatter(place, String(form)).format(new Date(instant));
}

/**
 * A calendar date, which has no zone, in words.
 * @param {string} date YYYY-MM-DD
 * @param {keyof typeof FORMS} form
 * @param {string} locale
 */
export function formatDate(date, form, locale) {
  return formatter({ locale, zone: "UTC" }, String(form)).format(new Date(`${date}T00:00:00Z`));
}

/** The calendar date an instant falls on in a zone, as YYYY-MM-DD. @param {string | Date} instant @param {string} zone */
export function dateIn(instant, zone) {
  return clockParts(instant, zone).date;
}

/** Hour of the day, 0 to 23, on that zone's wall clock. @param {string | Date} instant @param {string} zone */
export function hourIn(instant, zone) {
  return clockParts(instant, zone).hour;
}

/** morning until 12, afternoon until 17, evening after. @param {string | Date} instant @param {string} zone */
export function partOfDay(instant, zone) {
  const hour = hourIn(instant, zone);
  if (hour < 12) return "morning";
  return hour < 17 ? "afternoon" : "evening";
}

/** The zone of this device, or UTC where it hides it. */
export function deviceZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Whether two zones show different clocks at this instant. @param {string | Date} instant @param {string} a @param {string} b */
export function clocksDiffer(instant, a, b) {
  const [one, other] = [clockParts(instant, a), clockParts(instant, b)];
  return one.date !== other.date || one.hour !== other.hour || one.minute !== other.minute;
}

/**
 * Weekday names in the locale's order.
 * @param {string} locale
 * @param {number} firstDay 0 Monday … 6 Sunday
 * @returns {{ short: string, long: string }[]}
 */
export function weekdays(locale, firstDay) {
  const short = new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" });
  const long = new Intl.DateTimeFormat(locale, { weekday: "long", timeZone: "UTC" });
  return [...Array(7).keys()].map((index) => {
    const day = new Date(Date.UTC(2024, 0, 1 + ((firstDay + index) % 7))); // 1 January 2024 was a Monday
    return { short: short.format(day), long: long.format(day) };
  });
}

/**
 * The days a month's grid shows: whole weeks, `null` outside of the month.
 * @param {number} year
 * @param {number} month 1 to 12
 * @param {number} firstDay 0 Monday … 6 Sunday
 * @returns {(string | null)[][]} YYYY-MM-DD
 */
export function monthWeeks(year, month, firstDay) {
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6 - firstDay + 7) % 7;
  const prefix = `${year}-${String(month).padStart(2, "0")}-`;
  const cells = [
    ...Array(lead).fill(null),
    ...Array.from({ length: count }, (_, index) => prefix + String(index + 1).padStart(2, "0")),
  ];
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}

/**
 * Money in minor units as words.
 * @param {{ amount: number, currency: string }} money
 * @param {string} locale
 * @param {{ short?: boolean }} [options] short: no cents where they are zero
 */
export function formatMoney({ amount, currency }, locale, { short = false } = {}) {
  const digits = new Intl.NumberFormat(locale, { style: "currency", currency }).resolvedOptions().maximumFractionDigits;
  const value = amount / 10 ** (digits ?? 2);
  const fewer = short && Number.isInteger(value) ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(locale, { style: "currency", currency, ...fewer }).format(value);
}

/** @param {string | Date} instant @param {string} zone */
function clockParts(instant, zone) {
  const key = `parts|${zone}`;
  let format = made.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
    made.set(key, format);
  }
  /** @type {Record<string, string>} */
  const parts = {};
  for (const { type, value } of format.formatToParts(new Date(instant))) parts[type] = value;
  return { date: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour), minute: Number(parts.minute) };
}
