// Today keeps itself current: the page is fetched again every 20 seconds and only lines that differ are replaced.
// Nothing is touched that has the focus, so nobody loses their place; hidden pages do not ask.
// @ts-check

const EVERY_MS = 20_000;

export function keepCurrent() {
  if (!document.querySelector("[data-live]")) return;
  let asking = false;
  const look = async () => {
    if (asking || document.hidden || document.querySelector("dialog[open], details[data-menu][open]")) return;
    asking = true;
    try {
      const response = await fetch(location.href, { signal: AbortSignal.timeout(10_000), redirect: "error" });
      if (response.ok) take(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      // Offline or being restarted: what is shown stays, and the next look tries again.
    } finally {
      asking = false;
    }
  };
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}

/** @param {Document} fresh */
function take(fresh) {
  const [here, there] = [document.getElementById("live"), fresh.getElementById("live")];
  if (!here || !there) return;
  const shape = (/** @type {Element} */ root) => [...root.querySelectorAll("[data-part], .kind-head")].map(outline).join();
  const count = fresh.querySelector(".nav-link[aria-current]");
  const link = document.querySelector(".nav-link[aria-current]");
  if (count && link && count.innerHTML !== link.innerHTML) link.innerHTML = count.innerHTML;
  if (shape(here) !== shape(there)) {
    if (!here.contains(document.activeElement)) here.replaceChildren(...there.childNodes);
    return;
  }
  const lists = [...there.querySelectorAll("[data-lines]")];
  [...here.querySelectorAll("[data-lines]")].forEach((list, index) => patch(list, lists[index]));
}

/** What a part of the page is made of, but for its lines. @param {Element} part */
function outline(part) {
  return part.matches(".kind-head") ? part.textContent?.trim() : (part.getAttribute("data-part") ?? "");
}

/** Makes the lines of `list` those of `wanted`, by id; equal and focused ones stay. @param {Element} list @param {Element | undefined} wanted */
function patch(list, wanted) {
  if (!wanted) return;
  let at = list.firstElementChild;
  const kept = new Set();
  for (const line of [...wanted.children]) {
    const known = line.id ? document.getElementById(line.id) : null;
    const stays = known !== null && known.parentElement === list;
    const same = stays && known.getAttribute("data-stamp") === line.getAttribute("data-stamp");
    const shown = stays && (same || known.contains(document.activeElement)) ? known : line;
    kept.add(shown);
    if (shown === at) at = at.nextElementSibling;
    else if (shown !== known || !known.contains(document.activeElement)) list.insertBefore(shown, at);
  }
  for (const line of [...list.children]) {
    if (!kept.has(line) && !line.contains(document.activeElement)) line.remove();
  }
}
