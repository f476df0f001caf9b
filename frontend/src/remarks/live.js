// What others remark appears while the page is open: asked for now and then, drawn when nobody is writing an answer.

const EVERY = 15_000;
export const CHANGED = "remarks:changed";
const ENDED = new Set([401, 403, 404]);

export function followOthers(root) {
  root.querySelectorAll("[data-remarks-live]").forEach(follow);
}

function follow(place) {
  const said = place.parentElement.querySelector("[data-remarks-said]");
  let flight = false;
  let ended = false;
  async function ask() {
    if (flight || ended || document.visibilityState !== "visible") return;
    flight = true;
    try {
      const response = await fetch(place.dataset.remarksLive, { credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json", "X-Poll": "1" } });
      ended = ENDED.has(response.status);
      if (response.ok) take(await response.json());
    } catch {
      // a broken line: the next time will do
    } finally {
      flight = false;
    }
  }
  function take({ stamp, html, open }) {
    if (stamp === place.dataset.stamp) return;
    said.textContent = `批注有变化，待处理 ${open} 条。`;
    if (isWriting(place)) return; // an answer that is being written stays; the next time will do
    const unfolded = [...place.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent);
    place.dataset.stamp = stamp;
    place.innerHTML = html;
    place.querySelectorAll("details > summary").forEach((summary) => (summary.parentElement.open ||= unfolded.includes(summary.textContent)));
    document.dispatchEvent(new CustomEvent(CHANGED, { detail: place }));
  }
  setInterval(ask, EVERY);
  window.addEventListener("focus", ask);
  document.addEventListener("visibilitychange", ask);
}

const isWriting = (place) => place.contains(document.activeElement) || [...place.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);
