/* Search over everything (Ctrl+K): screens of the menu at once, records from the server as one types. */

import { fold, make, settle, word, writeMarked } from "./words.js";

const ICONS = "http://www.w3.org/2000/svg";

export class Palette {
  constructor(dialog) {
    this.dialog = dialog;
    this.field = dialog.querySelector("input");
    this.list = dialog.querySelector("[role=listbox]");
    this.status = dialog.querySelector("[data-palette-status]");
    this.round = 0;
    this.chosen = -1;
    this.screens = Array.from(document.querySelectorAll(".rooms a"), (link) => ({
      title: link.firstElementChild?.classList.contains("ico") ? link.childNodes[1].textContent : link.textContent,
      sub: link.closest("ul ul")?.closest("li").querySelector("a").childNodes[1].textContent ?? "",
      url: link.href,
    }));
    this.field.addEventListener("input", () => this.search());
    this.field.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("close", () => this.field.blur());
    this.ask = settle(150, () => this.fetchGroups());
  }

  search() {
    this.round += 1;
    this.groups = [];
    this.show();
    if (this.query.length > 1) {
      this.status.textContent = word("searching");
      this.ask();
    }
  }

  get query() {
    return this.field.value.trim();
  }

  async fetchGroups() {
    const round = this.round;
    try {
      const url = new URL(this.dialog.dataset.url, document.baseURI);
      url.searchParams.set("q", this.query);
      const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`search: ${answer.status}`);
      const { groups } = await answer.json();
      if (round !== this.round) return;
      this.groups = groups;
      this.show();
      const count = groups.reduce((sum, group) => sum + group.items.length, 0);
      this.status.textContent = count ? word("results", { n: count }) : word("nothing", { q: this.query });
    } catch {
      if (round === this.round) this.status.textContent = word("offline");
    }
  }

  localGroups() {
    const wanted = fold(this.query);
    const seen = new Set();
    const items = this.screens.filter((one) => {
      const fits = fold(`${one.title} ${one.sub}`).includes(wanted) && !seen.has(one.url);
      if (fits) seen.add(one.url);
      return fits;
    });
    return items.length ? [{ label: word("screens"), icon: "right", items: items.slice(0, wanted ? 5 : 8) }] : [];
  }

  show() {
    const groups = [...this.groups, ...this.localGroups()];
    this.list.replaceChildren();
    for (const group of groups) this.addGroup(group);
    if (this.query) this.addAll();
    this.chosen = -1;
    this.choose(0);
    if (!this.query) this.status.textContent = "";
  }

  addGroup(group) {
    const box = make("div");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", group.label);
    const head = make("p", "cap");
    head.append(make("span", "", group.label), make("span", "push", String(group.items.length)));
    head.setAttribute("aria-hidden", "true");
    box.append(head);
    for (const item of group.items) box.append(this.option(item, group.icon || "file"));
    this.list.append(box);
  }

  addAll() {
    const url = new URL(this.dialog.dataset.page, document.baseURI);
    url.searchParams.set("q", this.query);
    this.list.append(this.option({ title: word("allResults", { q: this.query }), sub: "", url }, "search", ""));
  }

  option(item, icon, query = this.query) {
    const row = make("div");
    row.setAttribute("role", "option");
    row.id = `hit-${this.list.querySelectorAll("[role=option]").length}-${Math.random().toString(36).slice(2, 7)}`;
    const link = make("a");
    link.href = item.url;
    link.tabIndex = -1;
    const svg = document.createElementNS(ICONS, "svg");
    svg.setAttribute("class", "ico");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(ICONS, "use");
    use.setAttribute("href", `${this.dialog.dataset.icons}#${icon}`);
    svg.append(use);
    const words = make("span", "grow cut");
    writeMarked(words, item.title, query);
    if (item.sub) words.append(make("span", "sub", item.sub));
    link.append(svg, words);
    row.append(link);
    return row;
  }

  get options() {
    return Array.from(this.list.querySelectorAll("[role=option]"));
  }

  choose(index) {
    const options = this.options;
    if (!options.length) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    this.chosen = (index + options.length) % options.length;
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === this.chosen)));
    const row = options[this.chosen];
    this.field.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.choose(this.chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      const link = this.options[this.chosen]?.querySelector("a");
      if (!link) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
      else window.location.assign(link.href);
    } else if (event.key === "Escape") {
      event.preventDefault(); // A search box would only empty itself.
      this.dialog.close();
    }
  }
}
