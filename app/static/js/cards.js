/* Cards of a record that are fetched after the page: <section data-card="address">. The page itself stays
   quick; a card that cannot be fetched says so and offers a link to try again. */

import { make, word } from "./words.js";

const WAIT = 300; // ms before a skeleton is worth showing

async function fill(place) {
  const skeleton = setTimeout(() => place.classList.add("is-loading"), WAIT);
  try {
    const answer = await fetch(place.dataset.card, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(`card: ${answer.status}`);
    place.innerHTML = await answer.text();
    if (!place.textContent.trim()) place.remove();
    await dress(place);
  } catch {
    const line = make("p", "card-body muted");
    const again = make("button", "btn btn-sm", word("again"));
    again.type = "button";
    again.addEventListener("click", () => fill(place));
    line.append(word("cardFailed"), " ", again);
    place.replaceChildren(line);
  } finally {
    clearTimeout(skeleton);
    place.classList.remove("is-loading");
    place.removeAttribute("aria-busy");
    place.dispatchEvent(new CustomEvent("card:filled", { bubbles: true }));
  }
}

async function dress(place) {
  if (place.querySelector("[data-knowledge]")) (await import("./knowledge.js")).dress(place);
  if (place.querySelector("[data-lookup]")) (await import("./lookup.js")).dress(place);
  if (place.querySelector("dialog[popover], [data-confirm]")) await import("./dialog.js");
}

await Promise.all(Array.from(document.querySelectorAll("[data-card]"), fill));
document.body.dataset.cards = "filled";
