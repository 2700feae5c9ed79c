// Whether the server can be reached again. A network that is there is not enough: what counts is an answer.
// @ts-check

const FIRST_PAUSE_MS = 4000;
const LONGEST_PAUSE_MS = 60_000;
const PATIENCE_MS = 8000;

/** @param {string} org */
async function answers(org) {
  try {
    // The service worker leaves this to the network; it is short, and about nobody.
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const url = `/${org}/manifest.webmanifest`;
    const answer = await fetch(url, { method: "HEAD", cache: "no-store", credentials: "omit", signal });
    return answer.status < 500;
  } catch {
    return false;
  }
}

/**
 * Says once that there was an answer. It asks with growing pauses, longer from the start where the page was opened
 * again in vain, while somebody looks; and when the browser says that there is a network.
 * @param {string} org @param {() => void} then @param {{ at_once?: boolean }} [options]
 */
export function whenReached(org, then, { at_once = false } = {}) {
  let pause = FIRST_PAUSE_MS * 2 ** openedBefore();
  let timer = 0;
  let isAsking = false;
  const ended = new AbortController();
  const { signal } = ended;
  const wait = () => {
    timer = window.setTimeout(ask, Math.min(pause, LONGEST_PAUSE_MS));
    pause *= 2;
  };
  async function ask() {
    if (isAsking || document.hidden) return; // asked again once it is seen
    clearTimeout(timer);
    isAsking = true;
    const isReached = navigator.onLine && (await answers(org));
    isAsking = false;
    if (!isReached) return wait();
    ended.abort();
    then();
  }
  window.addEventListener("online", ask, { signal });
  document.addEventListener("visibilitychange", ask, { signal });
  if (at_once) void ask();
  else wait();
}

/** Says that the page in whose place this one stands has come after all: it opens at once now. @param {() => void} then */
export function whenAnswered(then) {
  const heard = (/** @type {MessageEvent} */ { data }) => data?.kind === "answered" && then();
  navigator.serviceWorker?.addEventListener("message", heard);
}

function openedBefore() {
  return Number(history.state?.opened ?? 0);
}

/** Asks for this page anew, and remembers in the tab's history that it did. */
export function openAgain() {
  history.replaceState({ ...history.state, opened: openedBefore() + 1 }, "");
  location.reload();
}
