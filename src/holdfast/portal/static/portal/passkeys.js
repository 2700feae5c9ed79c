// Signing in with a passkey, and adding one (W3C WebAuthn). Without scripts, or without passkeys, its forms stay hidden.
// @ts-check
import { Problem, requestJson } from "../web/http.js";

const canUse = "PublicKeyCredential" in window && "parseCreationOptionsFromJSON" in PublicKeyCredential;

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!(form instanceof HTMLFormElement) || !canUse) continue;
  form.hidden = false;
  for (const element of document.querySelectorAll("[data-without-passkeys]")) element.remove();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run(form);
  });
}

/** @param {HTMLFormElement} form */
async function run(form) {
  const { passkey, options = "", answer = "", failed = "" } = form.dataset;
  const button = form.querySelector("button");
  button?.setAttribute("aria-busy", "true");
  say(form, "");
  try {
    const asked = await requestJson(options, { method: "POST" });
    const credential = passkey === "register" ? await create(asked) : await get(asked);
    const name = String(new FormData(form).get("name") ?? "");
    const body = { credential: credential.toJSON(), name, next: form.dataset.next ?? "" };
    const done = await requestJson(answer, { body });
    location.assign(done.next);
  } catch (error) {
    // Whoever closes the device's own window has decided so; what the server refused says why.
    say(form, error instanceof Problem && error.status > 0 && error.document.detail ? error.message : failed);
    button?.removeAttribute("aria-busy");
  }
}

/** @param {PublicKeyCredentialCreationOptionsJSON} asked @returns {Promise<PublicKeyCredential>} */
async function create(asked) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked);
  return /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
}

/** @param {PublicKeyCredentialRequestOptionsJSON} asked @returns {Promise<PublicKeyCredential>} */
async function get(asked) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
  return /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
}

/** @param {HTMLFormElement} form @param {string} words */
function say(form, words) {
  const place = form.querySelector("[data-said]");
  if (place) place.textContent = words;
}
