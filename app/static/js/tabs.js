/* Parts of a record as tabs. Without script, and on paper, all parts stand below each other. */

const nav = document.querySelector("[data-tabs]");
const links = Array.from(nav.querySelectorAll("a"));
const panels = links.map((link) => document.querySelector(link.hash));

function show(chosen) {
  links.forEach((link, at) => {
    if (at === chosen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
    panels[at].hidden = at !== chosen;
  });
}

function byAddress() {
  return links.findIndex((link) => link.hash === window.location.hash);
}

nav.addEventListener("click", (event) => {
  const at = links.indexOf(event.target.closest("a"));
  if (at < 0) return;
  event.preventDefault();
  history.replaceState(null, "", links[at].hash); // Coming back opens the same part.
  show(at);
});
window.addEventListener("hashchange", () => {
  if (byAddress() >= 0) show(byAddress());
});
show(Math.max(byAddress(), 0));
