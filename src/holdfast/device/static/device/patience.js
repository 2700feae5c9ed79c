// How long an answer is waited for, and what becomes of one that comes later.
// @ts-check

const LATE_KEPT_MS = 10_000;

/**
 * The answer, or nothing where it fails or does not come in time; it is not given up for that.
 * @param {number} milliseconds @param {Promise<Response>} coming
 */
export async function within(milliseconds, coming) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<undefined>} */
  const enough = new Promise((go) => {
    timer = setTimeout(() => go(undefined), milliseconds);
  });
  const answer = await Promise.race([coming.catch(() => undefined), enough]);
  clearTimeout(timer);
  return answer;
}

/** Answers that came too late for their page, each for the next who asks, once and at once; in memory only. */
export function lateAnswers() {
  /** @type {Map<string, Response>} */
  const kept = new Map();
  return {
    /** @param {string} url @param {Response} answer */
    keep(url, answer) {
      kept.set(url, answer);
      setTimeout(() => kept.get(url) === answer && kept.delete(url), LATE_KEPT_MS);
    },
    /** @param {string} url */
    take(url) {
      const answer = kept.get(url);
      kept.delete(url);
      return answer;
    },
  };
}
