// The tools above the text. A tool that cannot work now is disabled; table tools appear in tables only.
import { ICONS } from "icons";
import { element } from "../element.js";
import { tableSize } from "./schema.js";

const isMac = /Mac/.test(navigator.platform);
const keys = (text) => (isMac ? text.replace("Ctrl", "⌘") : text);

const TOOLS = [
  ["undo", "撤销", keys("Ctrl+Z"), { run: (chain) => chain.undo() }],
  ["redo", "重做", keys("Ctrl+Shift+Z"), { run: (chain) => chain.redo() }],
  null,
  ["bold", "加粗", keys("Ctrl+B"), { run: (chain) => chain.toggleBold(), isOn: (editor) => editor.isActive("bold") }],
  ["item", "编号段", keys("Ctrl+Shift+7"), { word: true, when: (editor) => !tableSize(editor.state), run: (chain) => chain.toggleItem(), isOn: (editor) => editor.isActive("item") }],
  ["ordinal", "一是二是", keys("Ctrl+Shift+8"), { word: true, run: (chain) => chain.insertOrdinal() }],
  ["restart", "从一是数起", "", { word: true, when: (editor) => editor.isActive("ordinal"), run: (chain) => chain.toggleRestart(), isOn: (editor) => editor.getAttributes("ordinal").restart }],
  null,
  ["table", "表格", "", { word: true, when: (editor) => !tableSize(editor.state), run: (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true }) }],
  ["picture", "图片", "", { word: true, when: (editor) => !tableSize(editor.state), pick: true }],
  ["figure", "插入数据", "@", { word: true, pick: true }],
  ["rowAbove", "上面加一行", "", { table: true, needs: "mayAddRow", run: (chain) => chain.addRowBefore() }],
  ["rowBelow", "下面加一行", "", { table: true, needs: "mayAddRow", run: (chain) => chain.addRowAfter() }],
  ["columnBefore", "左边加一列", "", { table: true, needs: "mayAddColumn", run: (chain) => chain.addColumnBefore() }],
  ["columnAfter", "右边加一列", "", { table: true, needs: "mayAddColumn", run: (chain) => chain.addColumnAfter() }],
  ["rowRemove", "删去这一行", "", { table: true, run: (chain) => chain.deleteRow() }],
  ["columnRemove", "删去这一列", "", { table: true, run: (chain) => chain.deleteColumn() }],
  ["merge", "合并单元格", "", { table: true, run: (chain) => chain.mergeCells() }],
  ["split", "拆分单元格", "", { table: true, run: (chain) => chain.splitCell() }],
  ["head", "表头行", "", { table: true, word: "表头", run: (chain) => chain.toggleHeaderRow() }],
  ...[["left", "靠左"], ["center", "居中"], ["right", "靠右"]].map(([side, name]) => [
    side, name, "", { table: true, run: (chain) => chain.setCellAttribute("align", side), isOn: (editor) => isAligned(editor, side) },
  ]),
  ["removeTable", "删去表格", "", { table: true, run: (chain) => chain.deleteTable() }],
];

function isAligned(editor, side) {
  return ["tableCell", "tableHeader"].some((name) => editor.isActive(name, { align: side }));
}

/** Draws the toolbar of `editor`; `picks` open the choice of what a tool puts in, by the tool's name. */
export function toolbar(editor, picks) {
  const buttons = TOOLS.map((tool) => (tool ? button(editor, tool, picks) : { dom: element("span", { class: "tool-gap", "aria-hidden": "true" }) }));
  const dom = element("div", { class: "editor__tools", role: "toolbar", "aria-label": "正文工具", "aria-controls": "section-text" }, buttons.map((one) => one.dom));
  const paint = () => {
    // While an input method composes, the cursor's surroundings do not change: nothing to redraw.
    if (!editor.view.composing) buttons.forEach((one) => one.paint?.());
    rove(dom);
  };
  dom.addEventListener("keydown", (event) => {
    const live = [...dom.querySelectorAll("button:not([hidden], :disabled)")];
    const at = live.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: live.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    live[(to + live.length) % live.length].focus();
  });
  dom.addEventListener("focusin", () => rove(dom));
  editor.on("transaction", paint);
  paint();
  return dom;
}

/** One stop for the Tab key; the arrow keys move inside. */
function rove(dom) {
  const live = [...dom.querySelectorAll("button:not([hidden], :disabled)")];
  const stop = live.includes(document.activeElement) ? document.activeElement : live[0];
  dom.querySelectorAll("button").forEach((one) => (one.tabIndex = one === stop ? 0 : -1));
}

function button(editor, [name, label, shortcut, tool], picks) {
  const dom = element("button", { class: "tool", type: "button", title: shortcut ? `${label}（${shortcut}）` : label, "aria-label": label, "data-tool": name });
  dom.innerHTML = ICONS[name] ?? "";
  if (tool.word) dom.append(tool.word === true ? label : tool.word);
  // The text keeps its selection when a tool is pressed.
  dom.addEventListener("mousedown", (event) => event.preventDefault());
  dom.addEventListener("click", () => (tool.pick ? picks[name]() : tool.run(editor.chain().focus()).run()));
  const paint = () => {
    const size = tableSize(editor.state);
    dom.hidden = tool.table ? !size : tool.when ? !tool.when(editor) : false;
    if (dom.hidden) return;
    dom.disabled = !editor.isEditable || (tool.needs ? !size[tool.needs] : !tool.pick && !tool.run(editor.can().chain()).run());
    if (tool.isOn) dom.setAttribute("aria-pressed", String(Boolean(tool.isOn(editor))));
  };
  return { dom, paint };
}
