// The desk's conveniences: single keys, choosing several, a day that keeps itself current. Every page works without.
// @ts-check
import { keepCurrent } from "./live.js";
import { startKeys } from "./keys.js";
import { startChoosing } from "./choosing.js";

for (const element of document.querySelectorAll("[data-needs-script]")) element.removeAttribute("hidden");
for (const element of document.querySelectorAll("[data-without-script]")) element.setAttribute("hidden", "");

startKeys();
startChoosing();
keepCurrent();

// A choice that decides what the page shows is followed at once.
document.addEventListener("change", (event) => {
  const changed = event.target;
  if (!(changed instanceof HTMLSelectElement || changed instanceof HTMLInputElement)) return;
  if (changed.matches("[data-submits]") || changed.closest("[data-wish]")) changed.form?.requestSubmit();
});

// Fields left empty stay out of the address.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "get") return;
  for (const field of form.elements) {
    if ((field instanceof HTMLInputElement || field instanceof HTMLSelectElement) && !field.value)
      field.disabled = true;
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// The chosen day of a strip that scrolls is in sight.
document.querySelector(".day-cell[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
