/* Days and moments: typed as 31122026, stepped with the arrows (an empty field begins today), or picked from
   the browser's calendar. They are written as people here write them, whatever the browser's language is. */

const isTurkish = document.documentElement.lang === "tr";
const sign = isTurkish ? "." : "/";
const clockSign = isTurkish ? "." : ":";
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/;
const OURS = /^(\d{1,2})[./](\d{1,2})[./](\d{4})(?: +(\d{1,2})[.:](\d\d))?$/;
const BARE = /^(\d\d)(\d\d)(\d{4})(?: *(\d\d)(\d\d))?$/;

const pad = (number) => String(number).padStart(2, "0");
const isMoment = (field) => field.hasAttribute("data-moment");

/** The moment that was typed, and whether it has a time; null when it is no day of the calendar. */
function read(text) {
  const iso = ISO.exec(text);
  const found = iso ?? OURS.exec(text) ?? BARE.exec(text);
  if (!found) return null;
  const [first, month, last] = found.slice(1, 4).map(Number);
  const [year, day] = iso ? [first, last] : [last, first];
  const [hour, minute] = found.slice(4, 6).map((part) => Number(part ?? 0));
  const date = new Date(year, month - 1, day, hour, minute);
  const isReal = date.getFullYear() === year && date.getMonth() === month - 1 && date.getDate() === day && hour < 24 && minute < 60;
  return isReal ? { date, hasTime: found[4] !== undefined } : null;
}

function write(field, date) {
  const day = [pad(date.getDate()), pad(date.getMonth() + 1), date.getFullYear()].join(sign);
  field.value = isMoment(field) ? `${day} ${pad(date.getHours())}${clockSign}${pad(date.getMinutes())}` : day;
}

/** As the browser's own calendar wants it. */
function asNative(field, date) {
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join("-");
  return isMoment(field) ? `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}` : day;
}

const tell = (field, name) => field.dispatchEvent(new Event(name, { bubbles: true }));

/** Put in the next sign after a figure, and take back a sign that was typed after ours. */
function punctuate(field, typed) {
  if (field.selectionStart !== field.value.length) return;
  if (/^[./: ]$/.test(typed)) {
    field.value = field.value.replace(/([./: ])[./: ]$/, "$1");
    return;
  }
  if (!/^\d$/.test(typed)) return;
  if (/^\d\d$|^\d{1,2}[./]\d\d$/.test(field.value)) field.value += sign;
  else if (isMoment(field) && /[./]\d{4}$/.test(field.value)) field.value += " ";
  else if (isMoment(field) && / \d\d$/.test(field.value)) field.value += clockSign;
}

function step(field, days) {
  const found = read(field.value.trim());
  const next = found?.date ?? new Date();
  if (found) next.setDate(next.getDate() + days);
  write(field, next);
  field.dataset.stepped = "";
  tell(field, "input");
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (field.matches?.("[data-day], [data-moment]") && event.inputType === "insertText") punctuate(field, event.data ?? "");
});

// Before the page's own listeners, so that they see the day as it is written.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.matches?.(".day-native")) {
    event.stopPropagation();
    const own = field.parentElement.querySelector("[data-day], [data-moment]");
    const found = read(field.value);
    if (!found) return;
    write(own, found.date);
    tell(own, "input");
    tell(own, "change");
    own.focus();
  } else if (field.matches?.("[data-day], [data-moment]")) {
    const found = read(field.value.trim());
    // A time is never invented: a day alone stays as it was typed, and the server asks for the time.
    if (found && (found.hasTime || !isMoment(field))) write(field, found.date);
  }
}, true);

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-day], [data-moment]") || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
  event.preventDefault();
  step(field, event.key === "ArrowUp" ? 1 : -1);
});

document.addEventListener("focusout", (event) => {
  if (event.target.dataset?.stepped === undefined) return;
  delete event.target.dataset.stepped;
  tell(event.target, "change");
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-day-open]");
  if (!button) return;
  const box = button.parentElement;
  const own = box.querySelector("[data-day], [data-moment]");
  const native = box.querySelector(".day-native");
  const found = read(own.value.trim());
  native.value = found ? asNative(own, found.date) : "";
  native.showPicker();
});

for (const button of document.querySelectorAll("[data-day-open]")) {
  button.hidden = !("showPicker" in HTMLInputElement.prototype);
}
