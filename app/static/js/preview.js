/* Shows what is typed as it will arrive: <div data-preview="address" data-preview-fields="names">. The server
   fills and measures it, so that the count here is the count there. */

const WAIT = 300; // ms after the last key

for (const place of document.querySelectorAll("[data-preview]")) {
  const form = place.closest("form");
  const names = place.dataset.previewFields.split(" ");
  const target = place.querySelector("[data-preview-place]");
  let timer = 0;
  let turn = 0;

  const withToken = (query) => {
    query.set("csrf_token", form.elements.namedItem("csrf_token")?.value ?? "");
    return query;
  };

  const draw = async () => {
    const mine = ++turn;
    const query = new URLSearchParams();
    for (const name of names) {
      const field = form.elements.namedItem(name);
      query.set(name, field?.value ?? "");
    }
    try {
      // A long text does not fit into an address; nothing is stored either way.
      const answer = place.dataset.previewMethod === "post"
        ? await fetch(place.dataset.preview, { method: "POST", headers: { Accept: "text/html" }, body: withToken(query) })
        : await fetch(`${place.dataset.preview}?${query}`, { headers: { Accept: "text/html" } });
      if (answer.ok && mine === turn) target.innerHTML = await answer.text();
    } catch {
      target.textContent = "";
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(draw, WAIT);
  });
  draw();
}
