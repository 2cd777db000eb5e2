/* What is typed survives a lost connection, a closed window and an expired session. Kept in this browser
   only, a day at most, never fields marked data-personal, and dropped when signing out.
   A sent draft is "pending" until a page without errors shows that it arrived. */

import { isOffline, make, memory, settle, word } from "./words.js";

const DAY = 24 * 60 * 60 * 1000;
const prefix = `draft:${document.body.dataset.user}:`;
const failed = document.querySelector("[data-errors], [data-error-summary], [data-keep-drafts]") !== null;
const arrived = document.querySelector(".toast.is-ok") !== null;

/* Names of people and ways to reach them stay out of the draft even where a form forgot to say so. */
const PERSONAL = /^(national_id|tax_no|tax_number|first_name|last_name|phone2?|email|iban|birth_\w+)$/;

function keyOf(form) {
  return prefix + new URL(form.action, document.baseURI).pathname;
}

function fieldsOf(form) {
  return Array.from(form.elements).filter(
    (field) =>
      field.name &&
      !["csrf_token", "_version"].includes(field.name) &&
      !["password", "file", "submit", "button"].includes(field.type) &&
      !PERSONAL.test(field.name) &&
      !field.hasAttribute("data-personal") &&
      !field.closest("[data-personal]") &&
      // The id behind a personal picker is personal as well.
      !field.parentElement?.querySelector?.(":scope > [data-lookup][data-personal]"),
  );
}

function valuesOf(form) {
  return fieldsOf(form).map((field) => {
    const picker = field.type === "hidden" ? field.closest(".lookup")?.querySelector("[data-lookup]") : null;
    const on = field.type === "checkbox" || field.type === "radio" ? field.checked : null;
    return [field.name, field.value, on, picker ? picker.value : null];
  });
}

function clock(at) {
  const lang = document.documentElement.lang;
  const time = new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
  return lang === "tr" ? time.replace(":", ".") : time;
}

function putBack(form, values) {
  const byName = new Map();
  for (const entry of values) byName.set(entry[0], [...(byName.get(entry[0]) ?? []), entry]);
  for (const field of fieldsOf(form)) {
    const entries = byName.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") {
      const entry = entries.find((one) => one[1] === field.value);
      if (entry) field.checked = entry[2];
    } else if (entries.length) {
      const [, value, , text] = entries[0];
      field.value = value;
      const picker = text === null ? null : field.closest(".lookup")?.querySelector("[data-lookup]");
      if (picker?.halklaLookup) picker.halklaLookup.restore(value, text);
      else if (picker) picker.value = text;
    }
  }
}

function tell(form, draft, before) {
  const box = make("div", "notice is-info");
  box.setAttribute("role", "status");
  const words = make("div", "grow", word("draftRestored", { time: clock(draft.at) }));
  const drop = make("button", "btn btn-sm", word("draftDrop"));
  drop.type = "button";
  drop.addEventListener("click", () => {
    putBack(form, before);
    memory.drop(keyOf(form));
    box.remove();
  });
  box.append(words, drop);
  form.before(box);
}

function watch(form) {
  const key = keyOf(form);
  const version = form.elements.namedItem("_version")?.value ?? "";
  const note = form.querySelector("[data-draft-note]");
  const before = valuesOf(form);
  const draft = memory.get(key);
  const same = draft && draft.version === version && JSON.stringify(draft.values) !== JSON.stringify(before);
  if (same && !failed && !arrived) {
    putBack(form, draft.values);
    tell(form, draft, before);
  }
  const keep = settle(800, () => {
    if (form.dataset.busy) return;
    const at = Date.now();
    memory.set(key, { at, version, values: valuesOf(form) });
    if (note) note.textContent = isOffline() ? word("draftOffline") : word("draftKept", { time: clock(at) });
  });
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => {
    // Without a connection nothing is sent (forms.js), so nothing can have arrived.
    if (!event.defaultPrevented) memory.set(key, { at: Date.now(), version, pending: !isOffline(), values: valuesOf(form) });
  });
}

const forms = Array.from(document.querySelectorAll("form[data-draft]"));
const here = new Set(forms.map(keyOf));
for (const key of memory.keys("draft:")) {
  const draft = memory.get(key);
  const old = !draft || Date.now() - draft.at > DAY;
  // A pending draft whose form is here again, without good news, has not arrived: it is put back below.
  const done = draft?.pending && !failed && key.startsWith(prefix) && (arrived || !here.has(key));
  if (old || done) memory.drop(key);
}
// Pickers must know themselves before a draft fills them.
if (document.querySelector("[data-lookup]")) await import("./lookup.js");
forms.forEach(watch);
