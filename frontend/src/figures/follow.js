// The open text follows the facts and the checks: figures are shown as they are now, offers and findings are marked.
import { TextSelection } from "@tiptap/pm/state";
import { element } from "../element.js";
import { choosePlaces, showChecks, showFinding, takeExplanations } from "./checks.js";
import { Live } from "./live.js";
import { passage, showMarks, standingOffers } from "./marks.js";
import { repaint } from "./node.js";
import { openOffer } from "./offers.js";
import { openTip } from "./tip.js";

/** Begins to follow; returns the Live that is asked after every save. */
export function follow({ boot, editing, saver }) {
  const { view } = editing.editor;
  const foot = footOf(view);
  const live = new Live({
    url: boot.urls.live,
    isComposing: editing.isComposing,
    onAnswer(answer) {
      repaint(view, answer.figures);
      showMarks(view, { ...answer, sectionId: boot.section_id });
      showChecks(answer, saver.token);
      foot.show(answer.sources.sentence);
    },
  });
  choosePlaces((fingerprint, number) => select(view, passage(view.state, fingerprint, number)));
  takeExplanations((form) => explain(form, saver), () => live.ask());
  view.dom.addEventListener("compositionend", () => setTimeout(() => live.composed(), 60));
  live.start();
  return live;
}

/** What a mark in the text opens. */
export function openMark(view, mark) {
  if (mark.kind === "offer") return openOffer(view, mark);
  const { finding } = mark;
  return openTip(
    view,
    { ...mark, label: finding.severity_name },
    element("p", {}, element("b", {}, `${finding.severity_name}：`), finding.message),
    finding.suggestion ? element("p", { class: "hint" }, finding.suggestion) : null,
    element("button", { class: "button button--small", type: "button", click: () => showFinding(finding.fingerprint) }, "在检查里看"),
  );
}

/** Sends an explanation of what stands in the text as saved; "" or the sentence of a refusal. */
async function explain(form, saver) {
  if (!(await saver.flush())) return "正文还没有存进系统，请先看上面的提示。";
  try {
    const response = await fetch(form.action, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": saver.token ?? "" },
      body: new URLSearchParams(new FormData(form)),
    });
    const isData = (response.headers.get("content-type") || "").includes("json");
    return response.ok ? "" : isData ? (await response.json()).message : "登录已过期，请重新登录后再说明。";
  } catch {
    return "说明没有送到，请检查网络后再试。";
  }
}

function select(view, range) {
  if (!range) return false;
  const { doc, tr } = view.state;
  view.dispatch(tr.setSelection(TextSelection.create(doc, range.from, range.to)).scrollIntoView());
  view.focus();
  return true;
}

/** The line below the text: how many figures have a source, and the next one that could have. */
function footOf(view) {
  const words = element("span", { role: "status" });
  const next = element("button", { class: "button button--small", type: "button", hidden: true, click: () => openNext(view) });
  view.dom.closest(".paper").after(element("div", { class: "editor__foot no-print" }, words, next));
  return {
    show(sentence) {
      const count = standingOffers(view.state).length;
      words.textContent = sentence;
      next.hidden = !count;
      next.textContent = `${count} 处可以关联，看下一处`;
    },
  };
}

function openNext(view) {
  const offers = standingOffers(view.state);
  const next = offers.find((one) => one.from > view.state.selection.from) ?? offers[0];
  if (next && select(view, next)) openOffer(view, { ...next, isEntered: true });
}
