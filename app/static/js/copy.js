/* Buttons that copy the text of a field: [data-copy] names the field, [data-copied] the words afterwards. */

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // Without a safe connection the browser keeps the clipboard shut; the old way may still work.
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  if (!(await copied(field))) {
    field.focus();
    field.select();
    return;
  }
  button.querySelector("span").textContent = button.dataset.copied;
  const note = document.querySelector("[data-copy-note]");
  if (note) note.textContent = button.dataset.copied;
});
