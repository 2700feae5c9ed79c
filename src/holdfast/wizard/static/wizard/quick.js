// The short forms ask only what the chosen service has: others' members, lengths and places step aside. What was chosen
// in one form is chosen in the other; a field that nobody filled stays out of the address.
// @ts-check

const forms = /** @type {HTMLFormElement[]} */ ([...document.querySelectorAll(".quick, #full-form form")]);

/** @param {HTMLFormElement} form */
function fit(form) {
  const service = form.elements.namedItem("service");
  if (!(service instanceof HTMLSelectElement)) return;
  const has = (/** @type {HTMLElement} */ each) =>
    !each.dataset.services || each.dataset.services.split(" ").includes(service.value);
  for (const select of form.querySelectorAll("select")) {
    if (select === service) continue;
    for (const option of select.options) option.hidden = option.disabled = !has(option);
    if (select.selectedOptions[0]?.disabled)
      select.selectedIndex = [...select.options].findIndex((each) => !each.disabled);
    const field = /** @type {HTMLElement | null} */ (select.closest(".field"));
    const choices = [...select.options].filter((each) => !each.disabled && each.value);
    if (field) field.hidden = !has(field) || (select.name !== "resource" && choices.length < 2) || !choices.length;
    select.disabled = Boolean(field?.hidden);
  }
}

for (const form of forms) {
  fit(form);
  form.addEventListener("change", (event) => {
    const changed = /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target);
    for (const other of forms) {
      const same = other.elements.namedItem(changed.name);
      if (same instanceof HTMLInputElement || same instanceof HTMLSelectElement) same.value = changed.value;
      fit(other);
    }
  });
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}
window.addEventListener("pageshow", () => forms.forEach(fit)); // what the browser remembers of a form comes back late
