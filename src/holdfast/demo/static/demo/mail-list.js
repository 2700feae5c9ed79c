// The demo's mailbox shows new mail by itself: only while somebody looks, and never under a person's focus.
// @ts-check

const list = document.getElementById("mails");
const pause = Number(list?.dataset.refreshSeconds) * 1000;

async function refresh() {
  if (!list || document.hidden || list.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("mails");
    if (fresh && fresh.innerHTML !== list.innerHTML) list.replaceChildren(...fresh.childNodes);
  } catch {
    // The server is away for a moment; the next look may find it.
  }
}

if (list && pause) setInterval(refresh, pause);
document.addEventListener("visibilitychange", refresh);
