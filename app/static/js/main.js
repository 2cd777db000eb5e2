/* Loads on each page only the modules it has elements for. Rooms need no script of their own. */

import "./shell.js";
import "./forms.js";

const modules = [
  // Drafts also have something to do on pages without a form: there they learn that all went well.
  ["body[data-user]", "./drafts.js"],
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

const wanted = modules.filter(([selector]) => document.querySelector(selector));
await Promise.allSettled(wanted.map(([, path]) => import(path)));
// From now on everything on the page answers; whoever drives it by program waits for this.
document.documentElement.dataset.ready = "";
