// Native <dialog>s by attributes: data-open-dialog="id" opens, data-close-dialog closes, a click beside it closes too.
// Without JavaScript the opener is a link or a submit button that leads to the same question on its own page.
// @ts-check

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const opener = event.target.closest("[data-open-dialog]");
  const wanted = opener && document.getElementById(opener.getAttribute("data-open-dialog") ?? "");
  if (wanted instanceof HTMLDialogElement) {
    event.preventDefault();
    wanted.showModal();
    return;
  }
  const closer = event.target.closest("[data-close-dialog]");
  if (closer) closer.closest("dialog")?.close();
  else if (event.target instanceof HTMLDialogElement && isBeside(event.target, event)) event.target.close();
});

/** @param {HTMLDialogElement} dialog @param {MouseEvent} event */
function isBeside(dialog, { clientX, clientY }) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}

/**
 * Opens a dialog and answers how it was closed.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>} the value of the button that closed it, "" when turned away
 */
export function ask(dialog) {
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}
