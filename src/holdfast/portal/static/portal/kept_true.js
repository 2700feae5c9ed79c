// What the page shows of somebody's bookings is kept true: what the business changes, or they themselves elsewhere,
// stands on the page at once, in its place, and is said.
// @ts-check
import { Live } from "../web/live.js";
import { toast } from "../web/toast.js";
import { fill } from "../web/words.js";

const TOGETHER_MS = 200;
const REGIONS = "[data-kept-true]";
const [first] = regionsOf(document);
const { events = "", changed = "" } = first?.dataset ?? {};
/** References of what has changed and was not said yet. @type {Set<string>} */
const news = new Set();
let timer = 0;

/** @param {Document} among @returns {HTMLElement[]} */
function regionsOf(among) {
  return [...among.querySelectorAll(REGIONS)].filter((each) => each instanceof HTMLElement);
}

/** The page again as it is now, and of it what is kept true. */
async function refresh() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer) return; // the stream comes back with the connection
  if (!answer.ok || answer.redirected) return location.reload(); // signed out, or the link is good no more
  // A page's own style is not for a document that is only read.
  const text = (await answer.text()).replace(/<style[\s\S]*?<\/style>/g, "");
  const fresh = regionsOf(new DOMParser().parseFromString(text, "text/html"));
  const refind = focusIn(document.activeElement);
  regionsOf(document).forEach((shown, index) => replace(shown, fresh[index]));
  refind();
  for (const reference of news) toast(fill(changed, { reference }));
  news.clear();
}

/** A dialog that is open is left alone: the server looks at what is sent from it. @param {HTMLElement} shown @param {HTMLElement | undefined} fresh */
function replace(shown, fresh) {
  if (!fresh || shown.innerHTML === fresh.innerHTML || shown.hasAttribute("open")) return;
  shown.replaceChildren(...fresh.childNodes);
}

/** Puts the focus on what then stands in the place of what has it now. @param {Element | null} focused @returns {() => void} */
function focusIn(focused) {
  const region = focused?.closest(REGIONS);
  if (!focused || !region) return () => {};
  const alike = () =>
    [...document.querySelectorAll(`${REGIONS} :is(a, button)`)].filter((each) => each.textContent === words);
  const words = focused.textContent;
  const place = alike().indexOf(focused);
  return () => {
    if (focused.isConnected) return;
    const found = alike()[place] ?? document.querySelector(`${REGIONS} h1`);
    if (!(found instanceof HTMLElement)) return;
    if (found.matches("h1")) found.tabIndex = -1;
    found.focus({ preventScroll: true });
  };
}

/** @param {Event} [event] */
function note(event) {
  const reference = event instanceof CustomEvent && event.detail.data.reference;
  if (reference) news.add(reference);
  clearTimeout(timer);
  timer = window.setTimeout(() => void refresh(), TOGETHER_MS);
}

if (events) {
  const live = new Live(events);
  live.addEventListener("envelope", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.data.reference) note(event);
  });
  live.addEventListener("hello", () => note(), { once: true }); // whatever came between the page and the stream
  live.addEventListener("lost", () => note());
  live.open();
}
