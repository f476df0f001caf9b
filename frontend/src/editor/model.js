// The block model of perfapp.core.document: what the server accepts and nothing else.
// Whatever the editor or a paste produced goes through `toModel` before it leaves the page.

export const MAX_COLUMNS = 20;
export const MAX_ROWS = 300;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const printable = (text) => String(text ?? "").replace(/\r\n|[\n\t\r]/g, " ").replace(CONTROL, "");

/** Inline nodes by type; a new inline node needs one entry here and one in schema.js. */
const INLINE = {
  text(node) {
    const text = printable(node.text);
    if (!text) return null;
    const bold = (node.marks || []).some((mark) => mark.type === "bold");
    return bold ? { type: "text", text, marks: [{ type: "bold" }] } : { type: "text", text };
  },
  ordinal: (node) => ({ type: "ordinal", attrs: { restart: Boolean(node.attrs?.restart) } }),
  figure(node) {
    const reference = referenceOf(node.attrs ?? {});
    const shown = printable(node.attrs?.shown).slice(0, 100);
    // What names no fact is the characters it showed.
    return reference ? { type: "figure", attrs: { ...reference, shown } } : INLINE.text({ text: shown });
  },
};

const FACT = /^[a-z][a-z0-9-]{0,59}$/;
const FORMS = ["value", "last_year", "ratio", "growth", "change"];

/** Which fact in which form, spelled as the server does; null for what names no fact. */
export function referenceOf({ fact, form, other, unit, decimals }) {
  if (!FACT.test(fact ?? "") || (other && !FACT.test(other))) return null;
  return {
    fact,
    form: FORMS.includes(form) ? form : "value",
    other: other || null,
    unit: printable(unit).slice(0, 20),
    decimals: Number.isInteger(decimals) && decimals >= 0 && decimals <= 6 ? decimals : null,
  };
}

/** What a text or a figure prints; nothing for an ordinal, whose number is drawn by its place. */
export const charactersOf = (node) => (node.type === "figure" ? node.attrs.shown : node.text);

/** One string per reference, to find its like. */
export const referenceKey = (attrs) => JSON.stringify(Object.values(referenceOf(attrs) ?? {}));

const BLOCK = {
  paragraph: textBlock,
  item: textBlock,
  table(node) {
    const content = squared((node.content || []).map((row) => (row.content || []).map(cell)));
    return content.length ? { type: "table", content: content.map((cells) => ({ type: "tableRow", content: cells })) } : null;
  },
  picture(node) {
    const { sha256, caption, width_mm: width } = node.attrs || {};
    if (!/^[0-9a-f]{64}$/.test(sha256 || "")) return null;
    return {
      type: "picture",
      attrs: { sha256, caption: String(caption || "").replace(CONTROL, "").slice(0, 200), width_mm: whole(width, 20, 156, 120) },
    };
  },
};

/** The document in the shape the server accepts. */
export function toModel(document) {
  const content = (document.content || []).map((node) => BLOCK[node.type]?.(node)).filter(Boolean);
  const last = content.at(-1);
  // The line to write on after a last table or picture is the editor's, until something is written on it.
  if (last?.type === "paragraph" && !last.content.length && isObject(content.at(-2))) content.pop();
  return { type: "doc", content };
}

/** The same for the editor, which needs a paragraph for the cursor: in an empty text or cell, after a last table or picture. */
export function fromModel(document) {
  const content = toModel(document || {}).content.map((block) => (block.type === "table" ? withParagraphs(block) : block));
  if (!content.length || isObject(content.at(-1))) content.push({ type: "paragraph" });
  return { type: "doc", content };
}

const isObject = (block) => block?.type === "table" || block?.type === "picture";

/** One spelling per meaning, so that equal texts compare equal. */
export function canonical(document) {
  return JSON.stringify(toModel(fromModel(document)).content.map(canonicalBlock));
}

export function canonicalBlock(block) {
  if (block.type === "table") {
    return ["table", block.content.map((row) => row.content.map((one) => [one.type, one.attrs, one.content.map(canonicalBlock)]))];
  }
  if (block.type === "picture") return ["picture", block.attrs.sha256, block.attrs.caption, block.attrs.width_mm];
  const runs = [];
  for (const node of block.content || []) {
    const run = node.type === "text" ? ["text", node.text, Boolean(node.marks?.length)] : [node.type, meaning(node)];
    const last = runs.at(-1);
    if (run[0] === "text" && last?.[0] === "text" && last[2] === run[2]) last[1] += run[1];
    else runs.push(run);
  }
  return [block.type, runs];
}

/** The characters of a figure are drawn from its fact, as a number is by its place: they are not what the person wrote. */
const meaning = (node) => (node.type === "figure" ? referenceKey(node.attrs) : node.attrs);

function textBlock(node) {
  return { type: node.type, content: (node.content || []).map((inline) => INLINE[inline.type]?.(inline)).filter(Boolean) };
}

function cell(node) {
  const { colspan, rowspan, align } = node.attrs || {};
  return {
    type: node.type === "tableHeader" ? "tableHeader" : "tableCell",
    attrs: {
      colspan: whole(colspan, 1, MAX_COLUMNS, 1),
      rowspan: whole(rowspan, 1, MAX_ROWS, 1),
      align: ["left", "center", "right"].includes(align) ? align : null,
    },
    content: (node.content || []).map((block) => ({ ...textBlock(block), type: "paragraph" })),
  };
}

function withParagraphs(table) {
  const filled = (one) => (one.content.length ? one : { ...one, content: [{ type: "paragraph" }] });
  return { ...table, content: table.content.map((row) => ({ ...row, content: row.content.map(filled) })) };
}

function whole(value, low, high, otherwise) {
  const number = Math.round(Number(value));
  return Number.isFinite(number) && number > 0 ? Math.min(high, Math.max(low, number)) : otherwise;
}

/** Rows of cells made to fill one rectangle: spans clipped where they overlap or stick out, gaps filled with empty cells. */
export function squared(rows) {
  const kept = rows.slice(0, MAX_ROWS);
  const taken = kept.map(() => []);
  const placed = kept.map((row, y) => {
    const line = [];
    let x = 0;
    for (const one of row) {
      while (taken[y][x]) x += 1;
      if (x >= MAX_COLUMNS) break;
      const height = Math.min(one.attrs.rowspan, kept.length - y);
      let width = Math.min(one.attrs.colspan, MAX_COLUMNS - x);
      for (let dx = 1; dx < width; dx += 1) if (taken[y][x + dx]) width = dx;
      for (let dy = 0; dy < height; dy += 1) for (let dx = 0; dx < width; dx += 1) taken[y + dy][x + dx] = true;
      line.push([x, { ...one, attrs: { ...one.attrs, colspan: width, rowspan: height } }]);
    }
    return line;
  });
  const width = Math.max(0, ...taken.map((row) => row.length));
  if (width === 0) return [];
  return placed.map((line, y) => {
    for (let x = 0; x < width; x += 1) if (!taken[y][x]) line.push([x, blankCell(line[0]?.[1].type)]);
    return line.sort((one, other) => one[0] - other[0]).map(([, one]) => one);
  });
}

function blankCell(type = "tableCell") {
  return { type, attrs: { colspan: 1, rowspan: 1, align: null }, content: [] };
}
