/* The call screen: asks every second what is in hand and draws the middle anew when that changes.
   What somebody is typing is never taken away: then only the bar is renewed. */

import { isTyping, word } from "./words.js";

const screen = document.querySelector("[data-call-screen]");
const desk = document.getElementById("call-desk");
const said = document.querySelector("[data-call-said]");
const EVERY = 1000; // ms; a call is on the screen within a second or two
const AWAY = 5000; // ms, after an answer that did not come
const plain = document.title;
let tag = screen.dataset.keyNow;
let pause = EVERY;

function clock() {
  // Counted from what the server said: the clock of this machine may be wrong.
  const now = performance.now() / 1000;
  for (const node of desk.querySelectorAll("[data-seconds]")) {
    node.dataset.from ??= now - Number(node.dataset.seconds);
    const seconds = Math.max(Math.floor(now - Number(node.dataset.from)), 0);
    const two = (n) => String(n).padStart(2, "0");
    node.textContent = `${two(Math.floor(seconds / 60))}.${two(seconds % 60)}`;
  }
}

function busy() {
  return document.querySelector("dialog:modal") !== null || (desk.contains(document.activeElement) && isTyping(document.activeElement));
}

async function dress() {
  (await import("./knowledge.js")).dress(desk);
  if (desk.querySelector("[data-lookup]")) (await import("./lookup.js")).dress(desk);
  if (desk.querySelector("dialog[popover], [data-confirm]")) await import("./dialog.js");
}

async function draw() {
  const answer = await fetch(screen.dataset.desk, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(`desk: ${answer.status}`);
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  const before = desk.querySelector("[data-call]")?.dataset.call ?? "";
  const after = fresh.content.querySelector("[data-call]")?.dataset.call ?? "";
  const bar = fresh.content.querySelector("#live-bar");
  if (before === after && busy() && bar && desk.querySelector("#live-bar")) {
    desk.querySelector("#live-bar").replaceWith(bar);
  } else if (before === after || !busy() || !before) {
    desk.replaceChildren(fresh.content);
    await dress();
  }
  const who = desk.querySelector("#live-bar")?.dataset.who;
  document.title = who ? `☎ ${who} · ${plain}` : plain;
  if (before !== after && who) said.textContent = who;
  clock();
}

async function ask() {
  try {
    const answer = await fetch(screen.dataset.state, { credentials: "same-origin", headers: { Accept: "application/json", "If-None-Match": `"${tag}"` } });
    if (answer.status === 401 || answer.redirected) {
      window.location.reload();
      return;
    }
    if (answer.status === 200) {
      const now = await answer.json();
      for (const node of document.querySelectorAll("[data-waiting]")) node.textContent = now.waiting;
      for (const node of document.querySelectorAll("[data-waiting-text]")) node.textContent = now.waiting_text;
      await draw();
      tag = now.key;
    } else if (answer.status !== 304) throw new Error(`state: ${answer.status}`);
    pause = EVERY;
  } catch {
    pause = AWAY;
    said.textContent = word("offline");
  }
  setTimeout(ask, pause);
}

clock();
setInterval(clock, 1000);
setTimeout(ask, pause);
