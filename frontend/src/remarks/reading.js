// Remarks on a page for reading: what is chosen there as the server counts it, and the marks under remarked words.
import { element } from "../element.js";
import { followQuotations, offerRemarks, remarkForms, remarkPlaces, showRemark } from "./form.js";
import { CHANGED, followOthers } from "./live.js";

const LINES = "p, tr, figcaption";
const NOT_TEXT = ".fact__mark, .sr, .doc-lead"; // what a page adds to the text

export function remarks(root) {
  remarkForms(root);
  followOthers(root);
  if (location.hash.startsWith("#remark-")) showRemark(location.hash.slice("#remark-".length));
  const texts = [...root.querySelectorAll("[data-remarkable]")];
  if (!texts.length) return;
  offerRemarks(() => chosen(getSelection()));
  remarkPlaces(root).forEach(mark);
  document.addEventListener(CHANGED, () => {
    root.querySelectorAll("mark[data-remark]").forEach((old) => old.replaceWith(...old.childNodes));
    texts.forEach((text) => text.normalize());
    remarkPlaces(root).forEach(mark);
  });
  followQuotations((id) => {
    const found = root.querySelector(`[data-remark="${id}"]`);
    found?.scrollIntoView({ block: "center" });
    found?.focus();
    return Boolean(found);
  });
}

/** What is selected within one paragraph or one cell; null where it is nothing, or more. */
function chosen(selection) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = trimmed(selection.getRangeAt(0));
  const text = range && textOf(range);
  const unit = range && unitOf(range.startContainer);
  if (!unit || !text.trim() || unitOf(range.endContainer) !== unit) return null;
  const where = placeOf(unit, range);
  return where && { ...where, end: where.start + text.length, text, box: range.getBoundingClientRect() };
}

/** A paragraph that is selected whole often ends at the start of the next one. */
function trimmed(range) {
  const own = range.cloneRange();
  const unit = unitOf(own.startContainer);
  if (unit && own.endOffset === 0 && !unit.contains(own.endContainer)) own.setEnd(unit, unit.childNodes.length);
  return own;
}

const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);

/** The paragraph or table cell within a text that can be remarked on. */
function unitOf(node) {
  const at = elementOf(node);
  const unit = at?.closest("td, th") ?? at?.closest("p, figcaption");
  return unit?.closest("[data-remarkable]") ? unit : null;
}

function textOf(range) {
  const copy = element("div", {}, range.cloneContents());
  copy.querySelectorAll(NOT_TEXT).forEach((added) => added.remove());
  copy.querySelectorAll("br, p + p").forEach((gap) => gap.before(" "));
  return copy.textContent;
}

function placeOf(unit, range) {
  const [block, sectionId] = blockOf(unit);
  if (block === null) return null;
  const before = document.createRange();
  before.setStart(unit, 0);
  before.setEnd(range.startContainer, range.startOffset);
  let start = textOf(before).length;
  if (!unit.matches("td, th")) return { sectionId, block, row: null, start };
  const line = unit.closest("tr");
  for (const cell of line.cells) {
    if (cell === unit) break;
    start += contentOf(cell).length + 1;
  }
  return { sectionId, block, row: [...line.closest("table").rows].indexOf(line), start };
}

function contentOf(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  return textOf(range);
}

/** Which block of which section a paragraph is: by its number, or by counting from its heading. */
function blockOf(unit) {
  const text = unit.closest("[data-remarkable]");
  const numbered = unit.closest("[id^=block-]");
  if (numbered) return [Number(numbered.id.slice("block-".length)), text.dataset.remarkable];
  const sections = JSON.parse(text.dataset.remarkable); // key -> section id, in a text of several sections
  let block = null;
  let sectionId = null;
  for (const part of partsOf(text)) {
    const key = part.id.startsWith("section-") ? part.id.slice("section-".length) : null;
    if (key !== null) [sectionId, block] = [sections[key] ?? null, part.matches("p") ? 0 : -1];
    else if (block !== null) block += 1;
    if (part.contains(unit)) break;
  }
  return sectionId === null || block === null || block < 0 ? [null, null] : [block, sectionId];
}

const partsOf = (text) => [...(text.querySelector(".doc") ?? text).children];

// --- marks ----------------------------------------------------------------------------------------------------

function mark({ id, section, block, row, start, text, proposal }) {
  const line = lineOf(section, block, row);
  const range = line && rangeWith(line, text, start);
  if (!range) return;
  const nodes = nodesIn(range);
  const first = Math.max(0, nodes.findIndex(standsAlone));
  nodes.forEach((node, number) => {
    const look = { class: `remarked${proposal ? " remarked--proposal" : ""}`, "data-remark": id };
    if (number === first) look.id = `remark-place-${id}`;
    if (number === first && standsAlone(node)) Object.assign(look, { tabindex: "0", role: "button", "aria-label": `看批注：${text}` });
    const wrap = element("mark", look);
    node.replaceWith(wrap);
    wrap.append(node);
    wrap.addEventListener("click", (event) => event.target.closest("a") || showRemark(id));
    wrap.addEventListener("keydown", (event) => event.key === "Enter" && showRemark(id));
  });
}

const FOCUSABLE = "[tabindex], a[href], button";

/** Neither in a button nor with one inside: a figure has a card of its own, and one remark may lie in another. */
const standsAlone = (node) =>
  !node.parentElement?.closest(FOCUSABLE) &&
  !(node.nodeType === Node.ELEMENT_NODE && (node.matches(FOCUSABLE) || node.querySelector(FOCUSABLE)));

function lineOf(sectionId, block, row) {
  for (const text of document.querySelectorAll("[data-remarkable]")) {
    if (text.dataset.remarkable === String(sectionId)) return inBlock(text.querySelector(`#block-${block}`), row);
    if (!text.dataset.remarkable.startsWith("{")) continue;
    const key = Object.entries(JSON.parse(text.dataset.remarkable)).find(([, id]) => String(id) === String(sectionId))?.[0];
    const lines = key === undefined ? [] : linesOf(text, key);
    if (lines.length) return inBlock(lines[block] ?? null, row);
  }
  return null;
}

/** The blocks of one section of the report, by their order. */
function linesOf(text, key) {
  const parts = partsOf(text);
  const first = parts.findIndex((part) => part.id === `section-${key}`);
  if (first < 0) return [];
  const next = parts.findIndex((part, number) => number > first && part.id.startsWith("section-"));
  return parts.slice(parts[first].matches("p") ? first : first + 1, next < 0 ? undefined : next);
}

function inBlock(block, row) {
  if (!block || row === null) return block;
  return block.querySelector("table")?.rows[row] ?? null;
}

/** Where exactly these words stand in the line: of several places the nearest to where they are said to be. */
function rangeWith(line, text, near) {
  const nodes = textNodes(line);
  const whole = nodes.map((node) => node.data).join("");
  const words = text.replaceAll("\t", "");
  let start = -1;
  for (let at = whole.indexOf(words); at >= 0 && words; at = whole.indexOf(words, at + 1)) {
    if (start < 0 || Math.abs(at - near) < Math.abs(start - near)) start = at;
  }
  return start < 0 ? null : { nodes, start, end: start + words.length };
}

function textNodes(line) {
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT, (node) => (node.parentElement.closest(NOT_TEXT) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

/** The text nodes of the range, parted at its ends so that they are wholly in it. */
function nodesIn({ nodes, start, end }) {
  const found = [];
  let at = 0;
  for (let node of nodes) {
    const [first, last] = [at, at + node.data.length];
    at = last;
    if (last <= start || first >= end) continue;
    if (start > first) node = node.splitText(start - first);
    if (end < last) node.splitText(end - Math.max(first, start));
    found.push(node);
  }
  return found;
}
