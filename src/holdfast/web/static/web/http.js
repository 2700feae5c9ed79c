// JSON over HTTP for a person on a bad connection: a time limit, patient retries, errors that can be told apart.
// @ts-check

/**
 * RFC 9457 problem document; `code` is ours and stable.
 * @typedef {{ status: number, code: string, title?: string, detail?: string, retry_after?: number,
 *   errors?: Record<string, string[]>, [member: string]: unknown }} ProblemDocument
 */

export class Problem extends Error {
  /** @param {ProblemDocument} document */
  constructor(document) {
    super(document.detail ?? document.title ?? document.code);
    this.name = "Problem";
    this.status = document.status;
    /** `offline` and `timeout` come from here, all others from the server. */
    this.code = document.code;
    this.document = document;
  }
}

const RETRIED = new Set([429, 503]);
const MOST_TRIES = 4;
const LONGEST_WAIT_MS = 20_000;

/**
 * Fetches JSON. Retries what may safely be repeated (GET, DELETE, and a POST with an idempotency key) on 429 and 503
 * after the server's Retry-After, and on a lost connection; everything else fails at once as a `Problem`.
 *
 * @param {string} url
 * @param {{ method?: string, body?: unknown, idempotencyKey?: string, headers?: Record<string, string>,
 *   timeoutMs?: number, tries?: number, credentials?: RequestCredentials, signal?: AbortSignal,
 *   onWait?: (milliseconds: number) => void }} [options] `tries`: at most so many, 4 unless told
 * @returns {Promise<any>} the answer's JSON, `null` where it has none
 * @throws {Problem} also for `offline` and `timeout` (status 0); an abort by `signal` is thrown as it is
 */
export async function requestJson(url, options = {}) {
  const method = options.method ?? (options.body === undefined ? "GET" : "POST");
  const repeatable = method !== "POST" && method !== "PATCH" ? true : options.idempotencyKey !== undefined;
  for (let attempt = 1; ; attempt += 1) {
    const problem = await attemptOnce(url, method, options).then(
      (answer) => ({ answer }),
      (error) => ({ error }),
    );
    if (!("error" in problem)) return problem.answer;
    const error = problem.error;
    const worthwhile = error instanceof Problem && (RETRIED.has(error.status) || error.status === 0);
    if (!repeatable || !worthwhile || attempt >= (options.tries ?? MOST_TRIES)) throw error;
    const wait = waitBefore(attempt, error.document.retry_after);
    options.onWait?.(wait);
    await sleep(wait, options.signal);
  }
}

/**
 * @param {string} url
 * @param {string} method
 * @param {NonNullable<Parameters<typeof requestJson>[1]>} options
 */
async function attemptOnce(url, method, options) {
  const limit = AbortSignal.timeout(options.timeoutMs ?? 12_000);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", ...options.headers };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey;
  // A service worker has no document, and what it sends needs no token.
  const page = /** @type {{ document?: any }} */ (globalThis).document;
  const token = page?.querySelector('meta[name="csrf-token"]')?.getAttribute("content");
  if (token && method !== "GET") headers["X-CSRFToken"] = token;
  if (page?.documentElement.dataset.framedBy) headers["X-Framed"] = "1"; // which cookies are meant
  const credentials = options.credentials ?? "same-origin";
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  try {
    const response = await fetch(url, { method, headers, body, signal, credentials });
    return await read(response);
  } catch (error) {
    if (error instanceof Problem || options.signal?.aborted) throw error;
    throw new Problem({ status: 0, code: limit.aborted ? "timeout" : "offline" });
  }
}

/** @param {Response} response */
async function read(response) {
  const isJson = /[/+]json\b/.test(response.headers.get("Content-Type") ?? "");
  const content = isJson ? await response.json() : null;
  if (response.ok) return content;
  const after = retryAfter(response.headers.get("Retry-After"));
  throw new Problem({ code: "unexpected", ...content, status: response.status, retry_after: after });
}

/** Seconds from a Retry-After header, which may also be a date. @param {string | null} header */
function retryAfter(header) {
  if (!header) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/** @param {number} attempt @param {number | undefined} seconds */
function waitBefore(attempt, seconds) {
  const wished = seconds === undefined ? 400 * 2 ** (attempt - 1) : seconds * 1000;
  return Math.min(LONGEST_WAIT_MS, wished) + Math.random() * 250; // spread, so that a crowd does not return together
}

/** @param {number} milliseconds @param {AbortSignal} [signal] @returns {Promise<void>} */
function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
