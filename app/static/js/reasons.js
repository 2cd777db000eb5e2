/* Reasons of a result: only those of the chosen result are offered, and none where it needs none.
   <div data-reasons="#id of the result"> holds a select whose groups carry data-outcome. */

for (const field of document.querySelectorAll("[data-reasons]")) {
  const outcome = document.querySelector(field.dataset.reasons);
  const select = field.querySelector("select");
  const draw = () => {
    let fits = false;
    for (const group of select.querySelectorAll("optgroup")) {
      const shown = group.dataset.outcome === outcome.value;
      group.hidden = !shown;
      group.disabled = !shown;
      fits ||= shown;
    }
    const chosen = select.selectedOptions[0]?.closest("optgroup");
    if (chosen?.disabled) select.value = "";
    field.hidden = !fits;
  };
  outcome?.addEventListener("change", draw);
  if (outcome) draw();
}
