const LARGE = "perfapp.large-type";

/** 大字: one click, remembered on this machine. */
export function largeType() {
  const root = document.documentElement;
  let large = false;
  try {
    large = localStorage.getItem(LARGE) === "1";
  } catch {
    // A browser without storage forgets it; the button still works.
  }
  const apply = () => {
    root.toggleAttribute("data-type", large);
    if (large) root.setAttribute("data-type", "large");
    document.querySelectorAll("[data-large-type]").forEach((button) => button.setAttribute("aria-pressed", String(large)));
  };
  apply();
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-large-type]")) return;
    large = !large;
    apply();
    try {
      localStorage.setItem(LARGE, large ? "1" : "0");
    } catch {
      // As above.
    }
  });
}

export function printing() {
  document.addEventListener("click", (event) => event.target.closest("[data-print]") && window.print());
}

export function copying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const label = button.lastChild;
    const before = label.textContent;
    label.textContent = (await written(button.dataset.copy)) ? "已复制" : "请按 Ctrl+C 复制";
    setTimeout(() => (label.textContent = before), 2000);
  });
}

async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Plain http on an office network has no clipboard interface: the old way.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "sr";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

/** <time data-relative>: recent moments also in words; the exact time stays as the title. */
export function relativeTimes(root) {
  const now = Date.now();
  root.querySelectorAll("time[data-relative]").forEach((time) => {
    const minutes = Math.floor((now - new Date(time.dateTime).getTime()) / 60_000);
    if (!(minutes >= 0 && minutes < 24 * 60)) return;
    time.title = time.textContent;
    time.textContent = minutes < 1 ? "刚刚" : minutes < 60 ? `${minutes} 分钟前` : `${Math.floor(minutes / 60)} 小时前`;
  });
}

/** [data-seen-url][data-csrf]: says once that the person has had it, or the text that [data-seen-with] names, before his eyes for three seconds. */
export function seenBeacons() {
  document.querySelectorAll("[data-seen-url]").forEach((place) => {
    const inView = new Set();
    let timer = null;
    const watcher = new IntersectionObserver((entries) => {
      entries.forEach((entry) => inView[entry.isIntersecting ? "add" : "delete"](entry.target));
      if (!inView.size) {
        clearTimeout(timer);
        timer = null;
      }
      if (!inView.size || timer !== null) return;
      timer = setTimeout(() => {
        timer = null;
        if (document.visibilityState !== "visible") return;
        watcher.disconnect();
        fetch(place.dataset.seenUrl, { method: "POST", credentials: "same-origin", headers: { "X-CSRFToken": place.dataset.csrf ?? "" } }).catch(() => {});
      }, 3000);
    });
    const text = place.dataset.seenWith && document.querySelector(place.dataset.seenWith);
    [place, text].forEach((one) => one && watcher.observe(one));
  });
}
