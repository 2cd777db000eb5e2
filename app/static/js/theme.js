/* Runs before anything is painted: says that script works, and the appearance this browser chose.
   The profile's own choice stands in data-theme already; a choice made here wins. */
{
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("halkla-theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
    if (chosen === "system") delete root.dataset.theme;
  } catch {
    // A browser that keeps nothing still shows the profile's choice.
  }
}
