/* The decision form shows only what belongs to the picked result; without script everything stands there. */

const form = document.querySelector("[data-decision]");

function show() {
  const picked = form.querySelector("[name=decision]:checked");
  for (const part of form.querySelectorAll("[data-for]")) {
    part.hidden = !picked || !part.dataset.for.split(" ").includes(picked.value);
  }
}

if (form) {
  form.addEventListener("change", show);
  show();
}
