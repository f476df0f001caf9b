// Two texts compared: paragraph by paragraph, then word by word inside a changed paragraph.
import { canonicalBlock, charactersOf } from "../editor/model.js";
import { number } from "../editor/numbers.js";

const CLOSE = 0.35; // paragraphs sharing less than this are two paragraphs, not one that changed
const WORK = 4_000_000;

/** Rows of { kind: same | changed | mine | theirs, mine, theirs } over the blocks of both documents. */
export function compare(mine, theirs) {
  const left = mine.content.map((block) => ({ block, key: JSON.stringify(canonicalBlock(block)) }));
  const right = theirs.content.map((block) => ({ block, key: JSON.stringify(canonicalBlock(block)) }));
  const rows = [];
  let gap = { left: [], right: [] };
  const close = () => {
    rows.push(...paired(gap.left, gap.right));
    gap = { left: [], right: [] };
  };
  for (const [kind, one, other] of aligned(left, right, (a, b) => a.key === b.key)) {
    if (kind === "same") {
      close();
      rows.push({ kind: "same", mine: one.block, theirs: other.block });
    } else if (kind === "left") gap.left.push(one.block);
    else gap.right.push(other.block);
  }
  close();
  return rows;
}

/** The document that follows from a choice per row: "mine", "theirs" or "both" for rows that differ. */
export function merged(rows, choices) {
  const content = [];
  rows.forEach((row, at) => {
    if (row.kind === "same") {
      content.push(row.mine);
      return;
    }
    const choice = choices[at];
    if (choice !== "theirs" && row.mine) content.push(row.mine);
    if (choice !== "mine" && row.theirs) content.push(row.theirs);
  });
  return { type: "doc", content };
}

/** Runs of both sides: [[text, differs], …]. */
export function words(left, right) {
  const runs = { left: [], right: [] };
  const add = (side, text, differs) => {
    const last = runs[side].at(-1);
    if (last && last[1] === differs) last[0] += text;
    else runs[side].push([text, differs]);
  };
  for (const [kind, one, other] of aligned(split(left), split(right), (a, b) => a === b)) {
    if (kind !== "right") add("left", one, kind === "left");
    if (kind !== "left") add("right", other, kind === "right");
  }
  return runs;
}

/** Every block of a document as a person reads it, with the numbers drawn. */
export function readable(document, level) {
  const words = new Map(document.content.map((block) => [block, []]));
  const blocks = document.content.map((block) => ({
    type: block.type,
    place: [block, "label"],
    inlines: isText(block) ? block.content.map((node, at) => ({ type: node.type, restart: node.attrs?.restart, place: [block, at] })) : [],
  }));
  const labels = new Map();
  number(blocks, level, (_kind, label, [block, at]) => {
    if (!labels.has(block)) labels.set(block, {});
    labels.get(block)[at] = label;
  });
  for (const block of words.keys()) words.set(block, wording(block, labels.get(block) ?? {}));
  return (block) => (block ? words.get(block) : "");
}

const isText = (block) => block.type === "paragraph" || block.type === "item";

function wording(block, labels) {
  if (block.type === "picture") return `〔图片〕${block.attrs.caption}`;
  if (block.type === "table") return block.content.map((row) => row.content.map((cell) => readsCell(cell)).join("｜")).join("\n");
  return (labels.label ?? "") + block.content.map((node, at) => charactersOf(node) ?? labels[at]).join("");
}

function readsCell(cell) {
  const inside = { content: cell.content };
  const reads = readable(inside, 4);
  return inside.content.map(reads).join(" ");
}

/** Changed blocks next to each other are shown side by side where they are alike. */
function paired(left, right) {
  const rows = [];
  let from = 0;
  for (const mine of left) {
    let best = -1;
    for (let at = from; at < right.length && best < 0; at += 1) if (likeness(mine, right[at]) >= CLOSE) best = at;
    if (best < 0) {
      rows.push({ kind: "mine", mine, theirs: null });
      continue;
    }
    for (; from < best; from += 1) rows.push({ kind: "theirs", mine: null, theirs: right[from] });
    rows.push({ kind: "changed", mine, theirs: right[best] });
    from = best + 1;
  }
  for (; from < right.length; from += 1) rows.push({ kind: "theirs", mine: null, theirs: right[from] });
  return rows;
}

function likeness(one, other) {
  const kinds = [one.type, other.type];
  if (kinds.includes("table") || kinds.includes("picture")) return one.type === other.type ? 1 : 0;
  const [left, right] = [one, other].map((block) => block.content.map((node) => charactersOf(node) ?? "是").join(""));
  if (!left.trim() || !right.trim()) return left.trim() === right.trim() ? 1 : 0;
  const counts = new Map();
  for (const character of left) counts.set(character, (counts.get(character) ?? 0) + 1);
  let shared = 0;
  for (const character of right) {
    const count = counts.get(character) ?? 0;
    if (count) shared += 1;
    counts.set(character, count - 1);
  }
  return (2 * shared) / ([...left].length + [...right].length);
}

/** Numbers and Latin words whole, everything else by character. */
function split(text) {
  return text.match(/\d[\d,.]*\d|\d|[A-Za-z]+|[\s\S]/gu) ?? [];
}

/** Longest common subsequence as steps: ["same", a, b], ["left", a], ["right", , b]. */
function aligned(left, right, equal) {
  let start = 0;
  while (start < left.length && start < right.length && equal(left[start], right[start])) start += 1;
  let end = 0;
  while (end < left.length - start && end < right.length - start && equal(left.at(-1 - end), right.at(-1 - end))) end += 1;
  const steps = left.slice(0, start).map((one, at) => ["same", one, right[at]]);
  steps.push(...middle(left.slice(start, left.length - end), right.slice(start, right.length - end), equal));
  for (let at = end; at > 0; at -= 1) steps.push(["same", left.at(-at), right.at(-at)]);
  return steps;
}

function middle(left, right, equal) {
  const all = () => [...left.map((one) => ["left", one]), ...right.map((one) => ["right", undefined, one])];
  if (!left.length || !right.length || left.length * right.length > WORK) return all();
  const width = right.length + 1;
  const table = new Uint32Array((left.length + 1) * width);
  for (let y = left.length - 1; y >= 0; y -= 1) {
    for (let x = right.length - 1; x >= 0; x -= 1) {
      table[y * width + x] = equal(left[y], right[x]) ? table[(y + 1) * width + x + 1] + 1 : Math.max(table[(y + 1) * width + x], table[y * width + x + 1]);
    }
  }
  const steps = [];
  let [y, x] = [0, 0];
  while (y < left.length || x < right.length) {
    if (y < left.length && x < right.length && equal(left[y], right[x])) steps.push(["same", left[y++], right[x++]]);
    else if (x === right.length || (y < left.length && table[(y + 1) * width + x] >= table[y * width + x + 1])) steps.push(["left", left[y++]]);
    else steps.push(["right", undefined, right[x++]]);
  }
  return steps;
}
