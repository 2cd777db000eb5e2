/* File fields in the language of the page: the browser's own words lie unseen over ours, so a click, a dropped
   file and the keyboard work as before. */

import { make, word } from "./words.js";

function face(field) {
  const box = make("span", "file-box");
  const button = make("span", "btn btn-sm", word(field.multiple ? "pickFiles" : "pickFile"));
  const names = make("span", "grow cut");
  const shown = make("span", "file-face line");
  shown.setAttribute("aria-hidden", "true");
  shown.append(button, names);
  field.replaceWith(box);
  box.append(shown, field);
  const draw = () => {
    const picked = Array.from(field.files, (file) => file.name);
    names.textContent = picked.length > 1 ? `${word("files", { n: picked.length })}: ${picked.join(", ")}` : picked[0] ?? word("noFile");
    names.classList.toggle("faint", picked.length === 0);
    field.title = names.textContent;
  };
  field.addEventListener("change", draw);
  field.form?.addEventListener("reset", () => setTimeout(draw));
  draw();
}

for (const field of document.querySelectorAll("input.file[type=file]")) face(field);
