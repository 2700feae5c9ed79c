// A page keeps itself current: it is fetched again every 20 seconds, or as `data-live` says; only alerts and lines that differ are replaced.
// Nothing is touched that has the focus, so nobody loses their place; hidden pages do not ask.
// @ts-check

const EVERY_SECONDS = 20;

export function keepCurrent() {
  const live = document.querySelector("[data-live]");
  if (!live) return;
  let asking = false;
  const look = async () => {
    if (asking || document.hidden || document.querySelector("dialog[open], details[data-menu][open]")) return;
    asking = true;
    try {
      const response = await fetch(location.href, { signal: AbortSignal.timeout(10_000), redirect: "error" });
      if (response.ok) {
        const fresh = bodyOf(await response.text());
        take(fresh);
        if (!fresh.querySelector("[data-live]")) stop();
      }
    } catch {
      // Offline or being restarted: what is shown stays, and the next look tries again.
    } finally {
      asking = false;
    }
  };
  const every = Number(live.getAttribute("data-live")) || EVERY_SECONDS;
  const timer = setInterval(look, every * 1000);
  document.addEventListener("visibilitychange", look);
  const stop = () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}

/** The body alone: the head's style has another answer's nonce, and our own policy would complain. @param {string} page */
function bodyOf(page) {
  return new DOMParser().parseFromString(page.slice(page.indexOf("<body")), "text/html");
}

/** @param {Document} fresh */
function take(fresh) {
  takeAlerts(fresh);
  const [here, there] = [document.getElementById("live"), fresh.getElementById("live")];
  if (!here || !there) return;
  const link = ".nav-link[aria-current]";
  update(document.querySelector(link), fresh.querySelector(link));
  const [mine, theirs] = [parts(here), parts(there)];
  if (mine.map(shape).join() !== theirs.map(shape).join()) {
    if (!here.contains(document.activeElement)) here.replaceChildren(...there.childNodes);
    return;
  }
  mine.forEach((part, index) => {
    if (!part.matches(".empty")) update(part, theirs[index]);
  });
  const lists = [...there.querySelectorAll("[data-lines]")];
  [...here.querySelectorAll("[data-lines]")].forEach((list, index) => patch(list, lists[index]));
}

/** An emergency appears, or goes when somebody takes care of it, whatever else the page shows. @param {Document} fresh */
function takeAlerts(fresh) {
  const [here, there] = [document.getElementById("alerts"), fresh.getElementById("alerts")];
  if (!here || !there || ids(here) === ids(there) || here.contains(document.activeElement)) return;
  here.replaceChildren(...there.childNodes);
}

/** @param {Element} root */
function ids(root) {
  return [...root.querySelectorAll("[data-alert]")].map((each) => each.getAttribute("data-alert")).join();
}

/** What the page is made of, but for its lines. @param {Element} root */
function parts(root) {
  return [...root.querySelectorAll("[data-shape]")];
}

/** @param {Element} part */
function shape(part) {
  return part.getAttribute("data-shape") ?? "";
}

/** @param {Element | null} shown @param {Element | null} wanted */
function update(shown, wanted) {
  if (shown && wanted && shown.innerHTML !== wanted.innerHTML) shown.innerHTML = wanted.innerHTML;
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
