// A field says what is wrong when one leaves it, in the words the server would use, and takes it back as one types.
// Nobody is told off for what they have not typed yet; the server has the last word in any case.
// @ts-check

const CONTROLS = ".field[data-missing], .field[data-wrong]";
const WHOLE_EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/** @param {EventTarget | null} target @returns {Control | null} */
function controlOf(target) {
  const known =
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
  return known && target.closest(CONTROLS) ? target : null;
}

/** What is wrong with it, in words; nothing if all is well. @param {Control} control */
function wrongWith(control) {
  const words = /** @type {HTMLElement} */ (control.closest(CONTROLS)).dataset;
  const value = control.value.trim();
  if (!value) return words.missing ?? "";
  return control.type === "email" && !WHOLE_EMAIL.test(value) ? (words.wrong ?? "") : "";
}

/** @param {Control} control @param {string} words */
function say(control, words) {
  const place = control.closest(CONTROLS)?.querySelector(".field-error");
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

/** @type {WeakSet<Control>} */
const typed = new WeakSet();

document.addEventListener("input", (event) => {
  const control = controlOf(event.target);
  if (!control) return;
  typed.add(control);
  if (control.getAttribute("aria-invalid") === "true" && !wrongWith(control)) say(control, "");
});

document.addEventListener("focusout", (event) => {
  const control = controlOf(event.target);
  if (control && typed.has(control)) say(control, wrongWith(control));
});
