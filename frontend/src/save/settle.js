// Both texts side by side, and the person's choice paragraph by paragraph. Nothing is taken away before the choice.
import { element } from "../element.js";
import { compare, merged, readable, words } from "./diff.js";

const CHOICES = [
  ["mine", "保留我的"],
  ["theirs", "采用对方"],
  ["both", "两段都留"],
];

/**
 * Shows the dialog. `title` and `text` say what happened; `mineName`, `theirsName` head the columns.
 * Gives the chosen document, or null when the person put the question off.
 */
export function settle({ title, text, mine, theirs, mineName, theirsName, level, theirsWord = "采用对方" }) {
  const rows = compare(mine, theirs);
  const choices = {};
  const reading = { mine: readable(mine, level), theirs: readable(theirs, level) };
  const names = CHOICES.map(([key, name]) => [key, key === "theirs" ? theirsWord : name]);
  return new Promise((resolve) => {
    const done = element("button", { class: "button button--primary", type: "button" }, "按我的选择保存");
    const left = element("p", { class: "hint", role: "status" });
    const open = () => rows.filter((row, at) => row.kind !== "same" && !choices[at]).length;
    const paint = () => {
      const count = open();
      left.textContent = count ? `还有 ${count} 处没有选。` : "都选好了。";
      done.disabled = count > 0;
    };
    const choose = (at, choice) => {
      choices[at] = choice;
      paint();
    };
    const finish = (result) => {
      dialog.close();
      dialog.remove();
      resolve(result);
    };
    const all = (choice) => finish(merged(rows, Object.fromEntries(rows.map((_, at) => [at, choice]))));
    const dialog = element(
      "dialog",
      { class: "dialog dialog--wide", "aria-labelledby": "settle-title", id: "settle" },
      element("h2", { id: "settle-title" }, title),
      element("p", {}, text),
      element(
        "div",
        { class: "row" },
        element("button", { class: "button button--small", type: "button", "data-all": "mine", click: () => all("mine") }, "全部保留我的"),
        element("button", { class: "button button--small", type: "button", "data-all": "theirs", click: () => all("theirs") }, `全部${theirsWord}`),
      ),
      element(
        "div",
        { class: "diff" },
        element("div", { class: "diff__head" }, element("div", {}, mineName), element("div", {}, theirsName)),
        folded(rows, (row, at) => rowView(row, at, { reading, names, choose, mineName, theirsName })),
      ),
      element(
        "div",
        { class: "dialog__acts" },
        left,
        element("button", { class: "button", type: "button", click: () => finish(null) }, "先不决定"),
        done,
      ),
    );
    done.addEventListener("click", () => finish(merged(rows, choices)));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    document.body.append(dialog);
    paint();
    dialog.showModal();
  });
}

/** Long stretches without a difference become one line; the paragraph before and after a difference stays. */
function folded(rows, draw) {
  const views = [];
  let hidden = 0;
  rows.forEach((row, at) => {
    const near = row.kind !== "same" || rows[at - 1]?.kind !== "same" || rows[at + 1]?.kind !== "same";
    if (row.kind === "same" && !(near && (at > 0 || rows[at + 1]?.kind !== "same"))) {
      hidden += 1;
      return;
    }
    if (hidden) views.push(element("p", { class: "diff__gap" }, `${hidden} 段相同`));
    hidden = 0;
    views.push(draw(row, at));
  });
  if (hidden) views.push(element("p", { class: "diff__gap" }, `${hidden} 段相同`));
  return views;
}

function rowView(row, at, { reading, names, choose, mineName, theirsName }) {
  const [mine, theirs] = [reading.mine(row.mine), reading.theirs(row.theirs)];
  // Equal paragraphs may stand under different numbers: nothing to mark in them.
  const runs = row.kind === "same" ? { left: [[mine, false]], right: [[theirs, false]] } : words(mine, theirs);
  const view = element(
    "div",
    { class: `diff__row diff__row--${row.kind}` },
    side(row.mine, runs.left, "我的不同", mineName),
    side(row.theirs, runs.right, "对方不同", theirsName),
  );
  if (row.kind === "same") return view;
  const form = element("fieldset", { class: "diff__choice" }, element("legend", { class: "sr" }, "这一处怎样处理"));
  for (const [key, name] of names) {
    if (key === "both" && row.kind !== "changed") continue;
    const word = row.kind === "changed" ? name : onlyOne(row.kind, key, name);
    form.append(element("label", {}, element("input", { type: "radio", name: `choice-${at}`, value: key, change: () => choose(at, key) }), word));
  }
  view.append(form);
  return view;
}

function onlyOne(kind, key, name) {
  return `${name}（${kind === key ? "留下这一段" : "不要这一段"}）`;
}

function side(block, runs, word, name) {
  if (!block) return element("div", { class: "diff__side", "data-side": name }, element("span", { class: "diff__none" }, "（没有这一段）"));
  return element(
    "div",
    { class: "diff__side", "data-side": name },
    runs.map(([text, differs]) => (differs ? element("ins", {}, element("span", { class: "sr" }, `${word}：`), text) : text)),
  );
}
