/* Words the server translated for scripts (parts/words.html), and small helpers without a home. */

const words = document.getElementById("words")?.dataset ?? {};

/** The translated words under `key`, with {name} replaced. */
export function word(key, values = {}) {
  return Object.entries(values).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), words[key] ?? key);
}

/** An element with class and text; text is never markup. */
export function make(name, className = "", text = "") {
  const node = document.createElement(name);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/** The last of many calls, `ms` after it. */
export function settle(ms, act) {
  let waiting = 0;
  return (...values) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => act(...values), ms);
  };
}

/** Memory of this browser; a browser that refuses it loses comfort, not function. */
export const memory = {
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Full or forbidden: nothing is kept.
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept.
    }
  },
  keys(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

/** Letters compared as people type them: without case, dots and hats; one letter stays one letter. */
export function fold(text) {
  return Array.from(text, (letter) => {
    const plain = letter.toLocaleLowerCase("tr").replace("ı", "i").normalize("NFD").replace(/\p{M}/gu, "");
    return plain.length === 1 ? plain : plain.slice(0, 1) || " ";
  }).join("");
}

/** Puts `text` into `node` with the found part marked. */
export function writeMarked(node, text, query) {
  const letters = Array.from(text);
  const at = query ? fold(text).indexOf(fold(query)) : -1;
  if (at < 0) {
    node.append(text);
    return;
  }
  const end = at + Array.from(query).length;
  node.append(letters.slice(0, at).join(""), make("mark", "", letters.slice(at, end).join("")), letters.slice(end).join(""));
}

/** Whether the browser knows that there is no connection; when it says there is one, nobody can be sure. */
export function isOffline() {
  return navigator.onLine === false;
}

/** Whether a key press belongs to a field rather than to the page. */
export function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
}
