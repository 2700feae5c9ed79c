// What was typed, in this tab: on the page of the details while it was connected, and on the one that works without.
// @ts-check

const PREFIX = "holdfast.form."; // as web/autosave.js writes it
/** @typedef {Record<string, string>} Values */

/** @param {string} key @returns {Record<string, string[]>} */
function kept(key) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key) ?? "{}");
  } catch {
    return {};
  }
}

/** What was typed before. @param {string} org @param {string} country where a number without its country's code is @returns {Values} */
export function typedBefore(org, country) {
  const all = { ...kept(`${org}-details`), ...kept(`${org}-offline`) };
  /** @type {Values} */
  const values = Object.fromEntries(Object.entries(all).map(([name, [first]]) => [name, first ?? ""]));
  const elsewhere = values.phone_country && values.phone_country !== country && !values.phone?.startsWith("+");
  if (elsewhere) delete values.phone; // its country's code was said beside it
  return values;
}

/** @param {string} org @param {Values} values */
export function remember(org, values) {
  const lists = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
  try {
    sessionStorage.setItem(`${PREFIX}${org}-offline`, JSON.stringify(lists));
  } catch {
    // storage may be full or forbidden; the form works without it
  }
}

/** Nothing that was typed stays in this tab. @param {string} org */
export function forgetTyped(org) {
  try {
    for (const key of [`${PREFIX}${org}-details`, `${PREFIX}${org}-offline`, `holdfast.hold.${org}`]) sessionStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}

/** The time that is held for this tab. @param {string} org @returns {{ id: string, at: string } | null} */
export function heldTime(org) {
  try {
    return JSON.parse(sessionStorage.getItem(`holdfast.hold.${org}`) ?? "null");
  } catch {
    return null;
  }
}
