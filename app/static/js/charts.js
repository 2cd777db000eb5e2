/* Draws every <figure data-chart-src> from the specification its address answers.
   What a figure means stands in the page and in the table beside it; nothing is decided here.
   Drawings live in a shadow root: the page's own rules for hand-made charts do not reach them. */

const BUNDLE = new URL("../generated/vega.js", import.meta.url);
const PATIENCE = 300; // ms before a skeleton: a quick answer should not flicker
const LEAST_WIDTH = 280; // narrower screens scroll the drawing instead of shrinking its letters

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; position: relative; min-width: 0; }
  .scroll { overflow-x: auto; }
  .scroll svg { display: block; }
  .note { margin: 4px 0 0; color: var(--text-3, #5b676d); font-size: 12px; }
  .message { margin: 0; padding: 16px 0; color: var(--text-2, #465259); }
  .skeleton { display: flex; align-items: flex-end; gap: 3%; height: 200px; padding: 8px 0; }
  .skeleton i { flex: 1; border-radius: 3px; background: var(--pressed, #e4eaeb); }
  .skeleton i:nth-child(odd) { height: 45%; } .skeleton i:nth-child(even) { height: 75%; }
  .tip { position: fixed; z-index: 50; max-width: 20rem; padding: 4px 8px; pointer-events: none;
    border: 1px solid var(--edge, #758289); border-radius: 4px; font-size: 13px;
    background: var(--surface, #fff); color: var(--text, #172024); }
  [hidden] { display: none !important; }
  .paper { display: none; }
  @media print {
    .tip { display: none; }
    .has-paper ~ .paper { display: block; }
    .has-paper { display: none; }
  }
`);

let library;
/** Loads the drawing library once, and only on a page that has a chart. */
function loadLibrary() {
  library ??= import(BUNDLE).then(() => window.vegaEmbed);
  return library;
}

const darkSystem = window.matchMedia("(prefers-color-scheme: dark)");

function currentTheme() {
  const forced = document.documentElement.dataset.theme;
  if (forced === "light" || forced === "dark") return forced;
  return darkSystem.matches ? "dark" : "light";
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Returns an address of our own host, or null: data can never lead the reader elsewhere. */
function ownAddress(text) {
  if (!text) return null;
  try {
    const url = new URL(text, document.baseURI);
    return url.origin === window.location.origin ? url : null;
  } catch {
    return null;
  }
}

class ChartFigure {
  constructor(figure) {
    this.figure = figure;
    this.round = 0;
    this.view = null;
    const host = element("div", "chart-stage");
    // The drawing stands where the page put a stage, otherwise after the caption.
    const place = figure.querySelector("[data-chart-stage]") ?? figure;
    place.append(host);
    this.host = host;
    this.root = host.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [sheet];
    this.screen = element("div", "scroll");
    this.paper = element("div", "paper");
    this.tip = element("div", "tip");
    this.tip.hidden = true;
    this.root.append(this.screen, this.paper, this.tip);
    this.watchWidth();
  }

  get width() {
    return Math.max(Math.floor(this.host.clientWidth), LEAST_WIDTH);
  }

  async ask(theme) {
    const url = new URL(this.figure.dataset.chartSrc, document.baseURI);
    url.searchParams.set("theme", theme);
    url.searchParams.set("width", String(this.width));
    const answer = await fetch(url, {
      credentials: "same-origin",
      headers: { Accept: "application/json" },
    });
    if (!answer.ok) throw new Error(`chart: ${answer.status}`);
    return answer.json();
  }

  async draw() {
    const round = ++this.round;
    const skeleton = window.setTimeout(() => this.showSkeleton(round), PATIENCE);
    this.figure.setAttribute("aria-busy", "true");
    try {
      const theme = currentTheme();
      const [answer, embed] = await Promise.all([this.ask(theme), loadLibrary()]);
      if (round !== this.round) return;
      window.clearTimeout(skeleton);
      this.fillTable(answer.table);
      if (answer.spec.usermeta?.empty) {
        this.showMessage(answer.empty || this.figure.dataset.empty || "");
        return;
      }
      await this.show(embed, answer.spec, round);
      if (theme === "dark") this.preparePaper(embed, round);
    } catch (problem) {
      if (round !== this.round) return;
      console.warn(problem);
      this.showMessage(this.figure.dataset.error ?? "The chart could not be drawn.");
    } finally {
      window.clearTimeout(skeleton);
      if (round === this.round) this.figure.removeAttribute("aria-busy");
    }
  }

  async show(embed, spec, round) {
    const box = element("div");
    const width = this.width;
    const { view } = await embed(box, { ...spec, width }, this.options());
    if (round !== this.round) {
      view.finalize();
      return;
    }
    this.dropView();
    this.view = view;
    this.drawnWidth = this.shownWidth = width;
    this.nameDrawing(box, spec);
    for (const note of spec.usermeta?.notes ?? []) box.append(element("p", "note", note));
    const asOf = this.figure.querySelector("[data-chart-as-of]");
    if (asOf && spec.usermeta?.asOf) asOf.textContent = spec.usermeta.asOf;
    view.addEventListener("click", (event, item) => this.follow(event, item));
    this.screen.replaceChildren(box);
  }

  /** Paper is always light: while the screen is dark a light copy waits for the printer. */
  async preparePaper(embed, round) {
    const answer = await this.ask("print");
    if (round !== this.round) return;
    const { view } = await embed(this.paper, { ...answer.spec, width: this.width }, this.options());
    view.tooltip(() => {});
    this.paperView = view;
    this.nameDrawing(this.paper, answer.spec);
    this.screen.classList.add("has-paper");
  }

  options() {
    return {
      ast: true, // expressions are walked, not compiled: the page forbids eval
      defaultStyle: false,
      actions: false,
      renderer: "svg",
      tooltip: (_handler, event, _item, value) => this.showTip(event, value),
    };
  }

  nameDrawing(box, spec) {
    const svg = box.querySelector("svg");
    if (!svg) return;
    svg.setAttribute("role", "img");
    // One picture with one name: its marks are not named one by one, the table beside says them.
    for (const part of svg.children) part.setAttribute("aria-hidden", "true");
    svg.setAttribute("aria-label", spec.description ?? this.figure.dataset.label ?? "");
  }

  follow(event, item) {
    const url = ownAddress(item?.datum?._url);
    if (!url) return;
    if (event.ctrlKey || event.metaKey) window.open(url, "_blank", "noopener");
    else window.location.assign(url);
  }

  showTip(event, value) {
    const text = value === null || value === undefined ? "" : String(value);
    this.tip.hidden = text === "";
    if (this.tip.hidden) return;
    this.tip.textContent = text;
    const { offsetWidth, offsetHeight } = this.tip;
    const left = Math.min(event.clientX + 12, window.innerWidth - offsetWidth - 8);
    const above = event.clientY - offsetHeight - 10;
    this.tip.style.left = `${Math.max(left, 8)}px`;
    this.tip.style.top = `${above < 8 ? event.clientY + 16 : above}px`;
  }

  showSkeleton(round) {
    if (round !== this.round || this.view) return;
    const bars = element("div", "skeleton");
    bars.setAttribute("aria-hidden", "true");
    for (let i = 0; i < 8; i += 1) bars.append(element("i"));
    this.screen.replaceChildren(bars);
  }

  showMessage(text) {
    this.dropView();
    const message = element("p", "message", text);
    message.setAttribute("role", "status");
    this.screen.replaceChildren(message);
  }

  dropView() {
    this.tip.hidden = true;
    this.view?.finalize();
    this.paperView?.finalize();
    this.view = this.paperView = null;
    this.paper.replaceChildren();
    this.screen.classList.remove("has-paper");
  }

  /** Fits the drawing to its place; a place much wider or narrower asks for other labels. */
  watchWidth() {
    let waiting = 0;
    new ResizeObserver(() => {
      if (!this.view) return;
      const width = this.width;
      if (width === this.shownWidth) return;
      this.shownWidth = width;
      this.view.width(width).runAsync();
      window.clearTimeout(waiting);
      const ratio = width / this.drawnWidth;
      if (ratio > 1.25 || ratio < 0.8) waiting = window.setTimeout(() => this.draw(), 250);
    }).observe(this.host);
  }

  fillTable(table) {
    const target = document.getElementById(this.figure.dataset.chartTable ?? "");
    if (!target || !table) return;
    const cell = (name, text, column, url) => {
      const made = element(name, table.align[column] === "right" ? "num" : "");
      const address = ownAddress(url);
      if (!address) {
        made.textContent = text;
        return made;
      }
      const link = element("a", "plain", text);
      link.href = address;
      made.append(link);
      return made;
    };
    const line = (texts, urls, headed) => {
      const row = element("tr");
      texts.forEach((text, column) => {
        const made = cell(headed || column === 0 ? "th" : "td", text, column, urls?.[column]);
        if (made.tagName === "TH") made.scope = headed ? "col" : "row";
        else made.dataset.label = table.headers[column];
        row.append(made);
      });
      return row;
    };
    const head = element("thead");
    head.append(line(table.headers, null, true));
    const body = element("tbody");
    table.rows.forEach((row, at) => body.append(line(row, table.urls[at], false)));
    const parts = [head, body];
    if (table.totals) {
      const foot = element("tfoot");
      foot.append(line(table.totals, null, false));
      parts.push(foot);
    }
    const caption = target.querySelector("caption");
    target.replaceChildren(...(caption ? [caption] : []), ...parts);
  }
}

const drawn = new Map();

/** Draws the figures below a node; called again after new content it draws only what is new. */
export function drawCharts(root = document) {
  for (const figure of root.querySelectorAll("figure[data-chart-src]")) {
    if (drawn.has(figure)) continue;
    const chart = new ChartFigure(figure);
    drawn.set(figure, chart);
    chart.draw();
  }
}

function redrawAll() {
  for (const [figure, chart] of drawn) {
    if (figure.isConnected) chart.draw();
    else drawn.delete(figure);
  }
}

darkSystem.addEventListener("change", redrawAll);
new MutationObserver(redrawAll).observe(document.documentElement, {
  attributes: true,
  attributeFilter: ["data-theme"],
});
drawCharts();
