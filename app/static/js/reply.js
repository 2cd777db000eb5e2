// Fills the reply from a template; what was typed is kept unless the clerk agrees.
const select = document.querySelector("[data-template]");
if (select) {
  select.addEventListener("change", async () => {
    if (!select.value) return;
    const form = select.form;
    const body = form.elements.namedItem("body");
    const answer = await fetch(select.dataset.template.replace(/0$/, select.value), { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const text = await answer.json();
    body.value = body.value.trim() ? `${body.value.trim()}\n\n${text.body}` : text.body;
    if (text.short_text) form.elements.namedItem("short_text").value = text.short_text;
    if (text.kind) form.elements.namedItem("kind").value = text.kind;
    if (text.outcome) form.elements.namedItem("outcome").value = text.outcome;
    // Fields that depend on the result look at it again.
    form.elements.namedItem("outcome").dispatchEvent(new Event("change", { bubbles: true }));
    // What found no value is named, so that nobody overlooks a gap.
    const missing = form.querySelector("[data-template-missing]");
    if (missing) missing.textContent = text.missing?.length ? `…… ${text.missing.join(", ")}` : "";
    body.dispatchEvent(new Event("input", { bubbles: true }));
    body.focus();
  });
}
