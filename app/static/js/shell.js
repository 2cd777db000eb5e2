/* The shell around every page: appearance, menus, toasts, signing out, the palette and the list of keys. */

import "./keys.js";
import { lettersAllowed } from "./keys.js";
import { memory, word } from "./words.js";

const root = document.documentElement;
const palette = document.getElementById("palette");
const keyList = document.getElementById("keys");

function nextTheme() {
  const order = ["system", "light", "dark"];
  const now = root.dataset.theme ?? "system";
  const next = order[(order.indexOf(now) + 1) % order.length];
  keepTheme(next);
  const words = word(`theme${next[0].toUpperCase()}${next.slice(1)}`);
  for (const button of document.querySelectorAll("[data-act=theme]")) {
    const label = button.querySelector("span");
    if (label) label.textContent = words;
    else button.title = words;
    if (!label) button.setAttribute("aria-label", words);
  }
}

function keepTheme(theme) {
  try {
    localStorage.setItem("halkla-theme", theme);
  } catch {
    // Not kept for the next page; this page changes all the same.
  }
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
}

function showPassword(button) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

const acts = {
  theme: nextTheme,
  print: () => window.print(),
  keys: () => keyList?.showModal(),
  "close-toast": (button) => button.closest(".toast").remove(),
  "show-password": showPassword,
};

async function openPalette() {
  if (!palette || palette.open) return;
  // The box takes the keys at once; what searches in it may still be on its way.
  palette.showModal();
  const field = palette.querySelector("input");
  field.value = document.querySelector("[data-palette-opener]")?.value ?? "";
  field.select();
  const { Palette } = await import("./palette.js");
  palette.halkla ??= new Palette(palette);
  palette.halkla.search();
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const actor = target?.closest("[data-act]");
  if (actor) acts[actor.dataset.act]?.(actor);
  target?.closest("[data-close]")?.closest("dialog")?.close?.();
  // A press beside an open menu closes it, as every other menu does.
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target) && !target?.closest("dialog")) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  } else if (event.key === "?" && lettersAllowed(event)) {
    event.preventDefault();
    keyList?.showModal();
  } else if (event.key === "Escape") {
    const menu = document.activeElement?.closest("details.menu[open]") ?? document.querySelector("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A dialog that is open as a modal closes when its veil is pressed.
for (const dialog of [palette, keyList]) {
  dialog?.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

for (const toast of document.querySelectorAll(".toast")) {
  let waiting = setTimeout(() => toast.remove(), 8000);
  toast.addEventListener("pointerenter", () => clearTimeout(waiting));
  toast.addEventListener("focusin", () => clearTimeout(waiting));
  toast.addEventListener("pointerleave", () => {
    waiting = setTimeout(() => toast.remove(), 3000);
  });
}

document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  for (const key of memory.keys("draft:")) memory.drop(key);
});

// The profile's choice of appearance is the newest word.
document.querySelector("[name=theme]")?.form?.addEventListener("submit", (event) => {
  keepTheme(new FormData(event.target).get("theme") || "system");
});

document.querySelector("[data-errors], [data-error-summary], #door-error")?.focus();
