// Cleans what comes from Word, WPS, Excel or a web page: text, bold, numbered paragraphs and tables stay, all else falls away.
import { squared } from "./model.js";

const BLOCKS = new Set("P DIV H1 H2 H3 H4 H5 H6 LI UL OL BLOCKQUOTE PRE SECTION ARTICLE HEADER FOOTER MAIN DL DT DD FIGURE FIGCAPTION CENTER BODY HR FORM ADDRESS".split(" "));
const DROPPED = new Set("STYLE SCRIPT META LINK TITLE XML HEAD NOSCRIPT TEMPLATE OBJECT EMBED IFRAME INPUT SELECT TEXTAREA BUTTON DEL O:SMARTTAGTYPE COLGROUP COL".split(" "));
const NUMBERED = /^\s*(?:\d{1,2}(?:[.．](?!\d)|、)|[（(]\d{1,2}[）)]|[①-⑳])\s*/u;
const NUMBERED_TOP = /^\s*[（(][一二三四五六七八九十]{1,3}[）)]\s*/u;
const CJK = "[\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef\\u3000-\\u303f]";
const WRAP = new RegExp(`(${CJK})[ \\t]*[\\r\\n]+[ \\t]*(?=${CJK})`, "gu");

// Styles are read, never applied: under another name the page's content security policy has nothing to report.
const LOOK = "data-look";
const unstyled = (html) =>
  html.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/<[^<>]*>/g, (tag) => tag.replace(/\sstyle\s*=/gi, ` ${LOOK}=`));

/** { html, pictures, clipped }: what the editor's schema reads, and how many pictures and table cells had to go. */
export function cleanHtml(source, { level = 1, inCell = false } = {}) {
  const page = new DOMParser().parseFromString(unstyled(source), "text/html");
  const task = { level, inCell, pictures: 0, clipped: false };
  const html = blocksOf(page.body, task).map((block) => blockHtml(block, task)).join("");
  return { html, pictures: task.pictures, clipped: task.clipped };
}

/** Plain text, one paragraph a line; typed numbers become numbered paragraphs. */
export function cleanText(text, { level = 1, inCell = false } = {}) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n").filter((line, at, all) => line.trim() || all.length === 1);
  return lines.map((line) => blockHtml({ kind: "text", runs: [{ text: line.trim(), bold: false }] }, { level, inCell })).join("");
}

/** The element's content as blocks: { kind: "text", runs, list } or { kind: "table", rows }. */
function blocksOf(root, task) {
  const blocks = [];
  let open = null;
  const close = () => {
    if (open && trimmed(open.runs).length) blocks.push({ ...open, runs: trimmed(open.runs) });
    open = null;
  };
  const walk = (node, look) => {
    if (node.nodeType === 3) {
      open ??= { kind: "text", runs: [], list: look.list };
      open.runs.push({ text: collapsed(node.data), bold: look.bold });
      return;
    }
    if (node.nodeType !== 1 || isNoise(node)) return;
    if (/mso-list:\s*ignore/i.test(node.getAttribute(LOOK) || "")) {
      open ??= { kind: "text", runs: [], list: look.list };
      open.marker = node.textContent.trim();
      return;
    }
    if (isPicture(node)) {
      task.pictures += 1;
      return;
    }
    if (node.nodeName === "TABLE") {
      close();
      blocks.push(...tableOf(node, task));
      return;
    }
    if (node.nodeName === "BR") {
      close();
      return;
    }
    const next = lookOf(node, look);
    const isBlock = BLOCKS.has(node.nodeName);
    if (isBlock) close();
    for (const child of node.childNodes) walk(child, next);
    if (isBlock) close();
  };
  for (const child of root.childNodes) walk(child, { bold: false, list: false });
  close();
  return blocks;
}

function isNoise(node) {
  const style = node.getAttribute(LOOK) || "";
  return (
    DROPPED.has(node.nodeName) ||
    node.nodeName.startsWith("O:") ||
    /mso-hide:\s*all|display:\s*none|mso-element:\s*comment|mso-special-character:\s*comment/i.test(style) ||
    /MsoComment|msocomtxt|msocomanch|msoDel/i.test(`${node.className} ${node.id}`)
  );
}

function isPicture(node) {
  return ["IMG", "SVG", "svg", "CANVAS", "VIDEO", "AUDIO", "PICTURE", "V:SHAPE", "V:IMAGEDATA"].includes(node.nodeName);
}

function lookOf(node, look) {
  const style = node.getAttribute(LOOK) || "";
  const weight = /font-weight:\s*([a-z]+|\d+)/i.exec(style)?.[1];
  let bold = look.bold || ["B", "STRONG", "H1", "H2", "H3", "H4", "H5", "H6"].includes(node.nodeName);
  if (weight) bold = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
  const list = look.list || (node.nodeName === "LI" && node.parentElement?.nodeName === "OL") || /mso-list:\s*l\d/i.test(style);
  return { bold, list };
}

function collapsed(text) {
  return text.replace(WRAP, "$1").replace(/[\s\u00a0]+/g, " ").replace(/[\u200b\ufeff\u00ad]/g, "");
}

/** Runs without blanks at the ends, blanks doubled by markup, or empty runs. */
function trimmed(runs) {
  const kept = runs.filter((run) => run.text).map((run) => ({ ...run }));
  kept.forEach((run, at) => {
    if (at > 0 && kept[at - 1].text.endsWith(" ")) run.text = run.text.replace(/^ /, "");
  });
  if (kept.length) kept[0].text = kept[0].text.trimStart();
  while (kept.length && !kept.at(-1).text.trim()) kept.pop();
  if (kept.length) kept.at(-1).text = kept.at(-1).text.trimEnd();
  return kept.filter((run) => run.text);
}

function tableOf(table, task) {
  const lines = [...table.rows].filter((row) => !isNoise(row));
  const inner = { ...task, inCell: true };
  const rows = lines.map((row) => [...row.cells].filter((cell) => !isNoise(cell)).map((cell) => cellOf(cell, row, inner)));
  task.pictures = inner.pictures;
  if (rows.length === 1 && rows[0].length === 1) return rows[0][0].blocks;
  if (rows[0]?.length > 1 && rows[0].every((cell) => cell.allBold)) rows[0].forEach((cell) => (cell.type = "tableHeader"));
  const square = squared(rows);
  if (lines.length > square.length || rows.some((row) => row.length > 20)) task.clipped = true;
  return square.length ? [{ kind: "table", rows: square }] : [];
}

function cellOf(cell, row, task) {
  // A table inside a cell becomes the cell's paragraphs.
  const blocks = blocksOf(cell, task).flatMap((block) =>
    block.kind === "text" ? [block] : block.rows.map((line) => ({ kind: "text", runs: line.flatMap((one) => one.blocks ?? []).flatMap((one) => [...one.runs, { text: " ", bold: false }]) })),
  );
  const isHead = cell.nodeName === "TH" || row.parentElement?.nodeName === "THEAD";
  return {
    type: isHead ? "tableHeader" : "tableCell",
    attrs: { colspan: cell.colSpan || 1, rowspan: cell.rowSpan || 1, align: alignOf(cell) },
    blocks,
    allBold: blocks.length > 0 && blocks.every((block) => block.runs.every((run) => run.bold || !run.text.trim())),
  };
}

function alignOf(cell) {
  for (const node of [cell.querySelector("p, div"), cell]) {
    const align = /text-align:\s*(left|center|right)/i.exec(node?.getAttribute(LOOK) || "")?.[1] ?? node?.getAttribute("align");
    if (["center", "right"].includes(align?.toLowerCase())) return align.toLowerCase();
  }
  return null;
}

function blockHtml(block, task) {
  if (block.kind === "table") return tableHtml(block.rows, task);
  let { runs } = block;
  if (task.inCell) {
    if (block.marker) runs = [{ text: block.marker, bold: false }, ...runs];
    return `<p>${runs.map(runHtml).join("")}</p>`;
  }
  const typed = (task.level === 1 ? NUMBERED_TOP : NUMBERED).exec(runs.map((run) => run.text).join(""));
  const isItem = Boolean(typed) || block.list || /[\p{L}\p{N}①-⑳]/u.test(block.marker || "");
  if (typed) runs = without(runs, typed[0].length);
  return `<p${isItem ? " data-item" : ""}>${runs.map(runHtml).join("")}</p>`;
}

function tableHtml(rows) {
  const cellHtml = (cell) => {
    const tag = cell.type === "tableHeader" ? "th" : "td";
    const { colspan, rowspan, align } = cell.attrs;
    const content = (cell.blocks ?? []).map((block) => blockHtml(block, { inCell: true })).join("") || "<p></p>";
    return `<${tag} colspan="${colspan}" rowspan="${rowspan}"${align ? ` data-align="${align}"` : ""}>${content}</${tag}>`;
  };
  return `<table><tbody>${rows.map((row) => `<tr>${row.map(cellHtml).join("")}</tr>`).join("")}</tbody></table>`;
}

function without(runs, count) {
  let left = count;
  const rest = [];
  for (const run of runs) {
    rest.push({ ...run, text: run.text.slice(left) });
    left = Math.max(0, left - run.text.length);
  }
  return rest.filter((run) => run.text);
}

function runHtml({ text, bold }) {
  const safe = text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  return bold ? `<b>${safe}</b>` : safe;
}
