// In: pasted Word, WPS or Excel is cleaned. Out: copied text carries the numbers that are only drawn here.
import { Extension } from "@tiptap/core";
import { DOMParser as Parser, DOMSerializer } from "@tiptap/pm/model";
import { Plugin } from "@tiptap/pm/state";
import { drawnLabels } from "./labels.js";
import { cleanHtml, cleanText } from "./paste.js";

export const Clipboard = Extension.create({
  name: "sectionClipboard",
  // Before the table's own paste, which reads what this has cleaned.
  priority: 200,
  addOptions: () => ({ level: 1, tell: () => {}, upload: null }),
  addProseMirrorPlugins() {
    const { level, tell, upload } = this.options;
    return [
      new Plugin({
        props: {
          transformPastedHTML(html, view) {
            if (html.includes("data-pm-slice")) return html;
            const cleaned = cleanHtml(html, { level, inCell: isInCell(view) });
            if (cleaned.pictures) tell(`粘贴的内容里有 ${cleaned.pictures} 张图片没有带过来，请用“图片”按钮逐张上传。`);
            if (cleaned.clipped) tell("粘贴的表格太大，只保留了前 300 行、20 列。");
            return cleaned.html;
          },
          clipboardTextParser(text, _context, _plain, view) {
            const holder = document.implementation.createHTMLDocument("").createElement("div");
            holder.innerHTML = cleanText(text, { level, inCell: isInCell(view) });
            return Parser.fromSchema(view.state.schema).parseSlice(holder, { preserveWhitespace: true });
          },
          handlePaste(_view, event) {
            const pictures = [...(event.clipboardData?.files || [])].filter((file) => file.type.startsWith("image/"));
            const hasText = event.clipboardData?.types.some((type) => type === "text/html" || type === "text/plain");
            if (!pictures.length || hasText || !upload) return false;
            pictures.forEach(upload);
            return true;
          },
          handleDrop(_view, event) {
            const pictures = [...(event.dataTransfer?.files || [])].filter((file) => file.type.startsWith("image/"));
            if (!pictures.length || !upload) return false;
            event.preventDefault();
            pictures.forEach(upload);
            return true;
          },
          clipboardTextSerializer(slice, view) {
            return lines(written(slice.content, view)).join("\n");
          },
        },
        view(view) {
          view.setProps({ clipboardSerializer: { serializeFragment: (fragment) => contents(written(fragment, view)) } });
          return {};
        },
      }),
    ];
  },
});

function isInCell(view) {
  return view.state.selection.$from.depth > 1;
}

/** The fragment as DOM with the numbers as text; on the way back in they are ignored. */
function written(fragment, view) {
  const holder = document.createElement("div");
  holder.append(DOMSerializer.fromSchema(view.state.schema).serializeFragment(fragment));
  const { from, to } = view.state.selection;
  const labels = drawnLabels(view.state, from, to);
  holder.querySelectorAll("[data-item], [data-ordinal]").forEach((node) => {
    const label = labels.shift() ?? "";
    if (node.hasAttribute("data-ordinal")) {
      node.textContent = label;
      return;
    }
    const drawn = document.createElement("span");
    drawn.setAttribute("data-drawn", "");
    drawn.textContent = label;
    node.prepend(drawn);
  });
  return holder;
}

function contents(holder) {
  const fragment = document.createDocumentFragment();
  fragment.append(...holder.childNodes);
  return fragment;
}

/** Paragraphs as lines, table rows with tabs between their cells. */
function lines(holder) {
  return [...holder.childNodes].flatMap((node) => {
    const rows = node.querySelectorAll ? [...node.querySelectorAll("tr")] : [];
    if (!rows.length) return [node.textContent];
    return rows.map((row) => [...row.cells].map((cell) => cell.textContent).join("\t"));
  });
}
