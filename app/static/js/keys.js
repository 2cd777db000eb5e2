/* Key presses: [data-key="E"] is pressed by its key. Single letters act only outside fields and only
   when the profile allows them (WCAG 2.1.4). AltGr types signs on a Turkish keyboard: never bound. */

import { isTyping } from "./words.js";

const letters = document.body.hasAttribute("data-shortcuts");

/** How a key press is written in data-key: "N", "Alt+Y", "Ctrl+Enter". */
export function written(event) {
  const key = event.key.length === 1 ? event.key.toLocaleUpperCase("tr").replace("İ", "I") : event.key;
  if (event.altKey && event.code.startsWith("Key")) return `Alt+${event.code.slice(3)}`;
  return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${key}`;
}

/** Whether a single letter may act now. */
export function lettersAllowed(event) {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  return letters && plain && !isTyping(event.target) && !document.querySelector("dialog:modal");
}

function press(target) {
  if (target.matches("input, textarea, select")) {
    target.focus();
    target.select?.();
  } else {
    target.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || (event.ctrlKey && event.altKey) || event.getModifierState("AltGraph")) return;
  const name = written(event);
  if (!name.includes("+") && !lettersAllowed(event)) return;
  const scope = document.querySelector("dialog:modal") ?? document;
  const target = Array.from(scope.querySelectorAll("[data-key]")).find((one) => one.dataset.key === name && one.checkVisibility());
  if (!target) return;
  event.preventDefault();
  press(target);
});
