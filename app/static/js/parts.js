/* Parts of a page that the server draws while somebody types. An answer that was overtaken by a later
   question is dropped: what stands on the page always answers what was asked last. */

const rounds = new WeakMap();

/** Whatever is still under way for `place` no longer counts. Returns the number of the new round. */
export function overtake(place) {
  const round = (rounds.get(place) ?? 0) + 1;
  rounds.set(place, round);
  return round;
}

/** Puts what `url` answers into `place`. "shown", "failed", or "late" when a later question overtook it. */
export async function draw(url, place) {
  const round = overtake(place);
  let text = null;
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (answer.ok) text = await answer.text();
  } catch { /* Without a connection the server says the same when the form is sent. */ }
  if (rounds.get(place) !== round) return "late";
  if (text === null) return "failed";
  place.innerHTML = text;
  return "shown";
}
