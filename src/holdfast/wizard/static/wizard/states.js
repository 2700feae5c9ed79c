// What stands in the place of free times while they are looked for, when they cannot be had, and when they are old. It is
// of the size of what is to come, so that nothing moves under one's hands.
// @ts-check
import { formatInstant } from "../web/dates.js";
import { element, fill } from "../web/words.js";

/** @typedef {import("../web/words.js").Texts} Texts */

// An answer that is there at once needs no skeleton; what lasts is said in words, and in the end with a way out.
const AT_ONCE_MS = 150;
const IN_WORDS_MS = 1_000;
const SLOW_MS = 8_000;
const [GROUPS, ROWS] = [2, 6];

/**
 * @param {HTMLElement} times @param {Texts} texts
 * @param {{ draw: () => void, again: () => void }} steps draw: the month without its free times; again: ask once more
 * @returns {() => void} ends it
 */
export function waitFor(times, texts, { draw, again }) {
  const steps = [
    setTimeout(() => {
      draw();
      times.replaceChildren(skeleton());
    }, AT_ONCE_MS),
    setTimeout(() => {
      const first = times.querySelector(".skeleton-title");
      first?.replaceWith(element("p", { class: "spinner" }, element("span", {}, `${texts.loading}…`)));
    }, IN_WORDS_MS),
    setTimeout(() => times.replaceChildren(sorry(texts.slow, { texts, again, role: "status" })), SLOW_MS),
  ];
  return () => steps.forEach(clearTimeout);
}

function skeleton() {
  const bar = (/** @type {string} */ name) => element("span", { class: `skeleton ${name}` });
  const groups = Array.from({ length: GROUPS }, () =>
    element(
      "div",
      { class: "times-group" },
      bar("skeleton-title"),
      element("div", { class: "times-list" }, ...Array.from({ length: ROWS }, () => bar("skeleton-time"))),
    ),
  );
  return element("div", { class: "times times-wait" }, ...groups);
}

/**
 * What happened, another attempt, and whom to call.
 * @param {string} words @param {{ texts: Texts, again: () => void, role: "alert" | "status" }} given
 */
export function sorry(words, { texts, again, role }) {
  const button = element("button", { class: "button", type: "button" }, texts.retry);
  button.addEventListener("click", again);
  return element("div", { class: "no-times times-wait", role }, element("p", {}, words), button, whomToCall());
}

/** The sentence that the page brought along, where there is somebody to call. */
export function whomToCall() {
  const brought = document.getElementById("call");
  return brought instanceof HTMLTemplateElement ? brought.content.cloneNode(true) : "";
}

/**
 * Below the times, which so stay where they are: how old they are, as long as they cannot be looked at again.
 * @param {number | null} at milliseconds since the epoch, null where they are true
 * @param {{ locale: string, zone: string, texts: Texts }} place
 * @returns {string} what is said now and was not before
 */
export function sayAge(at, { texts, ...place }) {
  const line = document.getElementById("as-of");
  const words = at === null ? "" : fill(texts.as_of, { time: formatInstant(new Date(at), "when", place) });
  const before = line?.querySelector("span")?.textContent ?? "";
  line?.toggleAttribute("hidden", !words);
  line?.querySelector("span")?.replaceChildren(words);
  return words === before ? "" : words;
}
