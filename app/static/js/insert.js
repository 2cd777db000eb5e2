/* Puts a text where the cursor stood last: <… data-insert="names of fields"><button data-insert-text="…">. */

for (const box of document.querySelectorAll("[data-insert]")) {
  const form = box.closest("form");
  const fields = box.dataset.insert.split(" ").map((name) => form.elements.namedItem(name)).filter(Boolean);
  let last = fields[0];
  for (const field of fields) field.addEventListener("focus", () => { last = field; });
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert-text]");
    if (!button || !last) return;
    const at = last.selectionStart ?? last.value.length;
    last.setRangeText(button.dataset.insertText, at, last.selectionEnd ?? at, "end");
    last.focus();
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
