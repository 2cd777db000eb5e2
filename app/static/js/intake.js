// The intake screen: person search, proposal with legal time, similar cases, and keys for it all.
import { draw, overtake } from "./parts.js";
import { settle, word } from "./words.js";

const form = document.querySelector("[data-intake]");

// A picker's box has the id that its hidden value has as name, so namedItem would find both.
function value(name) {
  return String(new FormData(form).get(name) ?? "");
}

function control(name) {
  return form.querySelector(`[name="${name}"]`);
}

function setLookup(name, id, label) {
  const hidden = document.getElementById(`${name}-value`);
  const box = document.getElementById(name);
  if (!hidden || !box) return;
  hidden.value = id;
  box.value = label;
  hidden.dispatchEvent(new Event("change", { bubbles: true }));
}

if (form) {
  const person = document.getElementById("person");
  const found = document.getElementById("people-found");
  const card = document.getElementById("person-card");
  const citizen = document.getElementById("citizen_id");
  const proposal = document.getElementById("proposal");
  const similar = document.getElementById("similar");
  let unitChosen = Boolean(document.getElementById("unit-value")?.value);

  const showWho = () => {
    const who = value("who");
    for (const block of form.querySelectorAll("[data-who]")) block.hidden = block.dataset.who !== who;
    card.hidden = who !== "known";
    if (who !== "known") { citizen.value = ""; }
    showAddress();
  };

  // A petition must give the address: of a new person it is asked where the paper comes in.
  function showAddress() {
    const fold = form.querySelector("[data-papers]");
    if (value("who") === "new" && fold.dataset.papers.split(" ").includes(value("channel"))) fold.open = true;
  }

  // Enter counts for what is typed now: the people on the screen may still be those of half a name.
  let answered = ""; // What the people on the screen were looked for with.
  let hurried = false; // Enter came before the answer.

  const empty = () => { overtake(found); found.replaceChildren(); answered = ""; };

  const seek = async () => {
    const asked = person.value.trim();
    if (value("who") !== "known" || asked.length < 2) { empty(); return; }
    const outcome = await draw(`${form.dataset.people}?q=${encodeURIComponent(asked)}`, found);
    if (outcome === "late") return;
    if (outcome === "failed") found.textContent = word("offline");
    answered = outcome === "shown" ? asked : "";
    if (hurried && answered && answered === person.value.trim()) take();
    hurried = false;
  };
  const search = settle(180, seek);

  // The only one found, or a new person; among several the clerk chooses, unless they were seen before.
  const take = () => {
    const options = [...found.querySelectorAll("[data-pick]")];
    if (options.length > 1 && hurried) options[0].focus();
    else if (options.length) pick(options[0].dataset.pick);
    else if (found.querySelector("[data-new-person]")) newPerson();
  };

  const pick = async (id) => {
    citizen.value = id;
    empty();
    person.value = "";
    await draw(form.dataset.citizen.replace(/0$/, id), card);
    look();
    document.getElementById("topic")?.focus();
  };

  const look = settle(400, () => {
    const query = new URLSearchParams({ topic: value("topic"), neighbourhood: value("neighbourhood"), citizen: citizen.value, text: `${value("subject")} ${value("body")}`.slice(0, 400) });
    if (value("topic") || citizen.value || value("subject").length > 8) draw(`${form.dataset.similar}?${query}`, similar);
  });

  const propose = settle(120, async () => {
    const query = new URLSearchParams({ topic: value("topic"), kind: value("kind"), unit: value("unit") });
    if ((await draw(`${form.dataset.proposal}?${query}`, proposal)) !== "shown") return;
    const fresh = proposal.querySelector("[data-unit]");
    if (!fresh) return;
    if (!unitChosen) setLookup("unit", fresh.dataset.unit, fresh.dataset.unitLabel);
    const priority = control("priority");
    if (priority && !priority.dataset.touched) priority.value = fresh.dataset.priority;
  });

  person.addEventListener("input", () => { hurried = false; search(); });
  person.addEventListener("keydown", (event) => {
    const options = [...found.querySelectorAll("[data-pick]")];
    if (event.key === "ArrowDown" && options.length) { event.preventDefault(); options[0].focus(); }
    if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
      if (answered && answered === person.value.trim()) take();
      else { hurried = true; seek(); }
    }
  });
  found.addEventListener("keydown", (event) => {
    const options = [...found.querySelectorAll("[data-pick]")];
    const at = options.indexOf(document.activeElement);
    if (event.key === "ArrowDown") { event.preventDefault(); options[Math.min(at + 1, options.length - 1)]?.focus(); }
    if (event.key === "ArrowUp") { event.preventDefault(); (at > 0 ? options[at - 1] : person).focus(); }
    if (event.key === "Enter" && at >= 0) { event.preventDefault(); pick(options[at].dataset.pick); }
  });
  found.addEventListener("click", (event) => {
    const option = event.target.closest("[data-pick]");
    if (option) pick(option.dataset.pick);
    if (event.target.closest("[data-new-person]")) newPerson();
  });

  function newPerson() {
    const typed = person.value.trim();
    person.value = "";
    form.querySelector('[name="who"][value="new"]').checked = true;
    showWho();
    const digits = typed.replace(/\D/g, "");
    if (/^[1-9]\d{10}$/.test(digits) && !typed.startsWith("+")) {
      // A TCKN: eleven digits, the first is not 0. It is not asked of everybody, so its part is folded.
      control("national_id").value = digits;
      control("national_id").closest("details").open = true;
    } else if (digits.length >= 7) control("phone").value = typed;
    else {
      const words = typed.split(/\s+/);
      if (words.length > 1) control("last_name").value = words.pop();
      control("first_name").value = words.join(" ");
    }
    empty();
    control("first_name").focus();
  }

  card.addEventListener("click", (event) => {
    const data = card.querySelector("[data-person]")?.dataset;
    if (event.target.closest("[data-change-person]")) { citizen.value = ""; card.replaceChildren(); person.focus(); }
    if (event.target.closest("[data-same-place]") && data) {
      setLookup("district", data.district, data.districtLabel);
      setLookup("neighbourhood", data.neighbourhood, data.neighbourhoodLabel);
      document.getElementById("street")?.focus();
    }
  });

  form.addEventListener("change", (event) => {
    const name = event.target.name;
    if (name === "who") showWho();
    if (name === "kind") form.querySelector("[data-kind-more]").value = "";
    if (event.target.matches("[data-kind-more]") && event.target.value) {
      const radio = form.querySelector(`[name="kind"][value="${event.target.value}"]`);
      if (radio) radio.checked = true;
      propose();
    }
    if (name === "unit" && event.isTrusted) unitChosen = true;
    if (name === "priority") event.target.dataset.touched = "1";
    if (name === "topic" || name === "kind") propose();
    if (["topic", "neighbourhood", "subject", "body"].includes(name)) look();
    if (name === "channel") { showParts(); showAddress(); }
    if (name === "channel") form.querySelector("[data-external]").open ||= ["cimer", "presidency", "governor", "edevlet"].includes(event.target.value);
  });
  form.addEventListener("input", (event) => { if (event.target.name === "subject") look(); });
  document.getElementById("unit")?.addEventListener("input", () => { unitChosen = true; });

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const goals = { 1: "person", 2: "topic", 3: "district" };
    if (goals[event.key]) { event.preventDefault(); document.getElementById(goals[event.key])?.focus(); }
    if (event.key === "4") { event.preventDefault(); form.querySelector('[name="wants_notice"]:checked')?.focus(); }
  });
  // Parts of the form that only some channels have.
  function showParts() {
    for (const part of form.querySelectorAll("[data-channels]")) part.hidden = !part.dataset.channels.split(" ").includes(value("channel"));
  }

  showWho();
  showParts();
  if (value("topic")) look();
}
