// A tip or a payment method that changes the price is shown in it at once; without this, a button does it.
// @ts-check

const button = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-show-price]"));
const amount = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=tip_amount]"));

if (button) {
  button.closest("[data-without-script]")?.setAttribute("hidden", "");
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.closest("[data-reprice]")) return;
    if (field.value === "other" && field.name === "tip") return void amount?.focus();
    button.form?.requestSubmit(button);
  });
  amount?.addEventListener("input", () => {
    const other = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=tip][value=other]"));
    if (other) other.checked = true;
  });
}
