/* [data-autosubmit] on a form or a field: a changed choice is applied at once. */

document.addEventListener("change", (event) => {
  const field = event.target;
  const marked = field.closest("[data-autosubmit]");
  if (!marked || !field.form || field.matches("[type=text]:not([data-day]), [type=search]")) return;
  field.form.requestSubmit();
});
