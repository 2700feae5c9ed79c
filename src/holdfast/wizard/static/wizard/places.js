// Where from and where to, as the form has it: a place of the list, or a position beside it: coordinates, the device's
// own, or the link of a map, which the server reads.
// @ts-check

const ELSEWHERE = "elsewhere";
const COORDINATES = /^\s*-?\d{1,2}(\.\d+)?\s*[,;]\s*-?\d{1,3}(\.\d+)?\s*$/;
// Metres more or less do not change a price; the fifth digit is one.
const DIGITS = 5;

/**
 * By end of the way, what the API takes; an end that is not said is left out. Coordinates are asked for where wanted.
 * @param {HTMLFormElement} form @returns {Record<string, string>}
 */
export function placesOf(form) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const field of form.querySelectorAll("[data-elsewhere]")) {
    if (!(field instanceof HTMLElement)) continue;
    const end = field.dataset.elsewhere ?? "";
    const chosen = written(form, end);
    field.hidden = chosen !== ELSEWHERE;
    const said = chosen === ELSEWHERE ? written(form, `${end}_at`).trim() : chosen;
    if (said) found[end] = said;
  }
  return found;
}

/** Whether a position is said that only the server can read, or what it refused has changed.
 * @param {HTMLFormElement} form */
export function isToBeRead(form) {
  if (form.querySelector(".options-place [aria-invalid=true]")) return true;
  return [...form.querySelectorAll("[data-elsewhere]")].some((field) => {
    if (!(field instanceof HTMLElement) || written(form, field.dataset.elsewhere ?? "") !== ELSEWHERE) return false;
    const said = written(form, `${field.dataset.elsewhere}_at`).trim();
    return said !== "" && !COORDINATES.test(said);
  });
}

/** The device's position, where it has one and its owner allows it. @param {HTMLFormElement} form */
export function offerPosition(form) {
  if (!window.isSecureContext || !("geolocation" in navigator)) return;
  for (const button of form.querySelectorAll("[data-locate]")) {
    if (!(button instanceof HTMLButtonElement)) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-busy", "true");
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => found(form, button, `${coords.latitude.toFixed(DIGITS)}, ${coords.longitude.toFixed(DIGITS)}`),
        () => found(form, button, ""),
        { timeout: 15_000, maximumAge: 60_000 },
      );
    });
  }
}

/** @param {HTMLFormElement} form @param {HTMLButtonElement} button @param {string} position "" for none */
function found(form, button, position) {
  button.removeAttribute("aria-busy");
  const field = form.elements.namedItem(`${button.dataset.locate}_at`);
  if (!(field instanceof HTMLInputElement)) return;
  const problem = document.getElementById(`${field.name}_error`);
  if (problem) problem.hidden = Boolean(position);
  const words = problem?.querySelector("span");
  if (words) words.textContent = position ? "" : (button.dataset.failed ?? "");
  if (position) field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
  if (!position) return void field.focus();
  field.value = position;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {HTMLFormElement} form @param {string} name */
function written(form, name) {
  const control = form.elements.namedItem(name);
  return control instanceof HTMLSelectElement || control instanceof HTMLInputElement ? control.value : "";
}

/** The refusal of a way, which asking again does not mend; null for all that it may. @param {any} error */
export function refusalOf(error) {
  if (error?.code === "no_price_here") return error.message;
  return error?.code === "validation_error" ? (error.document.errors?.[0]?.message ?? error.message) : null;
}
