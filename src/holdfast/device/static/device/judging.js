// What is wrong with what was typed, by the server's own rules and in its words, so that nobody learns it hours later.
// @ts-check
import { fill } from "../web/words.js";
import { wrongWithNumber } from "./telephone.js";

/**
 * @typedef {{ name: string, label: string, kind: "text" | "email" | "tel" | "long" | "number" | "date" | "choice",
 *   required: boolean, longest?: number, oneLine?: boolean, smallest?: number | null, largest?: number | null,
 *   hint?: string, autocomplete?: string, choices?: { value: string, label: string }[] }} Field
 * @typedef {{ texts: Record<string, string>, numbers: import("./telephone.js").NumberPlan }} Judged
 */

// As core/words.py:is_one_line: no control characters, no breaks, nothing that turns the line.
const ONE_LINE = /^(?:[^\p{C}\p{Z}]|[ \u200c-\u200f])*$/u;
const ATOM = '[^\\s@"(),:;<>[\\]\\\\.]+';
const EMAIL = new RegExp(
  `^${ATOM}(?:\\.${ATOM})*@(?:[^\\s@.-](?:[^\\s@.]*[^\\s@.-])?\\.)+[^\\s@.-](?:[^\\s@.]*[^\\s@.-])$`,
);
const WHOLE = /^[+-]?\d+$/;

/** Nothing where all is well. @param {Field} field @param {string} value trimmed @param {Judged} judged @returns {string} */
export function wrongWith({ kind, required, longest, oneLine, smallest, largest }, value, { texts, numbers }) {
  if (!value) return required ? texts.required : "";
  if (value.includes("\0") || (oneLine && !ONE_LINE.test(value))) return texts.one_line;
  if (longest && [...value].length > longest) return fill(texts.too_long, { most: longest });
  if (kind === "email" && !EMAIL.test(value)) return texts.invalid_email;
  if (kind === "tel")
    return { "": "", unreadable: texts.no_number, length: texts.no_digits }[wrongWithNumber(value, numbers)];
  return kind === "number" ? wrongWithCount(value, smallest, largest, texts) : "";
}

/**
 * @param {string} value @param {number | null | undefined} smallest @param {number | null | undefined} largest
 * @param {Record<string, string>} texts
 */
function wrongWithCount(value, smallest, largest, texts) {
  if (!WHOLE.test(value)) return texts.no_whole_number;
  if (smallest != null && Number(value) < smallest) return fill(texts.too_small, { least: smallest });
  return largest != null && Number(value) > largest ? fill(texts.too_large, { most: largest }) : "";
}
