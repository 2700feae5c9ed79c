// Choosing several bookings: all at once, a range with Shift, and how many are chosen.
// @ts-check

export function startChoosing() {
  const form = document.querySelector("form[data-bulk]");
  const bar = form?.querySelector("[data-bulk-bar]");
  const count = form?.querySelector("[data-bulk-count]");
  const all = form?.querySelector("[data-choose-all]");
  if (!form || !(bar instanceof HTMLElement) || !(count instanceof HTMLElement)) return;
  /** @type {HTMLInputElement[]} */
  const boxes = [...form.querySelectorAll("input[name=booking]")].filter((one) => one instanceof HTMLInputElement);
  /** @type {HTMLInputElement | null} */
  let last = null;

  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    bar.toggleAttribute("data-idle", chosen === 0);
    count.textContent = chosen ? (count.dataset.words ?? "").replace("{count}", String(chosen)) : "";
    if (all instanceof HTMLInputElement) {
      all.checked = chosen > 0 && chosen === boxes.length;
      all.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  };
  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all instanceof HTMLInputElement && all.checked;
    show();
  });
  form.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || box.name !== "booking") return;
    if (event instanceof MouseEvent && event.shiftKey && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    show();
  });
  show();
  window.addEventListener("pageshow", show); // the browser may have kept the ticks
}
