// The page of one section: editor, saving, conflicts and drafts, wired to the boot data in the page.
import { mountEditor } from "./editor/mount.js";
import { canonical, toModel } from "./editor/model.js";
import { follow, openMark } from "./figures/follow.js";
import { followRemarks } from "./remarks/editing.js";
import { CHANGED } from "./remarks/live.js";
import { clockTime, element } from "./element.js";
import { Drafts } from "./save/drafts.js";
import { Saver } from "./save/saver.js";
import { settle } from "./save/settle.js";
import { showState, showNotice } from "./save/state.js";

const data = document.getElementById("section-data");
if (data) start(JSON.parse(data.textContent));

function start(boot) {
  const page = { boot, drafts: new Drafts({ personId: boot.person_id, sectionId: boot.section_id }) };
  page.editing = mountEditor(document.getElementById("section-editor"), {
    document: boot.document,
    level: boot.level,
    editable: boot.editable,
    pictureAddress: (sha256) => boot.urls.picture.replace("{sha256}", sha256),
    post: (file) => postPicture(page, file),
    tell: (text) => showNotice(text ? { tone: "waiting", text } : null),
    find: (query) => findFacts(boot.urls.facts, query),
    openMark,
    onChange: () => page.saver?.changed(),
  });
  if (boot.editable) keepSaving(page);
  followRemarks(page.editing.editor, boot.section_id);
  window.sectionEditor = page;
}

function keepSaving(page) {
  const { boot, editing, drafts } = page;
  page.saver = new Saver({
    urls: boot.urls,
    version: boot.version,
    token: boot.csrf_token ?? document.querySelector("input[name=csrf_token]")?.value,
    personId: boot.person_id,
    drafts,
    read: editing.read,
    isComposing: editing.isComposing,
    onState(state, detail) {
      showState(state, { ...detail, page, signIn: boot.urls.sign_in });
      if (state === "saved") page.live.ask();
    },
    onConflict: (answer) => conflict(page, answer),
  });
  const { saver } = page;
  showState("ready", { version: boot.version });
  page.live = follow(page);
  editing.editor.view.dom.addEventListener("compositionend", () => saver.composed());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saver.leave());
  window.addEventListener("pagehide", () => saver.leave());
  window.addEventListener("online", () => saver.failures && saver.resume());
  window.addEventListener("beforeunload", (event) => {
    saver.leave();
    if (saver.dirty && saver.held) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
    event.preventDefault();
    saver.flush();
  });
  document.querySelectorAll("form[data-after-save]").forEach((form) => submitAfterSave(form, saver));
  document.addEventListener(CHANGED, ({ detail: place }) => place.querySelectorAll("form[data-after-save]").forEach((form) => submitAfterSave(form, saver)));
  rescue(page);
}

/** Submitting for review sends what is on the screen: the text is saved first, the form carries its version. */
function submitAfterSave(form, saver) {
  form.addEventListener("submit", async (event) => {
    if (event.defaultPrevented || form.dataset.saved) return;
    event.preventDefault();
    const { submitter } = event;
    if (!(await saver.flush())) return;
    form.querySelectorAll("input[name=version]").forEach((input) => (input.value = saver.version));
    form.dataset.saved = "true";
    // Not from within the first submit event: with nothing to save we may still be inside it, and browsers ignore that.
    setTimeout(() => form.requestSubmit(submitter));
  });
}

/** Somebody saved in between (or this person, in another window). */
async function conflict(page, answer) {
  const { boot, editing, saver } = page;
  const own = String(answer.saved_by?.id ?? "") === String(boot.person_id) || (answer.saved_by?.name ?? answer.saved_by) === boot.person_name;
  const who = own ? "您在另一个窗口" : `${answer.saved_by?.name ?? answer.saved_by ?? "另一位同事"}`;
  const when = clockTime(answer.saved_at);
  page.settle = () => conflict(page, answer);
  if (!answer.document) {
    showNotice({ tone: "late", text: answer.message || "本节的状态已经变了，您的文字留在本机，请刷新页面。" });
    return;
  }
  const mine = editing.read();
  const chosen =
    canonical(mine) === canonical(answer.document)
      ? mine
      : await settle({
          title: own ? "您在另一个窗口也改了本节" : `${who}也改了本节`,
          text: `${who}${when ? `于 ${when} ` : ""}保存过本节。您的文字还在，请逐处决定留哪一个，定了才会保存。`,
          mine,
          theirs: toModel(answer.document),
          mineName: "我的文字",
          theirsName: own ? `另一个窗口${when ? `（${when}）` : ""}` : `${who}${when ? `（${when}）` : ""}`,
          theirsWord: own ? "采用那边的" : "采用对方",
          level: boot.level,
        });
  if (!chosen) return;
  if (canonical(chosen) !== canonical(mine)) editing.replace(chosen);
  page.settle = null;
  await saver.settle(answer.version);
}

/** A text left on this machine by a page that is gone: offered, never taken silently. */
async function rescue(page) {
  const { boot, drafts, editing, saver } = page;
  const found = (await drafts.left()).filter((draft) => {
    if (canonical(draft.document) !== canonical(boot.document)) return true;
    drafts.discard(draft.key);
    return false;
  });
  const [draft] = found;
  if (!draft) return;
  const take = (document) => {
    editing.replace(document);
    saver.changed();
    drafts.discard(draft.key);
    showNotice(null);
  };
  const look = async () => {
    const chosen = await settle({
      title: "本机留有没保存的文字",
      text: `左边是 ${clockTime(draft.at)} 留在这台电脑上的文字，右边是现在的文字。请逐处决定留哪一个。`,
      mine: toModel(draft.document),
      theirs: editing.read(),
      mineName: `本机（${clockTime(draft.at)}）`,
      theirsName: "现在的文字",
      theirsWord: "采用现在的",
      level: boot.level,
    });
    if (chosen) take(chosen);
  };
  showNotice({
    tone: "waiting",
    text: `这台电脑上留有您 ${clockTime(draft.at)} 写的、没有存进系统的文字。`,
    actions: [
      element("button", { class: "button button--small button--primary", type: "button", "data-rescue": "look", click: look }, "比较后决定"),
      element("button", { class: "button button--small", type: "button", "data-rescue": "drop", click: () => { drafts.discard(draft.key); showNotice(null); } }, "不要了"),
    ],
  });
}

/** The facts that fit a query, as GET urls.facts answers. */
async function findFacts(url, query) {
  const response = await fetch(`${url}?${new URLSearchParams(query)}`, { credentials: "same-origin", redirect: "manual", headers: { Accept: "application/json" } });
  const isData = (response.headers.get("content-type") || "").includes("json");
  if (response.ok && isData) return response.json();
  throw new Error(isData ? (await response.json()).message : "登录已过期，请重新登录。");
}

async function postPicture(page, file) {
  const form = new FormData();
  form.append("file", file);
  try {
    const response = await fetch(page.boot.urls.picture_upload, {
      method: "POST",
      credentials: "same-origin",
      headers: { Accept: "application/json", "X-CSRFToken": page.saver?.token ?? "" },
      body: form,
    });
    const isData = (response.headers.get("content-type") || "").includes("json");
    return isData ? await response.json() : {};
  } catch {
    return {};
  }
}
