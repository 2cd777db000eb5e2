/* Quick entry for CİMER: the number is looked up at once, both last days follow what is typed, and with
   a hidden identity the fields of the applicant do not exist. */

import { draw, overtake } from "./parts.js";
import { settle } from "./words.js";

const form = document.querySelector("[data-cimer]");

function value(name) {
  return String(new FormData(form).get(name) ?? "");
}

if (form) {
  const known = document.getElementById("known");
  const times = document.getElementById("times");
  const identity = document.getElementById("identity");
  const hidden = form.querySelector('[name="identity_hidden"]');

  const look = settle(200, () => {
    const ref = value("external_ref").trim();
    if (!ref) { overtake(known); known.replaceChildren(); return; }
    draw(`${form.dataset.known}?${new URLSearchParams({ channel: value("channel"), ref })}`, known);
  });

  const count = settle(120, () => {
    const query = { channel: value("channel"), kind: value("kind"), received: value("received_on"), external: value("external_on") };
    draw(`${form.dataset.times}?${new URLSearchParams(query)}`, times);
  });

  // A tip-off is what people hide behind; the officer still decides.
  const showIdentity = async () => {
    if (hidden.checked) { overtake(identity); identity.replaceChildren(); }
    else await draw(form.dataset.identityUrl, identity);
  };

  form.addEventListener("input", (event) => {
    if (event.target.name === "external_ref") look();
  });
  form.addEventListener("change", (event) => {
    const name = event.target.name;
    if (name === "external_ref" || name === "channel") look();
    if (["channel", "kind", "received_on", "external_on"].includes(name)) count();
    if (name === "identity_hidden") showIdentity();
  });

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const goals = { 1: "external_ref", 2: "topic", 3: "district" };
    if (goals[event.key]) { event.preventDefault(); document.getElementById(goals[event.key])?.focus(); }
    if (event.key.toLowerCase() === "g") { event.preventDefault(); hidden.focus(); hidden.click(); }
  });

  // The browser may have kept what was typed before: what follows from it is looked up again.
  if (value("external_ref")) look();
  if (hidden.checked && identity.querySelector("[data-identity]")) identity.replaceChildren();
}
