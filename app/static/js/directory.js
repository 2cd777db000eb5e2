/* The directory: results change while one types; without script the form asks for the page. */

import { settle, word } from "./words.js";

const form = document.querySelector("form[data-directory]");
const box = form.querySelector("input[name=q]");
const results = document.getElementById("directory-results");
let round = 0;

const ask = settle(150, async () => {
  const mine = ++round;
  const url = new URL(form.dataset.directory, document.baseURI);
  url.searchParams.set("q", box.value.trim());
  try {
    const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(`directory: ${answer.status}`);
    const text = await answer.text();
    if (mine !== round) return;
    results.innerHTML = text;
    const address = new URL(window.location.href);
    if (box.value.trim()) address.searchParams.set("q", box.value.trim());
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
  } catch {
    if (mine === round) results.textContent = word("offline");
  }
});

box.addEventListener("input", ask);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
