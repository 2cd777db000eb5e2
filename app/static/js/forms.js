/* Forms: one submit at a time, Ctrl+Enter, letters left. What is typed is kept by drafts.js. */

import { isOffline, word } from "./words.js";

const RELEASE = 4000; // ms: a download does not leave the page, its button must come back.

function release(form) {
  delete form.dataset.busy;
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[aria-disabled=true]")) button.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const note = form.querySelector("[data-draft-note]");
  // Without a connection the browser would show its own page instead of what was typed.
  if (isOffline() && form.hasAttribute("data-draft") && note) {
    event.preventDefault();
    release(form);
    note.textContent = word("draftOffline");
    return;
  }
  if (form.dataset.busy) {
    event.preventDefault();
    return;
  }
  form.dataset.busy = "1";
  form.setAttribute("aria-busy", "true");
  event.submitter?.setAttribute("aria-disabled", "true");
  if (note) note.textContent = word("sending");
  // A picked reason closes its dialog with the page that follows; a download leaves the page as it is.
  if (!form.hasAttribute("data-form")) setTimeout(() => release(form), RELEASE);
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) release(form);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
  const form = event.target.closest?.("form[method=post]") ?? document.querySelector("form[data-form]");
  if (!form || form.closest("dialog.palette")) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-submit], .btn-primary[type=submit]") ?? undefined);
});

/* Letters left: said only when the end is near */

function counter(field) {
  const most = field.maxLength;
  const line = document.createElement("p");
  line.className = "hint count-left";
  line.setAttribute("role", "status");
  field.after(line);
  const draw = () => {
    const left = most - field.value.length;
    line.textContent = left > most * 0.2 && left > 50 ? "" : word("left", { n: left });
  };
  field.addEventListener("input", draw);
}

for (const field of document.querySelectorAll("textarea[maxlength], form[data-form] input[maxlength]")) {
  if (field.maxLength >= 60) counter(field);
}
