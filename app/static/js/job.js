/* A running job: asks how far it is, moves the bar, says each new step; at the end the page is drawn anew. */

const box = document.querySelector("[data-poll]");
const bar = box.querySelector("progress");
const step = box.querySelector("[data-job-step]");
const share = box.querySelector("[data-job-share]");
let pause = 1000;

function draw(job) {
  if (typeof job.progress === "number") {
    bar.value = job.progress;
    share.textContent = share.dataset.lang === "tr" ? `%${job.progress}` : `${job.progress}%`;
  }
  // Said only when it changes: a screen reader is not read the same words every second.
  if (job.step && step.textContent !== job.step) step.textContent = job.step;
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.poll, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`job: ${answer.status}`);
    const job = await answer.json();
    if (!["waiting", "running"].includes(job.state)) {
      window.location.reload();
      return;
    }
    draw(job);
    pause = Math.min(pause * 1.2, 5000);
  } catch {
    pause = 10_000; // The server may be restarting; the job is a row and is not lost.
  }
  setTimeout(ask, pause);
}

setTimeout(ask, pause);
