const EVERY = 700;
const PATIENCE = 10; // answers that failed in a row before we say so
const HEADERS = { Accept: "application/json", "X-Poll": "1" }; // the page asks, not the person: his session may fall asleep

/** [data-job-url]: asks how far the job is, draws it, and goes on when it is done. */
export function followJobs(root) {
  root.querySelectorAll("[data-job-url]").forEach((place) => {
    if (!["done", "failed"].includes(place.dataset.state)) follow(place);
  });
}

function follow(place) {
  let missed = 0;
  const ask = async () => {
    if (!place.isConnected) return;
    try {
      const response = await fetch(place.dataset.jobUrl, { headers: HEADERS, credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      const job = await response.json();
      missed = 0;
      draw(place, job);
      if (job.state === "done") return void finished(place, job);
      if (job.state === "failed") return;
    } catch {
      missed += 1;
      if (missed === PATIENCE) place.querySelector("[data-job-message]").textContent = "暂时连不上系统，任务仍在后台进行，稍后会自动更新。";
    }
    setTimeout(ask, missed ? Math.min(EVERY * 2 ** missed, 15_000) : EVERY);
  };
  setTimeout(ask, EVERY / 2);
}

function draw(place, job) {
  place.dataset.state = job.state;
  const percent = job.state === "done" ? 100 : Math.round(job.progress ?? 0);
  place.querySelector("progress").value = percent;
  place.querySelector("[data-job-percent]").textContent = `${percent}%`;
  const message = place.querySelector("[data-job-message]");
  const text = job.attempt > 1 && job.state === "running" ? `${job.message}（第 ${job.attempt} 次）` : job.message;
  if (text && message.textContent !== text) message.textContent = text;
  const retry = place.querySelector("[data-job-retry]");
  if (retry) retry.hidden = job.state !== "failed";
}

async function finished(place, job) {
  const { doneFetch, doneInto, doneUrl } = place.dataset;
  if (doneFetch) {
    const response = await fetch(doneFetch, { credentials: "same-origin" });
    const target = document.getElementById(doneInto) ?? place;
    if (response.ok) target.innerHTML = await response.text();
    return;
  }
  if (doneUrl) location.assign(doneUrl);
  else if (job.result_url) location.assign(job.result_url);
}
