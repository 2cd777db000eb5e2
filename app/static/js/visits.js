/* The fast screen of reception: the digits 1 to 9 press the tiles of the question that is next, Enter
   saves, and a sentence says what will be saved. Without script the page is an ordinary form. */

import { lettersAllowed } from "./keys.js";

const form = document.querySelector("form[data-visit]");
const questions = Array.from(form.querySelectorAll("[data-question]"));
const said = form.querySelector("[data-said]");
const first = said.textContent;

function picked(name) {
  return form.querySelector(`input[name="${name}"]:checked`);
}

/** The question that is asked now: the first one without an answer. */
function asked() {
  return questions.find((one) => !one.querySelector("input[type=radio]:checked"));
}

function showParts() {
  const parts = {
    note: picked("reason")?.hasAttribute("data-note"),
    other: picked("point")?.value === "other",
    group: picked("people")?.value === "other",
  };
  for (const block of form.querySelectorAll("[data-when]")) block.hidden = !parts[block.dataset.when];
  const now = asked();
  for (const one of questions) one.classList.toggle("is-asked", one === now);
}

function place() {
  const point = picked("point");
  if (!point) return "";
  if (point.value === "other") return document.getElementById("other_point").value;
  return [point.dataset.words, point.dataset.place].filter(Boolean).join(", ");
}

function tell() {
  const reason = picked("reason")?.dataset.words ?? "";
  const words = Array.from(form.querySelectorAll(".checks input:checked"), (box) => box.dataset.words.toLocaleLowerCase("tr"));
  const people = picked("people");
  const count = people?.value === "other" ? form.elements.people_more.value : "";
  const who = [count ? `${people.dataset.words}: ${count}` : people?.dataset.words, ...words].filter(Boolean).join(", ");
  const queue = picked("point")?.hasAttribute("data-desk") ? ` · ${form.dataset.queue}` : "";
  const head = [reason, place()].filter(Boolean).join(" → ");
  said.textContent = head ? `${head} · ${who}${queue}` : first;
}

function refresh() {
  showParts();
  tell();
}

form.addEventListener("change", (event) => {
  refresh();
  if (!event.isTrusted) return;
  if (event.target.name === "point" && event.target.value === "other") document.getElementById("other_point").focus();
  if (event.target.name === "people" && event.target.value === "other") form.elements.people_more.focus();
});
form.addEventListener("input", tell);

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented) return;
  if (!lettersAllowed(event)) return;
  if (/^[1-9]$/.test(event.key)) {
    const question = asked();
    const tile = question?.querySelector(`[data-key-of="${event.key}"] input`);
    if (!tile) return;
    event.preventDefault();
    tile.focus();
    tile.checked = true;
    tile.dispatchEvent(new Event("change", { bubbles: true }));
    if (tile.value === "other") document.getElementById("other_point").focus();
  } else if (event.key === "Backspace" && !asked()) {
    event.preventDefault();
    for (const one of questions) {
      const radio = one.querySelector("input[type=radio]:checked");
      if (radio) radio.checked = false;
    }
    refresh();
  } else if (event.key === "Enter" && !asked() && !event.target.closest?.("a, button, summary")) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("[data-submit]"));
  }
});

// What may be taken back for a minute is not offered any longer afterwards.
for (const undo of document.querySelectorAll("form[data-undo]")) setTimeout(() => undo.remove(), 60_000);

window.addEventListener("pageshow", refresh);
refresh();
