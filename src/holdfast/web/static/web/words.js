// The page's own texts, filled in. They come with the page, in its language; none is written here.
// @ts-check

/** @typedef {Record<string, any>} Texts */

/** `fill("{count} left", { count: 2 })` @param {string} text @param {Record<string, string | number>} values */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * The form of a text for a number: `{ one, other }` by the language's own rule.
 * @param {Record<string, string>} forms @param {number} count @param {string} locale
 */
export function many(forms, count, locale) {
  return fill(forms[new Intl.PluralRules(locale).select(count)] ?? forms.other, { count });
}

/**
 * An element with classes, attributes and children.
 * @param {string} name @param {Record<string, string | null>} attributes null leaves it out
 * @param {...(Node | string)} children
 */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
