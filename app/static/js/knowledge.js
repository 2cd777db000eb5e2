/* The knowledge box: searches while somebody types, notes which item is being read aloud.
   It stands beside other forms, so its field belongs to none and its acts are sent from here. */

import { settle, word } from "./words.js";

async function load(box, query) {
  const found = box.querySelector("[data-knowledge-found]");
  const round = (box.halklaRound = (box.halklaRound ?? 0) + 1);
  const url = new URL(box.dataset.knowledge, document.baseURI);
  url.searchParams.set("q", query);
  url.searchParams.set("part", "1");
  try {
    const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(`knowledge: ${answer.status}`);
    const html = await answer.text();
    if (round === box.halklaRound) found.innerHTML = html;
  } catch {
    if (round === box.halklaRound) found.textContent = word("offline");
  }
}

function choose(item) {
  const field = document.getElementById("answered-with");
  if (!field) return;
  field.value = item.dataset.item;
  const label = document.getElementById("answered-with-label");
  if (label) label.textContent = item.querySelector("summary").textContent.trim();
}

async function send(button) {
  const token = document.querySelector('input[name="csrf_token"]')?.value ?? "";
  button.disabled = true;
  try {
    const answer = await fetch(button.dataset.post, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": token, Accept: "application/json" } });
    if (!answer.ok) throw new Error(`knowledge: ${answer.status}`);
    button.textContent = button.dataset.done;
  } catch {
    button.disabled = false;
  }
}

/** Make boxes of those below `root` that are none yet. */
export function dress(root) {
  for (const box of root.querySelectorAll("[data-knowledge]")) {
    if (box.halklaKnowledge) continue;
    box.halklaKnowledge = true;
    const field = box.querySelector("[data-knowledge-query]");
    const search = settle(180, () => load(box, field.value.trim()));
    field.addEventListener("input", search);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        box.querySelector("[data-item] summary")?.focus();
      }
    });
    // An opened answer is the one that is read aloud.
    box.addEventListener("toggle", (event) => event.target.matches?.("details[data-item][open]") && choose(event.target), true);
    box.addEventListener("click", (event) => {
      const button = event.target.closest?.("[data-post]");
      if (button) send(button);
    });
  }
}

dress(document);
