/* A list: rows by key, picking, the bulk bar, and which columns are shown. */

import { lettersAllowed } from "./keys.js";
import { memory } from "./words.js";

const card = document.querySelector("[data-list-card]") ?? document;
const table = card.querySelector("table[data-list]");
const bulk = card.querySelector("[data-bulk]");
const rows = Array.from(table?.querySelectorAll("tbody tr") ?? []);
const boxes = Array.from(table?.querySelectorAll("input[name=rowid]") ?? []);
const all = table?.querySelector("[data-pick-all]");
const whole = bulk?.querySelector("[data-bulk-all]");
let last = null;

/* Rows: J and K move the focus from link to link, so that Enter opens and readers say where one is. */

function rowNow() {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

function go(step) {
  const at = rowNow();
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step];
  next?.querySelector("th a, td a")?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !rows.length) return;
  if (event.key === "Escape" && boxes.some((box) => box.checked) && !document.querySelector("dialog:modal")) {
    pickNone();
    return;
  }
  if (!lettersAllowed(event)) return;
  const key = event.key.toLowerCase();
  if (key === "j") go(1);
  else if (key === "k") go(-1);
  else if (key === "x" && rowNow() >= 0) {
    const box = rows[rowNow()].querySelector("input[name=rowid]");
    if (box) box.click();
  }
});

/* Picking */

function refresh() {
  const picked = boxes.filter((box) => box.checked).length;
  for (const box of boxes) box.closest("tr").classList.toggle("is-picked", box.checked);
  if (all) {
    all.checked = picked > 0 && picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  }
  if (!bulk) return;
  // Every row of the filter is meant only as long as every row of the page is picked.
  if (whole && picked < boxes.length) whole.checked = false;
  bulk.classList.toggle("is-on", picked > 0);
  const words = bulk.querySelector("[data-bulk-count]");
  words.textContent = whole?.checked
    ? words.dataset.all
    : words.dataset.text.replace("{n}", picked.toLocaleString(document.documentElement.lang));
}

function pickNone() {
  for (const box of boxes) box.checked = false;
  refresh();
}

whole?.addEventListener("change", () => {
  if (whole.checked) for (const box of boxes) box.checked = true;
  refresh();
});

table?.addEventListener("click", (event) => {
  const box = event.target.closest("input[name=rowid]");
  if (!box) return;
  // Shift picks everything from the last pressed box to this one.
  if (event.shiftKey && last) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const one of boxes.slice(from, to + 1)) one.checked = box.checked;
  }
  last = box;
  refresh();
});
all?.addEventListener("change", () => {
  for (const box of boxes) box.checked = all.checked;
  refresh();
});
bulk?.querySelector("[data-bulk-clear]")?.addEventListener("click", pickNone);
window.addEventListener("pageshow", refresh);

/* Columns: kept in this browser for this screen */

const chooser = card.querySelector("[data-columns]");
const place = chooser ? `columns:${chooser.dataset.columns}` : "";

function showColumns() {
  const hidden = new Set(memory.get(place) ?? []);
  for (const cell of table?.querySelectorAll("[data-column]") ?? []) cell.hidden = hidden.has(cell.dataset.column);
  for (const box of chooser.querySelectorAll("input")) box.checked = !hidden.has(box.value);
}

if (chooser) {
  chooser.addEventListener("change", () => {
    const hidden = Array.from(chooser.querySelectorAll("input:not(:checked)"), (box) => box.value);
    if (hidden.length) memory.set(place, hidden);
    else memory.drop(place);
    showColumns();
  });
  showColumns();
}

/* The filter popover takes the focus when it opens */

const filters = card.querySelector("[data-filters]");
filters?.addEventListener("toggle", () => {
  if (filters.open) filters.querySelector(".filter-fields input:not([type=hidden])")?.focus();
});
