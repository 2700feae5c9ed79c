// A field says what is wrong when one leaves it, in the words the server would use, and takes it back as one types.
// Nobody is told off for what they have not typed yet; the server has the last word in any case.
//
// The words come with the field: data-missing, data-wrong (addresses and telephone numbers), data-short (with minlength);
// on the control itself data-after, the name of the field that it must not lie before, and data-early, what to say then.
// @ts-check
import { canBePhone, isWholeEmail } from "./checks.js";

const FIELDS = ".field[data-missing], .field[data-wrong], .field[data-short], .field:has([data-after])";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/** @param {Element | RadioNodeList | EventTarget | null} target @returns {Control | null} */
function controlOf(target) {
  const known =
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
  // The country of a number stands beside it and is never wrong by itself.
  return known && target.autocomplete !== "tel-country-code" && target.closest(FIELDS) ? target : null;
}

/** What is wrong with it, in words; nothing if all is well. @param {Control} control */
function wrongWith(control) {
  const words = /** @type {HTMLElement} */ (control.closest(FIELDS)).dataset;
  const value = control.value.trim();
  if (!value) return words.missing ?? "";
  if (control.type === "email") return isWholeEmail(value) ? "" : (words.wrong ?? "");
  if (control.type === "tel") return canBePhone(value) ? "" : (words.wrong ?? "");
  if (words.short && control.value.length < Number(control.getAttribute("minlength"))) return words.short;
  const before = controlOf(control.form?.elements.namedItem(control.dataset.after ?? "") ?? null);
  return before?.value && value < before.value ? (control.dataset.early ?? "") : "";
}

/** @param {Control} control @param {string} words */
function say(control, words) {
  const place = control.closest(FIELDS)?.querySelector(".field-error");
  const text = place?.querySelector("span");
  if (!(place instanceof HTMLElement) || !text) return;
  text.textContent = words;
  place.hidden = !words;
  const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== place.id);
  const described = words ? [...others, place.id] : others;
  if (described.length) control.setAttribute("aria-describedby", described.join(" "));
  else control.removeAttribute("aria-describedby");
  if (words) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

/** @param {Control} control @returns {Control[]} those whose truth depends on it, too */
function withDependents(control) {
  const all = /** @type {Control[]} */ ([...(control.form?.elements ?? [])]);
  return [control, ...all.filter((each) => control.name && each.dataset?.after === control.name)];
}

/** While this script was still on its way. @param {Control} control */
const wasTypedBefore = (control) =>
  !(control instanceof HTMLSelectElement) && Boolean(control.value) && control.value !== control.defaultValue;

/** @type {WeakSet<Control>} */
const typed = new WeakSet();

document.addEventListener("input", (event) => {
  const chosen = event.target instanceof Element ? event.target.closest('fieldset[aria-invalid="true"]') : null;
  if (chosen) {
    chosen.removeAttribute("aria-invalid"); // an answer is there now
    chosen.querySelector(":scope > .field-error")?.setAttribute("hidden", "");
  }
  const control = controlOf(event.target);
  if (!control) return;
  typed.add(control);
  for (const each of withDependents(control))
    if (each.getAttribute("aria-invalid") === "true" && !wrongWith(each)) say(each, "");
});

document.addEventListener("focusout", (event) => {
  const control = controlOf(event.target);
  if (!control || !(typed.has(control) || wasTypedBefore(control))) return;
  for (const each of withDependents(control)) if (each === control || each.value) say(each, wrongWith(each));
});
