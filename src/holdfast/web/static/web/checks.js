// What can be said of a value while it is typed. No more than is certain: the server has the last word.
// @ts-check

const WHOLE_EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/;
// The longest that E.164 allows; shorter ones than four digits are nowhere a customer's own.
const [LEAST_DIGITS, MOST_DIGITS] = [4, 15];

/** @param {string} value */
export function isWholeEmail(value) {
  return WHOLE_EMAIL.test(value.trim());
}

/** Whether it can be a telephone number of some country. @param {string} value */
export function canBePhone(value) {
  const digits = value.replace(/\D/g, "").length;
  return !/\p{L}/u.test(value) && digits >= LEAST_DIGITS && digits <= MOST_DIGITS;
}
