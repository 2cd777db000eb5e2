/* Field work on the phone: a step takes the place of the phone along when it is told within a few
   seconds. Nobody is held up: without a place the step is taken all the same. */

const WAIT = 4000;

function go(form, button) {
  if (form.dataset.located) return;
  form.dataset.located = "1";
  form.requestSubmit(button);
}

for (const form of document.querySelectorAll("form[data-locate]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.located || !("geolocation" in navigator)) return;
    event.preventDefault();
    if (form.dataset.locating) return;
    form.dataset.locating = "1";
    const button = event.submitter ?? undefined;
    button?.setAttribute("aria-busy", "true");
    // The browser's own limit does not run while it asks for permission.
    setTimeout(() => go(form, button), WAIT + 1000);
    navigator.geolocation.getCurrentPosition(
      (position) => {
        form.elements.latitude.value = position.coords.latitude.toFixed(6);
        form.elements.longitude.value = position.coords.longitude.toFixed(6);
        go(form, button);
      },
      () => go(form, button),
      { timeout: WAIT, maximumAge: 60_000, enableHighAccuracy: true },
    );
  });
}

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-locate]")) {
    delete form.dataset.located;
    delete form.dataset.locating;
  }
});
