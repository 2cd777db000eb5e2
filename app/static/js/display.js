/* The display of the waiting hall: fetched anew every five seconds, a new call is said aloud once. */

const main = document.querySelector("[data-board]");
const place = main.querySelector("[data-board-place]");
const said = main.querySelector("[data-board-said]");
const note = main.querySelector("[data-board-note]");
const PAUSE = 5000;
let last = place.querySelector(".is-newest")?.dataset.call ?? "";

async function refresh() {
  try {
    const answer = await fetch(main.dataset.board, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (answer.redirected || !answer.ok) throw new Error(`board: ${answer.status}`);
    const text = await answer.text();
    if (place.innerHTML !== text) place.innerHTML = text;
    note.textContent = "";
    const newest = place.querySelector(".is-newest")?.dataset.call ?? "";
    if (newest && newest !== last) said.textContent = newest;
    last = newest;
  } catch {
    note.textContent = main.dataset.lost;
  }
  setTimeout(refresh, PAUSE);
}

setTimeout(refresh, PAUSE);
