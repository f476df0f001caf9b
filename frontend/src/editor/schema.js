// The nodes and marks of the editor: exactly those of perfapp.core.document.
import { InputRule, Node } from "@tiptap/core";
import { Bold } from "@tiptap/extension-bold";
import { Document } from "@tiptap/extension-document";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";
import { Figure } from "../figures/node.js";
import { nextOrdinal, wrote } from "./labels.js";
import { MAX_COLUMNS, MAX_ROWS } from "./model.js";

/** A numbered paragraph; its label is drawn by labels.js. */
export const Item = Node.create({
  name: "item",
  group: "block",
  content: "inline*",
  defining: true,
  parseHTML: () => [{ tag: "p[data-item]", priority: 60 }, { tag: "span[data-drawn]", ignore: true, priority: 60 }],
  renderHTML: () => ["p", { class: "item", "data-item": "" }, 0],
  addOptions: () => ({ level: 1 }),
  addCommands() {
    return { toggleItem: () => ({ commands }) => commands.toggleNode(this.name, "paragraph") };
  },
  addKeyboardShortcuts() {
    return {
      "Mod-Shift-7": () => this.editor.commands.toggleItem(),
      Backspace: () => {
        const { $from, empty } = this.editor.state.selection;
        if (!empty || $from.parent.type !== this.type || $from.parentOffset > 0) return false;
        return this.editor.commands.setNode("paragraph");
      },
      Enter: () => nextItem(this.editor, this.type),
      "Shift-Enter": () => nextItem(this.editor, this.type),
      "Mod-Enter": () => nextItem(this.editor, this.type),
    };
  },
  addInputRules() {
    return [
      new InputRule({
        find: (text) => typedNumber(text, this.options.level),
        handler: ({ state, range, match }) => {
          const $from = state.doc.resolve(range.from);
          if ($from.depth !== 1 || $from.parent.type.name !== "paragraph" || $from.parentOffset > 0) return null;
          const { tr } = state;
          if (match.data.rest) tr.insertText(match.data.rest, range.from, range.to);
          else tr.delete(range.from, range.to);
          tr.setBlockType(range.from, range.from, this.type);
          return undefined;
        },
      }),
    ];
  },
});

/** Enter divides an item into two; in an empty item it ends the list. */
function nextItem(editor, item) {
  const { $from, empty } = editor.state.selection;
  if ($from.parent.type !== item) return false;
  if (empty && $from.parent.content.size === 0) return editor.commands.setNode("paragraph");
  return editor.commands.command(({ state, tr }) => {
    // splitBlock would begin a plain paragraph at the end, and leave one at the start.
    const marks = state.storedMarks ?? ($from.parentOffset ? $from.marks() : []);
    tr.deleteSelection();
    tr.split(tr.selection.from).ensureMarks(marks).scrollIntoView();
    return true;
  });
}

/** A number typed at the start of a paragraph. “1.” waits for the next character, which tells it from 1.5. */
function typedNumber(text, level) {
  const match =
    level === 1
      ? /^(（[一二三四五六七八九十]{1,3}）)(.{0,6})$/u.exec(text)
      : /^(\d{1,2}、|[（(]\d{1,2}[）)])(.{0,6})$/u.exec(text) || /^(\d{1,2}[.．])(\s|[^\d\s].{0,5})$/u.exec(text);
  return match ? { index: 0, text, data: { rest: match[2].trimStart() } } : null;
}

/** 一是, 二是 …: the number is drawn by its place. */
export const Ordinal = Node.create({
  name: "ordinal",
  group: "inline",
  inline: true,
  atom: true,
  selectable: true,
  addAttributes: () => ({
    restart: {
      default: false,
      parseHTML: (dom) => dom.hasAttribute("data-restart"),
      renderHTML: ({ restart }) => (restart ? { "data-restart": "" } : {}),
    },
  }),
  parseHTML: () => [{ tag: "span[data-ordinal]" }],
  renderHTML: ({ HTMLAttributes }) => ["span", { class: "ordinal", "data-ordinal": "", title: "序号自动排；双击从“一是”重新数起", ...HTMLAttributes }],
  renderText: () => "是",
  addCommands() {
    return {
      insertOrdinal: () => ({ commands }) => commands.insertContent({ type: this.name, attrs: { restart: false } }),
      toggleRestart: () => ({ state, commands }) => {
        const node = state.selection.node;
        return node?.type === this.type ? commands.updateAttributes(this.name, { restart: !node.attrs.restart }) : false;
      },
    };
  },
  addKeyboardShortcuts() {
    const restart = () => this.editor.commands.toggleRestart();
    return { "Mod-Shift-8": () => this.editor.commands.insertOrdinal(), Enter: restart, "Shift-Enter": restart, "Mod-Enter": restart };
  },
  addInputRules() {
    return [
      new InputRule({
        find: /(?:^|[。；：\uFFFC\s])([一二三四五六七八九十]{1,3}是)$/,
        handler: ({ state, range, match }) => {
          const { to } = range;
          const from = range.from + match[0].length - match[1].length;
          const count = wrote(match[1]);
          const next = nextOrdinal(state.doc, from);
          // Only what stays what the person wrote is turned; 一是 may start a new count.
          if (count !== next && count !== 1) return null;
          state.tr.replaceWith(from, to, this.type.create({ restart: count !== next }));
          return undefined;
        },
      }),
    ];
  },
});

const span = (name) => ({
  default: 1,
  parseHTML: (dom) => Math.max(1, Math.round(Number(dom.getAttribute(name))) || 1),
  renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}),
});

const cellAttributes = () => ({
  colspan: span("colspan"),
  rowspan: span("rowspan"),
  align: {
    default: null,
    parseHTML: (dom) => dom.getAttribute("data-align"),
    renderHTML: ({ align }) => (align ? { "data-align": align } : {}),
  },
});

const cell = (tag) => ({
  content: "paragraph+",
  addAttributes: cellAttributes,
  parseHTML: () => [{ tag }],
  renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
});

export const SectionTable = Table.extend({
  addNodeView: () => null,
  renderHTML: () => ["div", { class: "doc-table" }, ["table", ["tbody", 0]]],
}).configure({ resizable: false, View: null, allowTableNodeSelection: true });

export const tables = [SectionTable, TableRow, TableCell.extend(cell("td")), TableHeader.extend(cell("th"))];

/** How large the table at the cursor is; none outside tables. */
export function tableSize(state) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const node = $from.node(depth);
    if (node.type.name !== "table") continue;
    let columns = 0;
    node.firstChild.forEach((one) => (columns += one.attrs.colspan));
    return { rows: node.childCount, columns, mayAddRow: node.childCount < MAX_ROWS, mayAddColumn: columns < MAX_COLUMNS };
  }
  return null;
}

const SectionParagraph = Paragraph.extend({
  addKeyboardShortcuts() {
    // No line breaks inside a paragraph: every break is a new one.
    const split = () => this.editor.state.selection.$from.parent.type === this.type && this.editor.commands.splitBlock();
    return { "Shift-Enter": split, "Mod-Enter": split };
  },
});

const SectionBold = Bold.extend({
  addInputRules: () => [],
  addPasteRules: () => [],
  parseHTML: () => [{ tag: "b" }, { tag: "strong" }],
  renderHTML: () => ["b", 0],
});

export const nodes = (level) => [
  Document,
  SectionParagraph,
  Text,
  SectionBold,
  Item.configure({ level }),
  Ordinal,
  Figure,
  ...tables,
];
