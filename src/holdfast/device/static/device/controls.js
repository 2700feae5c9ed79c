// The house's fields and times, drawn on the device: as web/_field.html and the booking page write them.
// @ts-check
import { formatInstant, formatMoney } from "../web/dates.js";
import { html, nothing } from "../web/vendor/lit-core.min.js";
import { fill } from "../web/words.js";
import { ownTime } from "./clocks.js";

/** @typedef {import("./asked.js").Field} Field */

/** An icon that the page brought along. @param {string} name */
export function icon(name) {
  const drawn = document.querySelector(`#device-icons > [data-icon="${name}"] > svg`);
  return drawn?.cloneNode(true) ?? nothing;
}

/**
 * @param {Field} field
 * @param {{ value: string, problem?: string, optional: string }} given
 */
export function fieldOf(field, { value, problem, optional }) {
  const { name, label, hint, required } = field;
  return html`<div class="field">
    <label class="field-label" for=${name}>${label}${required ? nothing : html` <span class="field-optional">(${optional})</span>`}</label>
    ${hint ? html`<p class="field-hint" id="${name}_hint">${hint}</p>` : nothing}
    ${problem ? html`<div class="field-error" id="${name}_error">${icon("circle-alert")}<span>${problem}</span></div>` : nothing}
    ${controlOf(field, value, problem)}
  </div>`;
}

/** @param {Field} field @param {string} value @param {string | undefined} problem */
function controlOf({ name, kind, hint, required, choices = [], autocomplete }, value, problem) {
  const described = [hint && `${name}_hint`, problem && `${name}_error`].filter(Boolean).join(" ") || nothing;
  const invalid = problem ? "true" : nothing;
  if (kind === "choice")
    return html`<div class="select"><select class="input" id=${name} name=${name} aria-describedby=${described} aria-invalid=${invalid}>
      ${choices.map((each) => html`<option value=${each.value} ?selected=${each.value === value}>${each.label}</option>`)}</select>${icon("chevron-down")}</div>`;
  if (kind === "long")
    return html`<textarea class="input" rows="2" id=${name} name=${name} .value=${value} aria-describedby=${described} aria-invalid=${invalid}></textarea>`;
  const type = kind === "number" ? "text" : kind;
  return html`<input class="input" type=${type} inputmode=${kind === "number" ? "numeric" : nothing} id=${name} name=${name} .value=${value}
    autocomplete=${autocomplete ?? "off"} aria-required=${String(required)} aria-describedby=${described} aria-invalid=${invalid}>`;
}

/**
 * Times to choose among, as buttons, with the device's own below them where its clock differs.
 * @param {{ starts_at: string, price?: { amount: number, currency: string } }[]} times
 * @param {{ chosen?: string, withDay?: boolean, place: import("./clocks.js").Clocks, take: (startsAt: string) => void }} given
 */
export function timesOf(times, { chosen = "", withDay = false, place, take }) {
  const isChosen = (/** @type {string} */ at) => Date.parse(at) === Date.parse(chosen);
  return html`<ul class="times-list">${times.map(
    ({
      starts_at: at,
      price,
    }) => html`<li><button class="time" type="button" aria-pressed=${String(isChosen(at))} @click=${() => take(at)}>
      <span class="time-start">${formatInstant(at, "time", place)}</span>
      ${own(at, place)}
      ${withDay ? html`<span class="time-price">${formatInstant(at, "day", place)}</span>` : nothing}
      ${price?.amount ? html`<span class="time-price">${formatMoney(price, place.locale, { short: true })}</span>` : nothing}
    </button></li>`,
  )}</ul>`;
}

/** @param {string} at @param {import("./clocks.js").Clocks} place */
function own(at, place) {
  const time = ownTime(at, place);
  const said = fill(place.clocks.own, { time });
  return time
    ? html`<span class="time-own"><span aria-hidden="true">${time}</span><span class="visually-hidden">${said}</span></span>`
    : nothing;
}
