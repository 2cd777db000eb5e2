/* The picker: a box to search in beside a hidden id. ARIA combobox with a list of what the server finds. */

import { make, settle, word, writeMarked } from "./words.js";

let count = 0;

class Lookup {
  constructor(field) {
    this.field = field;
    this.box = field.closest(".lookup");
    this.hidden = this.box.querySelector("input[type=hidden]");
    this.clear = this.box.querySelector("[data-lookup-clear]");
    // Text of the value that is picked now. This script comes after the page, and a quick typist is
    // then at it already: what stands in the box under the cursor was typed and not picked.
    this.shown = document.activeElement === field ? field.defaultValue : field.value;
    this.list = make("div", "lookup-list");
    this.list.id = `lookup-${(count += 1)}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", document.querySelector(`label[for="${field.id}"]`)?.textContent ?? "");
    this.list.hidden = true;
    this.box.append(this.list);
    field.setAttribute("aria-controls", this.list.id);
    this.round = 0;
    this.answered = this.shown; // What the list was looked for with.
    this.hurried = false; // Enter came before the answer.
    this.ask = settle(150, () => this.load(1));
    this.listen();
    if (this.unanswered) this.ask();
  }

  listen() {
    this.field.addEventListener("input", () => {
      this.hurried = false;
      this.ask();
    });
    this.field.addEventListener("click", () => this.list.hidden && this.load(1));
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => this.leave());
    this.clear.addEventListener("click", () => {
      this.pick("", "");
      this.field.focus();
    });
    // The list must not take the focus from the box.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
    for (const name of this.dependencies) {
      const other = this.field.form?.querySelector(`[name="${name}"]`);
      other?.addEventListener("change", () => this.hidden.value && this.pick("", ""));
    }
  }

  /** Typed, and the list does not answer it yet. */
  get unanswered() {
    const typed = this.field.value;
    return typed.trim() !== "" && typed !== this.shown && typed !== this.answered;
  }

  get dependencies() {
    return (this.field.dataset.depends ?? "").split(",").filter(Boolean);
  }

  address(page) {
    const url = new URL(this.field.dataset.lookup, document.baseURI);
    // An untouched box shows everything, so that a wrong pick is easy to change.
    url.searchParams.set("q", this.field.value === this.shown ? "" : this.field.value.trim());
    url.searchParams.set("page", String(page));
    for (const name of this.dependencies) {
      const value = this.field.form && new FormData(this.field.form).get(name);
      if (value) url.searchParams.set(name, String(value));
    }
    return url;
  }

  async load(page) {
    const round = ++this.round;
    const typed = this.field.value;
    try {
      const answer = await fetch(this.address(page), { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(`lookup: ${answer.status}`);
      const found = await answer.json();
      if (round !== this.round || document.activeElement !== this.field) return;
      this.answered = typed;
      this.show(found);
      const option = this.options[this.chosen];
      if (this.hurried && option && typed === this.field.value) this.take(option);
    } catch {
      if (round === this.round) this.show({ results: [], more: false, words: word("offline") });
    } finally {
      if (round === this.round) this.hurried = false;
    }
  }

  show({ results, more, words }) {
    const query = this.field.value === this.shown ? "" : this.field.value.trim();
    this.list.replaceChildren();
    for (const one of results) {
      const option = make("div");
      option.id = `${this.list.id}-${one.id}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.id = one.id;
      option.dataset.text = one.text;
      const text = make("span");
      writeMarked(text, one.text, query);
      option.append(text);
      if (one.sub) option.append(make("span", "faint", one.sub));
      this.list.append(option);
    }
    const note = results.length ? (more ? word("more") : "") : (words ?? word("nothing", { q: query }));
    if (note) {
      const line = make("p", "said-no", note);
      line.setAttribute("role", "status");
      this.list.append(line);
    }
    this.open(true);
    if (query && results.length) this.choose(0);
  }

  open(on) {
    this.list.hidden = !on;
    this.field.setAttribute("aria-expanded", String(on));
    if (!on) {
      this.round += 1;
      this.hurried = false;
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  get options() {
    return Array.from(this.list.querySelectorAll("[role=option]"));
  }

  get chosen() {
    return this.options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  }

  choose(at) {
    const options = this.options;
    if (!options.length) return;
    const index = (at + options.length) % options.length;
    options.forEach((one, i) => one.setAttribute("aria-selected", String(i === index)));
    this.field.setAttribute("aria-activedescendant", options[index].id);
    options[index].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.load(1);
      else if (event.key === "ArrowDown") this.choose(this.chosen + 1);
      else this.choose(this.chosen < 0 ? -1 : this.chosen - 1);
    } else if (event.key === "Enter" && !event.ctrlKey && (open || this.unanswered)) {
      event.preventDefault();
      const option = this.options[this.chosen];
      if (this.unanswered) {
        this.hurried = true;
        this.load(1);
      } else if (option) this.take(option);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.field.value = this.shown;
      this.open(false);
    }
  }

  take(option) {
    this.pick(option.dataset.id, option.dataset.text);
  }

  pick(id, text) {
    this.hidden.value = id;
    this.shown = this.field.value = text;
    this.clear.hidden = !id;
    this.open(false);
    // Others depend on the hidden value; drafts watch the form.
    this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  leave() {
    if (this.field.value.trim() === "" && this.hidden.value) this.pick("", "");
    else this.field.value = this.shown; // Typed but not picked is not a value.
    this.open(false);
  }

  /** A draft puts a value back. */
  restore(id, text) {
    this.pick(id, text);
  }
}

/** Make pickers of the boxes below `root` that are none yet. */
export function dress(root) {
  for (const field of root.querySelectorAll("[data-lookup]")) field.halklaLookup ??= new Lookup(field);
}

dress(document);
