// The card form inside the Payment Element's frame, and all that Stripe's script asks of the API. The card's number
// never leaves this frame: the page around it only hears how it went.
// @ts-check

/** What is sent to the API, what it tells, and what goes between the frame and its page. @typedef {Record<string, any>} Told */

const form = get("card", HTMLFormElement);
const fields = {
  choose: get("choose", HTMLSelectElement),
  number: get("number", HTMLInputElement),
  expiry: get("expiry", HTMLInputElement),
  cvc: get("cvc", HTMLInputElement),
};
const error = get("error", HTMLElement);
const origin = new URLSearchParams(location.hash.slice(1)).get("origin") ?? "";
const tell = (/** @type {Told} */ message) => window.parent.postMessage(message, origin);

/**
 * @template {HTMLElement} Kind
 * @param {string} id @param {new () => Kind} kind
 */
function get(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`this frame has no #${id}`);
  return found;
}

function card() {
  const [month, year] = fields.expiry.value.replaceAll(" ", "").split("/");
  return { number: fields.number.value.replaceAll(" ", ""), exp_month: month, exp_year: year, cvc: fields.cvc.value };
}

function complete() {
  const { number, exp_month, exp_year, cvc } = card();
  return (
    /^\d{13,19}$/.test(number) &&
    /^\d{1,2}$/.test(exp_month) &&
    /^\d{2,4}$/.test(exp_year ?? "") &&
    /^\d{3,4}$/.test(cvc)
  );
}

/** @param {string} text */
function say(text) {
  error.textContent = text;
  measure();
}

/** The frame's own words, in its language. @param {string | undefined} name @returns {string | undefined} */
function word(name) {
  return name ? (document.querySelector(`data[value="${CSS.escape(name)}"]`)?.textContent ?? undefined) : undefined;
}

function measure() {
  tell({ standin: "height", height: Math.ceil(document.body.getBoundingClientRect().height) });
}

fields.choose.addEventListener("change", () => {
  if (!fields.choose.value) return;
  fields.number.value = fields.choose.value;
  fields.expiry.value = "12/34";
  fields.cvc.value = "123";
  changed();
});

function changed() {
  say("");
  tell({ standin: "change", complete: complete() });
}

for (const each of [fields.number, fields.expiry, fields.cvc]) each.addEventListener("input", changed);
form.addEventListener("submit", (event) => event.preventDefault());

/** @param {Told} values */
function formEncoded(values, prefix = "", into = new URLSearchParams()) {
  for (const [name, value] of Object.entries(values)) {
    const path = prefix ? `${prefix}[${name}]` : name;
    if (value === null || value === undefined) continue;
    if (typeof value === "object") formEncoded(value, path, into);
    else into.append(path, String(value));
  }
  return into;
}

/** @param {string} method @param {string} path @param {Told} values @returns {Promise<Told>} */
async function ask(method, path, values) {
  const body = formEncoded(values);
  const answer = method === "GET" ? await fetch(`${path}?${body}`) : await fetch(path, { method, body });
  return answer.json();
}

/** @type {Record<string, (asked: Told) => Told | Promise<Told>>} */
const acts = {
  validate() {
    if (complete()) return {};
    const message = word("incomplete") ?? "";
    say(message);
    return { error: { type: "validation_error", code: "incomplete_number", message } };
  },
  async retrieve({ path, values }) {
    return ask("GET", path, values);
  },
  async confirm({ path, values, withCard }) {
    const { billing_details, ...rest } = values;
    const data = withCard ? { payment_method_data: { type: "card", card: card(), billing_details } } : {};
    const told = await ask("POST", path, { ...rest, ...data });
    return told.error ? acts.refused(told) : told;
  },
  refused(told) {
    say(word(told.error.decline_code) ?? word(told.error.code) ?? "");
    // Stripe's form finds a number that is none before it sends it.
    return told.error.code === "incorrect_number" ? { error: { ...told.error, type: "validation_error" } } : told;
  },
  focus() {
    const empty = [fields.number, fields.expiry, fields.cvc].find((each) => !each.value);
    (empty ?? fields.number).focus();
    return {};
  },
};

window.addEventListener("message", async (event) => {
  if (event.source !== window.parent || event.origin !== origin || !acts[event.data?.act]) return;
  let told;
  try {
    told = await acts[event.data.act](event.data);
  } catch {
    told = { error: { type: "api_connection_error", message: "The network failed. Nothing is known yet; try again." } };
  }
  tell({ standin: "told", number: event.data.number, told });
});

new ResizeObserver(measure).observe(document.body);
tell({ standin: "ready" });
