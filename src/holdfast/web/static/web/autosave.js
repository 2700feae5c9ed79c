// Nothing typed is ever lost: a form with data-autosave="key" keeps its values in this tab until it has been accepted.
// The page that follows a success carries data-autosave-done="key" somewhere; until then a reload or a lost connection
// brings everything back. Passwords, files, hidden fields and data-no-autosave are left out.
// data-autosave-version names what the server knows already: what was typed onto another version is older than that.
// @ts-check

const PREFIX = "holdfast.form.";
const VERSION = ""; // no control has this name
const SKIPPED = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */

/** @param {HTMLFormElement} form @returns {Control[]} */
function controls(form) {
  return /** @type {Control[]} */ ([...form.elements]).filter(
    (control) => control.name && !SKIPPED.has(control.type) && !control.hasAttribute("data-no-autosave"),
  );
}

/** @param {Control} control */
function isToggle(control) {
  return control instanceof HTMLInputElement && (control.type === "checkbox" || control.type === "radio");
}

/** @param {HTMLFormElement} form @param {string} key */
function save(form, key) {
  /** @type {Record<string, string[]>} */
  const values = {};
  if (form.dataset.autosaveVersion !== undefined) values[VERSION] = [form.dataset.autosaveVersion];
  for (const control of controls(form)) {
    values[control.name] ??= [];
    if (isToggle(control)) {
      if (/** @type {HTMLInputElement} */ (control).checked) values[control.name].push(control.value);
    } else values[control.name].push(control.value);
  }
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify(values));
  } catch {
    // storage may be full or forbidden; the form works without it
  }
}

/** @param {HTMLFormElement} form @param {string} key */
function restore(form, key) {
  /** @type {Record<string, string[]> | null} */
  let values = null;
  try {
    values = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? "null");
  } catch {
    return;
  }
  if (!values || values[VERSION]?.[0] !== form.dataset.autosaveVersion) return;
  /** @type {Record<string, number>} */
  const position = {};
  for (const control of controls(form)) {
    const kept = values[control.name];
    if (!kept) continue;
    if (isToggle(control)) /** @type {HTMLInputElement} */ (control).checked = kept.includes(control.value);
    else {
      const index = (position[control.name] ??= 0);
      position[control.name] += 1;
      if (kept[index] !== undefined) control.value = kept[index];
    }
  }
  form.dispatchEvent(new CustomEvent("autosave-restored", { bubbles: true }));
}

/** Forgets what was kept. @param {string} key */
export function forget(key) {
  try {
    sessionStorage.removeItem(PREFIX + key);
  } catch {
    // nothing was kept
  }
}

for (const done of document.querySelectorAll("[data-autosave-done]"))
  forget(done.getAttribute("data-autosave-done") ?? "");

for (const form of document.querySelectorAll("form[data-autosave]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  const key = form.dataset.autosave ?? "";
  // without a version, what the server sent back with its errors is newer than what was kept
  if (form.dataset.autosaveVersion !== undefined || !form.querySelector('[aria-invalid="true"]')) restore(form, key);
  form.addEventListener("input", () => save(form, key));
  form.addEventListener("change", () => save(form, key));
}
