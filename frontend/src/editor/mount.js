import { Editor } from "@tiptap/core";
import { UndoRedo } from "@tiptap/extensions";
import { element } from "../element.js";
import { At } from "../figures/at.js";
import { Marks } from "../figures/marks.js";
import { Remarked } from "../remarks/editing.js";
import { isChoosing, openPicker } from "../figures/picker.js";
import { Clipboard } from "./clipboard.js";
import { edges } from "./edges.js";
import { Labels } from "./labels.js";
import { fromModel, toModel } from "./model.js";
import { Picture, uploadPicture } from "./picture.js";
import { nodes } from "./schema.js";
import { toolbar } from "./toolbar.js";

/**
 * Puts the editor of one section into `place`. `post` uploads a file; `tell` shows one sentence ("" clears it);
 * `find` asks for facts; `openMark(view, mark)` shows what can be done about a mark of the checks.
 */
export function mountEditor(place, { document: model, level, editable, pictureAddress, post, tell, find, openMark, onChange }) {
  const paper = element("div", { class: "paper" });
  let editor = null;
  const upload = (file) => uploadPicture(editor, file, post, tell);
  editor = new Editor({
    element: paper,
    content: fromModel(model),
    editable,
    injectCSS: false,
    enableInputRules: true,
    enablePasteRules: false,
    extensions: [
      ...nodes(level),
      Picture.configure({ address: pictureAddress }),
      Labels.configure({ level, placeholder: editable ? "在这里写正文。可从 Word、WPS 粘贴，表格会保留。" : "本节还没有文字。" }),
      At.configure({ find }),
      Marks.configure({ open: openMark }),
      Remarked,
      Clipboard.configure({ level, tell, upload: editable ? upload : null }),
      UndoRedo,
      ...edges,
    ],
    editorProps: {
      attributes: { id: "section-text", class: "doc", role: "textbox", "aria-multiline": "true", "aria-label": "本节正文", lang: "zh-CN", spellcheck: "false" },
      handleDoubleClickOn(_view, _at, node, place_) {
        if (node.type.name !== "ordinal" || !editor.isEditable) return false;
        return editor.chain().setNodeSelection(place_).toggleRestart().run();
      },
    },
    // An empty line taken away after a last table and put back at once is no change.
    onUpdate: ({ transaction }) => transaction.before.eq(editor.state.doc) || onChange(),
  });
  const pickFigure = () => openPicker(editor, { from: editor.state.selection.from, to: editor.state.selection.to, find });
  if (editable) place.append(toolbar(editor, { picture: () => choosePicture(upload), figure: pickFigure }));
  place.append(paper);
  return {
    editor,
    read: () => toModel(editor.getJSON()),
    isComposing: () => editor.view.composing || isChoosing(), // an @ that opened the choice is no text yet
    replace(next) {
      editor.commands.setContent(fromModel(next), { emitUpdate: false });
    },
  };
}

function choosePicture(upload) {
  const input = element("input", { type: "file", accept: "image/png,image/jpeg" });
  input.addEventListener("change", () => [...input.files].forEach(upload));
  input.click();
}
