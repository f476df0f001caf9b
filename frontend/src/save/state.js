// Where saving stands, in words, in the bar; and one notice above the text for what the person has to do.
import { clockTime, element } from "../element.js";

const WORDS = {
  ready: () => "",
  dirty: () => "尚未保存",
  saving: () => "正在保存…",
  saved: ({ at }) => `已保存 ${clockTime(at ?? Date.now())}`,
  failed: () => "保存失败，稍后再试",
  expired: () => "登录已过期，文字已留在本机",
  conflict: () => "有人先保存了，等您决定",
  refused: () => "没有保存",
};

export function showState(state, detail = {}) {
  const place = document.getElementById("save-state");
  if (place) {
    place.textContent = WORDS[state](detail);
    place.dataset.state = state;
  }
  if (state === "saved") begun();
  const { page } = detail;
  if (state === "expired") expired(page, detail.signIn);
  else if (state === "conflict") {
    showNotice({
      tone: "late",
      text: detail.message || "别人先保存了本节，您的文字还在。",
      actions: [element("button", { class: "button button--small", type: "button", "data-settle": "", click: () => page.settle?.() }, "比较两边的文字")],
    });
  } else if (state === "refused") {
    showNotice({ tone: "late", text: detail.message, actions: [resumeButton(page, "再保存一次")] });
  } else if (state === "saved") showNotice(null);
}

/** With its first saved word a section is under way; the server drew the badge and the outline's sign for then. */
function begun() {
  swap("[data-once-saved]", "[data-section-state]");
  swap("[data-once-saved-outline]", ".outline [aria-current] [data-outline-state]");
}

function swap(template, places) {
  const next = document.querySelector(template);
  if (!next) return;
  for (const place of document.querySelectorAll(places)) place.replaceChildren(next.content.cloneNode(true));
  next.remove();
}

function expired(page, signIn) {
  showNotice({
    tone: "late",
    text: "登录已过期。您的文字留在这台电脑上，没有丢。请重新登录，再回到这一页继续保存。",
    actions: [
      element("a", { class: "button button--small button--primary", href: signIn, target: "_blank", rel: "noopener" }, "去登录"),
      resumeButton(page, "继续保存"),
    ],
  });
}

const OUTCOMES = {
  "signed out": "还没有登录。请先在新窗口登录，再点“继续保存”。",
  another: "现在登录的是另一个人，不能用他的名义保存。请换回您自己的账号。",
  unreachable: "连不上系统，文字留在本机，请稍后再试。",
};

function resumeButton(page, label) {
  const answer = element("span", { class: "hint", role: "status" });
  const resume = async () => {
    answer.textContent = OUTCOMES[await page.saver.resume()] ?? "";
  };
  return [element("button", { class: "button button--small", type: "button", "data-resume": "", click: resume }, label), answer];
}

/** One sentence above the text with what can be done about it; null clears it. */
export function showNotice(notice) {
  const place = document.getElementById("save-notice");
  if (!place) return;
  place.hidden = !notice;
  place.replaceChildren();
  if (!notice) return;
  place.append(
    element(
      "div",
      { class: `notice tone-${notice.tone}`, role: notice.tone === "late" ? "alert" : "status" },
      element("div", { class: "notice__body" }, element("p", {}, notice.text), notice.actions ? element("div", { class: "row" }, notice.actions.flat()) : null),
    ),
  );
}
