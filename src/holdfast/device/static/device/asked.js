// What a booking needs to say, from the catalog: fields, what is wrong with them, and the request that is made of them.
// @ts-check
import { wrongWith } from "./judging.js";

/**
 * @typedef {Record<string, string>} Values
 * @typedef {import("./judging.js").Field} Field
 */

/** @param {any} service of the catalog @param {any} catalog @param {Values} values @param {Record<string, string>} texts @returns {Field[]} */
export function fieldsOf(service, catalog, values, texts) {
  return [
    ...stops(service, catalog, values, texts),
    {
      name: "name",
      label: texts.name,
      kind: "text",
      required: true,
      longest: 120,
      oneLine: true,
      autocomplete: "name",
    },
    {
      name: "email",
      label: texts.email,
      kind: "email",
      required: true,
      longest: 254,
      hint: texts.email_hint,
      autocomplete: "email",
    },
    {
      name: "phone",
      label: texts.phone,
      kind: "tel",
      required: false,
      longest: 32,
      oneLine: true,
      hint: texts.phone_hint,
      autocomplete: "tel",
    },
    ...attendees(service, values, texts),
    ...service.questions.map((/** @type {any} */ question) => questionField(question, texts)),
    ...service.extras.map((/** @type {any} */ extra) => extraField(extra)),
    { name: "note", label: texts.note, kind: "long", required: false, longest: 4000 },
  ];
}

/** What times depend on: with whom, for how many, how long. @param {any} service @param {Record<string, string>} texts @returns {Field[]} */
export function optionsOf(service, texts) {
  const count = (/** @type {number} */ most) => Array.from({ length: most }, (_, index) => String(index + 1));
  /** @type {Field[]} */
  const fields = [];
  if (service.team_members.length) {
    const members = service.team_members.map((/** @type {any} */ each) => ({ value: each.slug, label: each.name }));
    fields.push({
      name: "resource",
      label: texts.member,
      kind: "choice",
      required: false,
      choices: [{ value: "", label: texts.anybody }, ...members],
    });
  }
  if (service.largest_party > 1)
    fields.push({
      name: "party",
      label: texts.people,
      kind: "choice",
      required: true,
      choices: plain(count(service.largest_party)),
    });
  if (service.durations_minutes.length > 1) {
    const unit = new Intl.NumberFormat(texts.locale, { style: "unit", unit: "minute" });
    const choices = service.durations_minutes.map((/** @type {number} */ each) => ({
      value: String(each),
      label: unit.format(each),
    }));
    fields.push({ name: "duration", label: texts.length, kind: "choice", required: true, choices });
  }
  return fields;
}

/** @param {string[]} values */
const plain = (values) => values.map((value) => ({ value, label: value }));

/** @param {any} service @param {any} catalog @param {Values} values @param {Record<string, string>} texts @returns {Field[]} */
function stops(service, catalog, values, texts) {
  const ends = { none: [], one: ["pickup"], way: ["pickup", "dropoff"] }[
    /** @type {"none" | "one" | "way"} */ (service.asks_places)
  ];
  return ends.flatMap((end) => {
    const label = service.asks_places === "one" ? texts.place : texts[end];
    const places = catalog.places.map((/** @type {any} */ each) => ({ value: each.slug, label: each.name }));
    const choices = [{ value: "", label: texts.choose }, ...places, { value: "elsewhere", label: texts.place_other }];
    /** @type {Field[]} */
    const fields = [{ name: end, label, kind: "choice", required: true, choices }];
    const isElsewhere = values[end] === "elsewhere";
    fields.push({
      name: `address_${end}`,
      label: texts.address.replace("{end}", label),
      kind: "text",
      required: isElsewhere,
      longest: 200,
      oneLine: true,
    });
    return fields;
  });
}

/** @param {any} service @param {Values} values @param {Record<string, string>} texts @returns {Field[]} */
function attendees(service, values, texts) {
  if (service.attendees !== "required") return [];
  return Array.from({ length: partyOf(values) }, (_, index) => ({
    name: `attendee_${index}`,
    label: texts.attendee.replace("{number}", String(index + 1)),
    kind: "text",
    required: true,
    longest: 120,
    oneLine: true,
  }));
}

/** @param {any} question @param {Record<string, string>} texts @returns {Field} */
function questionField(question, texts) {
  /** @type {Record<string, Field["kind"]>} */
  const kinds = { text: "text", long_text: "long", number: "number", date: "date", choice: "choice", yes_no: "choice" };
  const { key, kind, label, hint, required, smallest, largest } = question;
  /** @type {Record<string, number>} */
  const longest = { text: 200, long_text: 4000 };
  const answers =
    kind === "yes_no"
      ? [
          { value: "yes", label: texts.yes },
          { value: "no", label: texts.no },
        ]
      : question.choices;
  return {
    name: `answer_${key}`,
    label,
    hint,
    required,
    kind: kinds[kind],
    ...(kind in longest ? { longest: largest ?? longest[kind] } : {}),
    ...(kind === "number" ? { smallest, largest } : {}),
    choices: [{ value: "", label: texts.choose }, ...answers],
  };
}

/** @param {any} extra @returns {Field} */
function extraField(extra) {
  const counts = Array.from({ length: extra.most + 1 }, (_, index) => String(index));
  return {
    name: `extra-${extra.slug}`,
    label: extra.name,
    hint: extra.about,
    kind: "choice",
    required: false,
    choices: plain(counts),
  };
}

/** @param {Values} values */
const partyOf = (values) => Number(values.party ?? "1") || 1;

/**
 * By field, what is wrong.
 * @param {Field[]} fields @param {Values} values
 * @param {{ texts: Record<string, string>, numbers: import("./telephone.js").NumberPlan }} judged
 * @returns {Values}
 */
export function problemsIn(fields, values, judged) {
  const found = fields.map((field) => [field.name, wrongWith(field, (values[field.name] ?? "").trim(), judged)]);
  return Object.fromEntries(found.filter(([, words]) => words));
}

/**
 * The body of POST bookings, paid on the day.
 * @param {any} service @param {string} startsAt @param {Values} values
 * @param {{ locale: string, hold: string | null, promo?: string }} more
 */
export function requestOf(service, startsAt, values, { locale, hold }) {
  const said = (/** @type {string} */ name) => (values[name] ?? "").trim();
  const stop = (/** @type {string} */ end) => ({
    place: said(end) === "elsewhere" ? "" : said(end),
    address: said(`address_${end}`),
  });
  const answered = service.questions.map((/** @type {any} */ each) => [
    each.key,
    answerOf(each, said(`answer_${each.key}`)),
  ]);
  const extras = service.extras.map((/** @type {any} */ each) => [each.slug, Number(said(`extra-${each.slug}`))]);
  const people = Array.from({ length: partyOf(values) }, (_, index) => ({ name: said(`attendee_${index}`) }));
  return {
    service: service.slug,
    starts_at: startsAt,
    party_size: partyOf(values),
    payment_method: "on_site",
    customer: { name: said("name"), email: said("email"), phone: said("phone"), locale, time_zone: zone() },
    answers: Object.fromEntries(answered.filter((/** @type {any[]} */ [, answer]) => answer !== "")),
    extras: Object.fromEntries(extras.filter((/** @type {any[]} */ [, count]) => count > 0)),
    attendees: service.attendees === "required" ? people : [],
    note: said("note"),
    ...(said("resource") ? { resource: said("resource") } : {}),
    ...(said("duration") ? { duration_minutes: Number(said("duration")) } : {}),
    ...(service.asks_places !== "none" ? { pickup: stop("pickup") } : {}),
    ...(service.asks_places === "way" ? { dropoff: stop("dropoff") } : {}),
    ...(hold ? { hold } : {}),
  };
}

/** @param {any} question @param {string} answer */
const answerOf = (question, answer) => (question.kind === "yes_no" && answer ? answer === "yes" : answer);

function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}

/** The fields again, from a request that has to be put right. @param {any} body @returns {Values} */
export function valuesOf(body) {
  const { customer } = body;
  const flat = {
    name: customer.name,
    email: customer.email,
    phone: customer.phone,
    note: body.note,
    resource: body.resource ?? "",
  };
  const answers = Object.entries(body.answers).map(([key, value]) => [
    `answer_${key}`,
    typeof value === "boolean" ? (value ? "yes" : "no") : String(value),
  ]);
  const stops = ["pickup", "dropoff"].filter((end) => body[end]);
  return {
    ...flat,
    party: String(body.party_size),
    duration: String(body.duration_minutes ?? ""),
    ...Object.fromEntries(answers),
    ...Object.fromEntries(stops.map((end) => [end, body[end].place || "elsewhere"])),
    ...Object.fromEntries(stops.map((end) => [`address_${end}`, body[end].address])),
    ...Object.fromEntries(Object.entries(body.extras).map(([slug, count]) => [`extra-${slug}`, String(count)])),
    ...Object.fromEntries(
      body.attendees.map((/** @type {any} */ each, /** @type {number} */ index) => [`attendee_${index}`, each.name]),
    ),
  };
}

/** How the server calls a field. @param {string} name */
function sentAs(name) {
  const [, start = "", rest = ""] = /^(answer|attendee|address|extra)[_-](.+)$/.exec(name) ?? [];
  if (start === "answer") return `answers.${rest}`;
  if (start === "attendee") return `attendees.${rest}.name`;
  if (start === "address") return `${rest}.address`;
  if (start === "extra") return `extras.${rest}`;
  if (["name", "email", "phone"].includes(name)) return `customer.${name}`;
  return { party: "party_size", duration: "duration_minutes" }[name] ?? name;
}

/** What people call the fields, by the server's names: kept with what waits, to say which are wrong. @param {Field[]} fields @returns {Values} */
export function labelsOf(fields) {
  return Object.fromEntries(fields.map(({ name, label }) => [sentAs(name), label]));
}

/**
 * By field, what the server found wrong; under "" what is in none of them.
 * @param {{ field: string, message: string }[]} errors @param {Field[]} fields @returns {Values}
 */
export function problemsFrom(errors, fields) {
  const names = Object.fromEntries(fields.map(({ name }) => [sentAs(name), name]));
  /** @type {Values} */
  const wrong = {};
  for (const { field, message } of errors) {
    const name = names[field] ?? "";
    wrong[name] = wrong[name] ? `${wrong[name]} ${message}` : message;
  }
  return wrong;
}
