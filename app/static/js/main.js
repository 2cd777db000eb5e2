/* Loads on each page only the modules it has elements for. Rooms need no script of their own. */

import "./shell.js";
import "./forms.js";

const modules = [
  ["dialog[popover], [data-confirm]", "./dialog.js"],
  ["[data-day], [data-moment]", "./days.js"],
  ["input.file", "./files.js"],
  ["[data-lookup]", "./lookup.js"],
  ["[data-list-card], table[data-list]", "./list.js"],
  ["[data-tabs]", "./tabs.js"],
  ["[data-autosubmit]", "./autosubmit.js"],
  ["[data-poll]", "./job.js"],
  ["[data-knowledge]", "./knowledge.js"],
  ["[data-call-screen]", "./calls.js"],
  ["[data-card]", "./cards.js"],
  ["figure[data-chart-src]", "./charts.js"],
  ["[data-preview]", "./preview.js"],
  ["[data-insert]", "./insert.js"],
  ["[data-reasons]", "./reasons.js"],
  ["[data-copy]", "./copy.js"],
];

for (const [selector, path] of modules) {
  if (document.querySelector(selector)) import(path);
}
