/* Dialogs before an act. Server-made ones (macros/pages.html) open as popovers without this file; here
   they become modal. [data-confirm] on any submit button asks with a dialog made on the spot. */

import { make, word } from "./words.js";

function openModal(dialog) {
  if (dialog.open) return;
  dialog.showModal();
  (dialog.querySelector("textarea, input:not([type=hidden])") ?? dialog.querySelector("[data-close]"))?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  if (opener) {
    event.preventDefault(); // Not as a popover: a modal keeps the focus inside.
    openModal(document.getElementById(opener.dataset.dialog));
    return;
  }
  const closer = event.target.closest?.("dialog [data-close]");
  if (closer) event.preventDefault();
});

// A press on the veil around a dialog closes it; parts of a page that come later have dialogs too.
document.addEventListener("click", (event) => {
  if (event.target.matches?.("dialog[popover][open]")) event.target.close();
});

function ask(button) {
  const dialog = make("dialog", "dialog");
  const body = make("div", "card-body stack tight");
  const head = make("h2", "", button.dataset.title || button.textContent.trim());
  head.id = "asked";
  dialog.setAttribute("aria-labelledby", head.id);
  body.append(head, make("p", "", button.dataset.confirm));
  const foot = make("div", "form-foot");
  const danger = button.classList.contains("btn-danger");
  const go = make("button", `btn ${danger ? "btn-danger" : "btn-primary"}`, button.textContent.trim());
  const stop = make("button", "btn btn-ghost", word("cancel"));
  go.type = stop.type = "button";
  stop.dataset.close = "";
  foot.append(go, stop);
  dialog.append(body, foot);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    button.focus();
  });
  go.addEventListener("click", () => {
    dialog.close();
    button.dataset.confirmed = "1";
    if (button.form) button.form.requestSubmit(button);
    else button.click();
  });
  openModal(dialog);
}

document.addEventListener(
  "click",
  (event) => {
    const button = event.target.closest?.("[data-confirm]");
    if (!button || button.dataset.confirmed) return;
    event.preventDefault();
    event.stopPropagation();
    ask(button);
  },
  true,
);
