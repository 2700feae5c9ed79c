// Inside another site's page: says how tall this page is and what has happened, to that site alone, and opens in a new
// tab whatever does not belong into the frame. Only a page that the organization allows hears an answer.
// @ts-check

const data = document.documentElement.dataset;
const allowed = (data.framedBy ?? "").split(" ");
const inside = data.framedIn ?? "/";
let told = 0;
/** @type {string} */
let site = "";

/** @param {Record<string, unknown>} message */
function tell(message) {
  if (site) window.parent.postMessage(message, site);
}

function measure() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height !== told) tell({ holdfast: "height", height: (told = height) });
}

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || !allowed.includes(event.origin) || event.data?.holdfast !== "hello") return;
  if (!site) {
    site = event.origin;
    tell({ holdfast: "page" });
    const booked = document.querySelector("[data-booked]");
    if (booked instanceof HTMLElement) tell({ holdfast: "booked", reference: booked.dataset.booked });
    new ResizeObserver(measure).observe(document.body);
  }
  told = 0;
  measure();
});

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!(link instanceof HTMLAnchorElement) || link.protocol.startsWith("mailto") || link.protocol.startsWith("tel"))
    return;
  const stays =
    link.origin === location.origin && (link.pathname === inside || link.pathname.startsWith(`${inside}booking`));
  if (stays) return;
  link.target = "_blank";
  link.rel = "noopener";
});

// The one thing that is said to anybody: that there is a page. It holds nothing.
if (window.parent !== window) window.parent.postMessage({ holdfast: "ready" }, "*");
