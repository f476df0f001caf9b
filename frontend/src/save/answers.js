// A form of short answers that saves itself while it is filled, as the editor of a section does: one indicator is one
// answer with a number, and only what was touched is sent, so that two people of an office can fill it together.
import { clockTime, element } from "../element.js";
import { Drafts } from "./drafts.js";
import { Saver } from "./saver.js";
import { showNotice, showState } from "./state.js";

const FIELDS = ["so_far", "outlook", "reason", "measure"];

/** form[data-answers]: its value names the number of every answer. */
export function answers() {
  const form = document.querySelector("form[data-answers]");
  if (form) keepSaving(form);
}

class Form {
  constructor(form) {
    this.form = form;
    this.keys = Object.keys(JSON.parse(form.dataset.answers));
    this.known = this.all();
  }

  all() {
    const data = new FormData(this.form);
    const said = (key) => Object.fromEntries(FIELDS.map((field) => [field, String(data.get(`${key}.${field}`) ?? "")]));
    return Object.fromEntries(this.keys.map((key) => [key, said(key)]));
  }

  /** What differs from what the server has. */
  touched() {
    return Object.fromEntries(Object.entries(this.all()).filter(([key, said]) => !same(said, this.known[key])));
  }

  put(key, said) {
    for (const field of FIELDS) {
      const name = `${key}.${field}`;
      if (field === "outlook") this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((radio) => (radio.checked = radio.value === said.outlook));
      else this.form.elements[name].value = said[field] ?? "";
    }
    this.form.elements[`${key}.reason`].closest("details").open ||= Boolean(said.reason || said.measure);
  }

  /** The numbers also stand in the form, for the buttons. */
  number(version) {
    for (const [key, number] of Object.entries(JSON.parse(version))) {
      const input = this.form.elements[`${key}.number`];
      if (input) input.value = number;
    }
  }
}

function keepSaving(place) {
  const form = new Form(place);
  const { saveUrl, tokenUrl, signInUrl, person } = place.dataset;
  const drafts = new Drafts({ personId: person, sectionId: place.dataset.place });
  const page = { settle: null };
  let composing = false;
  const send = async (url, options) => {
    const answer = await fetch(url, options);
    if (options.method === "PUT" && answer.status === 200) Object.assign(form.known, JSON.parse(options.body).document);
    return answer;
  };
  const saver = new Saver({
    urls: { save: saveUrl, token: tokenUrl },
    version: place.dataset.answers,
    token: place.elements.csrf_token.value,
    personId: person,
    drafts,
    read: () => form.touched(),
    isComposing: () => composing,
    send,
    onState(state, detail) {
      if (state === "saved" || state === "dirty") form.number(saver.version);
      showState(state, { ...detail, page, signIn: signInUrl });
      if (state === "saved" && place.elements.csrf_token.value !== saver.token) place.elements.csrf_token.value = saver.token;
    },
    onConflict: (answer) => conflict(form, saver, page, answer),
  });
  page.saver = saver;
  place.addEventListener("compositionstart", () => (composing = true));
  place.addEventListener("compositionend", () => {
    composing = false;
    saver.composed();
  });
  place.addEventListener("input", () => saver.changed());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saver.leave());
  window.addEventListener("pagehide", () => saver.leave());
  window.addEventListener("online", () => saver.failures && saver.resume());
  place.addEventListener("submit", (event) => submitAfterSave(event, place, saver));
  rescue(form, saver, drafts);
}

/** The buttons send what is on the screen; what others answered meanwhile is settled first. */
async function submitAfterSave(event, place, saver) {
  if (place.dataset.saved) return;
  event.preventDefault();
  const { submitter } = event;
  if (!(await saver.flush())) return;
  place.dataset.saved = "true";
  setTimeout(() => place.requestSubmit(submitter));
}

/** Somebody answered the same indicator: both answers stand side by side until this person has chosen. */
function conflict(form, saver, page, answer) {
  const open = new Map((answer.theirs ?? []).map((theirs) => [theirs.key, theirs]));
  if (!open.size) {
    showNotice({ tone: "late", text: `${answer.message} 您填的还在这一页，也留在这台电脑上。` });
    return;
  }
  const numbers = JSON.parse(saver.version);
  page.settle = () => document.querySelector("[data-theirs]:not([hidden]) button")?.focus();
  const choose = (theirs, isTheirs) => {
    form.known[theirs.key] = theirs.answer;
    if (isTheirs) form.put(theirs.key, theirs.answer);
    numbers[theirs.key] = theirs.number;
    placeOf(theirs.key).hidden = true;
    open.delete(theirs.key);
    if (open.size) return;
    page.settle = null;
    saver.settle(JSON.stringify(numbers));
  };
  open.forEach((theirs) => {
    const place = placeOf(theirs.key);
    place.replaceChildren(beside(theirs, choose));
    place.hidden = false;
  });
}

function beside(theirs, choose) {
  const { so_far: soFar, reason, measure } = theirs.answer;
  const said = [soFar || "没有填完成情况", theirs.outlook_called && `全年${theirs.outlook_called}`, reason && `原因：${reason}`, measure && `措施：${measure}`];
  const button = (label, isTheirs) => element("button", { class: "button button--small", type: "button", click: () => choose(theirs, isTheirs) }, label);
  return element(
    "div",
    { class: "notice tone-late", role: "alert" },
    element(
      "div",
      { class: "notice__body" },
      element("p", {}, `${theirs.who} ${clockTime(theirs.at)} 填的：${said.filter(Boolean).join("；")}。您填的在下面。`),
      element("div", { class: "row" }, button("保留我的", false), button("采用对方", true)),
    ),
  );
}

const placeOf = (key) => document.querySelector(`[data-theirs="${CSS.escape(key)}"]`);
const same = (one, other) => FIELDS.every((field) => (one?.[field] ?? "") === (other?.[field] ?? ""));

/** What a page that is gone left on this machine: offered, never taken silently. */
async function rescue(form, saver, drafts) {
  const now = form.all();
  const [draft] = (await drafts.left()).filter((one) => {
    const differs = Object.entries(one.document).some(([key, said]) => now[key] && !same(said, now[key]));
    if (!differs) drafts.discard(one.key);
    return differs;
  });
  if (!draft) return;
  const done = () => {
    drafts.discard(draft.key);
    showNotice(null);
  };
  const take = () => {
    Object.entries(draft.document).forEach(([key, said]) => now[key] && form.put(key, said));
    saver.changed();
    done();
  };
  showNotice({
    tone: "waiting",
    text: `这台电脑上留有您 ${clockTime(draft.at)} 填的、没有存进系统的内容。`,
    actions: [
      element("button", { class: "button button--small button--primary", type: "button", "data-rescue": "take", click: take }, "填回来"),
      element("button", { class: "button button--small", type: "button", "data-rescue": "drop", click: done }, "不要了"),
    ],
  });
}
