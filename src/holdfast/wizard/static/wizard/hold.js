// The end of a hold: "keep it" is offered first, and keeping it neither leaves the page nor loses a letter.
// @ts-check
import { requestJson } from "../web/http.js";
import { toast } from "../web/toast.js";

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("keep"));
const clock = document.querySelector("hold-countdown");
const form = dialog?.querySelector("form");

document.addEventListener("countdown-end", () => {
  if (dialog && !dialog.open) dialog.showModal();
});

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = /** @type {HTMLElement | null} */ (event.submitter);
  button?.setAttribute("aria-busy", "true");
  try {
    const held = await requestJson(dialog?.dataset.api ?? "", { method: "POST", body: {} });
    if (Date.parse(held.expires_at) <= Date.now() + 5000) throw new Error("held for as long as can be");
    clock?.setAttribute("until", held.expires_at);
    dialog?.close();
    toast(dialog?.dataset.kept ?? "");
  } catch {
    form.submit(); // the server holds the time anew, or says who has it and what is free
  } finally {
    button?.removeAttribute("aria-busy");
  }
});
