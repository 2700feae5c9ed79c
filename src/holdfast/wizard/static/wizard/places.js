// Where from and where to, as the form has it: a place of the list, or coordinates typed beside it.
// @ts-check

const ELSEWHERE = "elsewhere";

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
    const chosen = valueOf(form, end);
    field.hidden = chosen !== ELSEWHERE;
    const said = chosen === ELSEWHERE ? valueOf(form, `${end}_at`).trim() : chosen;
    if (said) found[end] = said;
  }
  return found;
}

/** @param {HTMLFormElement} form @param {string} name */
function valueOf(form, name) {
  const control = form.elements.namedItem(name);
  return control instanceof HTMLSelectElement || control instanceof HTMLInputElement ? control.value : "";
}

/** The refusal of a way, which asking again does not mend; null for all that it may. @param {any} error */
export function refusalOf(error) {
  if (error?.code === "no_price_here") return error.message;
  return error?.code === "validation_error" ? (error.document.errors?.[0]?.message ?? error.message) : null;
}
