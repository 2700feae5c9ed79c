// The card form: the card company's script shows it in a frame, so that no card's number ever comes near this page.
// <form id="pay" data-script data-key data-secret data-currency data-way="pay|hold|keep_card" data-return> with
// [data-fields], [data-error] and one button; <script type="application/json" id="refusals">;
// [data-otherwise] for when it cannot be.
// @ts-check

/** @typedef {{ type?: string, code?: string, decline_code?: string, message?: string }} Refused */

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form#pay"));
const words = JSON.parse(document.getElementById("refusals")?.textContent ?? "{}");
const otherwise = document.querySelector("[data-otherwise]");
// What the card form says itself, at its fields, besides what is not filled in: the page does not say it again.
const SAID_IN_FORM = new Set([
  "generic_decline",
  "insufficient_funds",
  "incorrect_zip",
  "incorrect_cvc",
  "invalid_cvc",
  "invalid_expiry_month",
  "invalid_expiry_year",
  "expired_card",
  "fraudulent",
  "lost_card",
  "stolen_card",
  "card_velocity_exceeded",
]);
// As payments/stripe_answers.py:failure_of reads them.
const AUTHENTICATION = new Set(["payment_intent_authentication_failure", "setup_intent_authentication_failure"]);

/** @param {string} address @returns {Promise<void>} */
function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => reject(new Error("the card form's script did not load")));
    document.head.append(script);
  });
}

/** How the page looks, in the words of the card company's script. */
function appearance() {
  const style = getComputedStyle(document.documentElement);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const font = { fontFamily: style.fontFamily, fontSizeBase: "16px", borderRadius: "6px" };
  return { theme: dark ? "night" : "stripe", variables: font };
}

/** @param {Refused} refused */
function inWords(refused) {
  if (AUTHENTICATION.has(refused.code ?? "")) return words.authentication_failed;
  const known = [refused.decline_code, refused.code].find((name) => name && name in words);
  if (known) return words[known];
  return refused.type === "card_error" || refused.type === "invalid_request_error" ? words.declined : words.unknown;
}

/** @param {Refused} refused */
function isSaidInForm(refused) {
  const why = refused.decline_code ?? refused.code ?? "";
  return refused.type === "validation_error" || (refused.type === "card_error" && SAID_IN_FORM.has(why));
}

/** @param {HTMLFormElement} form */
async function begin(form) {
  const { script = "", key, secret, currency, way } = form.dataset;
  await load(script);
  const make = /** @type {any} */ (window).Stripe;
  const stripe = make(key, { locale: document.documentElement.lang });
  // The secret that keeps a card comes when the customer has agreed.
  const about = way === "keep_card" ? { mode: "setup", currency } : { clientSecret: secret };
  const elements = stripe.elements({ ...about, appearance: appearance() });
  const element = elements.create("payment");
  const fields = /** @type {HTMLElement} */ (form.querySelector("[data-fields]"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  const ready = new Promise((resolve, reject) => {
    element.on("ready", resolve);
    element.on("loaderror", reject);
  });
  form.hidden = false;
  element.mount(fields);
  await ready;
  fields.removeAttribute("aria-busy");
  button.disabled = false;
  otherwise?.setAttribute("hidden", "");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!button.hasAttribute("aria-busy")) void pay(form, button, stripe, elements, way ?? "");
  });
}

/** Once, however often it is tapped. @param {HTMLFormElement} form @param {HTMLButtonElement} button
 * @param {any} stripe @param {any} elements @param {string} way */
async function pay(form, button, stripe, elements, way) {
  button.setAttribute("aria-busy", "true");
  say(form, "");
  try {
    const back = form.dataset.return ?? "";
    const how = { elements, confirmParams: { return_url: back }, redirect: "if_required" };
    const told = way === "keep_card" ? await keep(form, stripe, how) : await stripe.confirmPayment(how);
    if (!told) return; // another page is on its way
    const intent = told.error?.payment_intent ?? told.error?.setup_intent;
    if (!told.error || ["succeeded", "processing", "requires_capture"].includes(intent?.status)) {
      location.assign(back);
      return; // the button stays as it is until the next page is there
    }
    if (isSaidInForm(told.error)) elements.getElement("payment")?.focus();
    else say(form, inWords(told.error));
  } catch {
    say(form, words.unknown);
  }
  button.removeAttribute("aria-busy");
}

/** What was read is kept before the card is; nothing when it has to be read anew. @param {HTMLFormElement} form
 * @param {any} stripe @param {{ elements: any }} how */
async function keep(form, stripe, how) {
  const checked = await how.elements.submit();
  if (checked.error) return checked;
  /** @type {Record<string, string>} */
  const headers = document.documentElement.dataset.framedBy ? { "X-Framed": "1" } : {};
  const answer = await fetch(location.href, { method: "POST", headers, body: new FormData(form) });
  if (answer.status === 409) return location.reload();
  if (!answer.ok) throw new Error("the consent was not kept");
  const { client_secret: clientSecret } = await answer.json();
  return stripe.confirmSetup({ ...how, clientSecret });
}

/** @param {HTMLFormElement} form @param {string} text */
function say(form, text) {
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-error]"));
  place.hidden = !text;
  const words = place.querySelector("span");
  if (words) words.textContent = text;
  if (text) place.focus();
}

if (form) {
  begin(form).catch(() => {
    form.hidden = true;
    otherwise?.removeAttribute("hidden");
  });
}

// The time is over: the server says what can be done, unless the bank is just being asked.
document.addEventListener("countdown-end", () => {
  if (!form?.querySelector("button[aria-busy]")) location.reload();
});
