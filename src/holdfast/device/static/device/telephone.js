// Whether a telephone number can be one, judged without a connection. Never stricter than the server, which reads it by
// the same plan of numbers (holdfast/web/phones.py:plan_of) and has the last word.
// @ts-check

/**
 * `lengths`: by calling code, how many digits may follow it; `trunk` and `abroad`: what is dialled first inside of the
 * country (0) and out of it (00, a pattern).
 * @typedef {{ calling: string, trunk: string, abroad: string, lengths: Record<string, number[]> }} NumberPlan
 */

const LONGEST_CODE = 3;
const FEWEST_DIGITS = 2;

/**
 * `unreadable`, `length`, or nothing where all is well.
 * @param {string} typed @param {NumberPlan} plan @returns {"" | "unreadable" | "length"}
 */
export function wrongWithNumber(typed, plan) {
  const text = typed.normalize("NFKC").trim();
  const digits = text.replace(/[^\p{Nd}]/gu, "");
  if (!text) return "";
  if (digits.length < FEWEST_DIGITS) return "unreadable";
  // Letters that stand for digits, extensions, digits of other scripts, +00: the server can read them.
  if (/\p{L}|[;#]/u.test(text) || /[^0-9]/.test(digits) || /\+\D*0/.test(text)) return "";
  const out = new RegExp(`^(?:${plan.abroad || "00"})`).exec(digits)?.[0] ?? "";
  const from = text.includes("+") ? digits : out ? digits.slice(out.length) : "";
  const code = codeOf(from, plan);
  if (text.includes("+") && !code) return "unreadable";
  const abroad = code ? fits(from.slice(code.length), code, plan) : false;
  const here = !text.includes("+") && fits(digits, plan.calling, plan);
  return abroad || here ? "" : "length";
}

/** @param {string} digits @param {NumberPlan} plan */
function codeOf(digits, { lengths }) {
  for (let count = 1; count <= LONGEST_CODE; count += 1)
    if (digits.slice(0, count) in lengths) return digits.slice(0, count);
  return "";
}

/**
 * With or without what is dialled first: known here, in most other countries a digit.
 * @param {string} digits @param {string} code @param {NumberPlan} plan
 */
function fits(digits, code, { calling, trunk, lengths }) {
  const possible = lengths[code] ?? [];
  const known = ["", "0", trunk, code].filter((first) => digits.startsWith(first)).map((first) => first.length);
  return (code === calling ? known : [...known, 1]).some((count) => possible.includes(digits.length - count));
}
