// A short word at the edge of the page, with at most one action. The region and the word for "dismiss" are in base.html.
// @ts-check

const SHORTEST_MS = 5000;

/**
 * Shows a toast; it waits while it is pointed at or focused. Answers a function that takes it away.
 * @param {string} text
 * @param {{ action?: { label: string, run: () => void }, seconds?: number }} [options]
 *   seconds: default 5, or 10 with an action; 0 stays until dismissed
 * @returns {() => void}
 */
export function toast(text, { action, seconds = action ? 10 : SHORTEST_MS / 1000 } = {}) {
  const region = document.querySelector(".toasts");
  if (!(region instanceof HTMLElement)) throw new Error("this page has no .toasts region");
  const element = document.createElement("div");
  element.className = "toast";
  const words = document.createElement("span");
  words.className = "toast-text";
  words.textContent = text;
  element.append(words);

  const remove = () => {
    clearTimeout(timer);
    element.remove();
  };
  if (action) {
    element.append(
      button("link-button", action.label, () => {
        remove();
        action.run();
      }),
    );
  }
  const dismiss = button("icon-button", "", remove);
  dismiss.setAttribute("aria-label", region.dataset.dismiss ?? "");
  const cross = region.querySelector("template");
  if (cross) dismiss.append(cross.content.cloneNode(true));
  element.append(dismiss);

  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    if (seconds > 0) timer = window.setTimeout(remove, seconds * 1000);
  };
  const pause = () => clearTimeout(timer);
  element.addEventListener("pointerenter", pause);
  element.addEventListener("pointerleave", start);
  element.addEventListener("focusin", pause);
  element.addEventListener("focusout", start);
  region.append(element);
  start();
  return remove;
}

/** @param {string} className @param {string} label @param {() => void} run */
function button(className, label, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = label;
  made.addEventListener("click", run);
  return made;
}
