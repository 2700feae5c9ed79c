// Single-key shortcuts. They can be turned off (WCAG 2.1.4), and never fire while somebody types.
// @ts-check

const SETTING = "desk-shortcuts";
const LINKS = "[data-lines] .row-link";

/** Listens for keys; the help dialog's checkbox turns them off on this device. */
export function startKeys() {
  const box = document.querySelector("[data-shortcuts]");
  if (box instanceof HTMLInputElement) {
    box.checked = enabled();
    box.addEventListener("change", () => localStorage.setItem(SETTING, box.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    const run = enabled() && !document.querySelector("dialog[open]") ? KEYS[event.key] : undefined;
    if (!run) return;
    event.preventDefault();
    run();
  });
}

/** @type {Record<string, () => void>} */
const KEYS = {
  "/": () => {
    const search = document.querySelector("input[type=search]");
    if (search instanceof HTMLInputElement) search.select();
    else go("bookings");
  },
  j: () => step(1),
  k: () => step(-1),
  x: () => {
    const box = document.activeElement?.closest("tr")?.querySelector("input[type=checkbox]");
    if (box instanceof HTMLElement) box.click();
  },
  t: () => go("today"),
  b: () => go("bookings"),
  n: () => go("new"),
  "?": () => {
    const help = document.getElementById("keys");
    if (help instanceof HTMLDialogElement) help.showModal();
  },
};

/** @param {number} by */
function step(by) {
  const links = [...document.querySelectorAll(LINKS)].filter((one) => one instanceof HTMLElement);
  if (!links.length) return;
  const line = document.activeElement?.closest("li, tr");
  const here = links.findIndex((link) => line?.contains(link));
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, here + by));
  links[next].focus({ focusVisible: true });
}

/** @param {"today" | "bookings" | "new"} place */
function go(place) {
  const address = document.getElementById("desk-places")?.dataset[place];
  if (address) location.assign(address);
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return (
    target instanceof Element &&
    target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null
  );
}

function enabled() {
  return localStorage.getItem(SETTING) !== "off";
}
