// @ and ＠ open the choice of a fact. Looked for only when no input method is composing: some commit the sign at once,
// some as a composition of its own (tiptap#3031).
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import { openPicker } from "./picker.js";

const SIGN = /(?<![\w.])[@＠]$/u; // not inside an address of mail

export const At = Extension.create({
  name: "at",
  addOptions: () => ({ find: null }),
  addProseMirrorPlugins() {
    const { editor, options } = this;
    const look = () => {
      const { empty, $from } = editor.state.selection;
      if (!empty || editor.view.composing || !editor.view.hasFocus()) return;
      const before = $from.parent.textBetween(0, $from.parentOffset, null, "\uFFFC");
      if (SIGN.test(before)) openPicker(editor, { from: $from.pos - 1, to: $from.pos, find: options.find });
    };
    return [
      new Plugin({
        props: {
          handleDOMEvents: {
            // The text holds what was typed only after the editor has read it from the page.
            input: (_view, event) => {
              if (/[@＠]$/u.test(event.data ?? "")) setTimeout(look);
              return false;
            },
            compositionend: (_view, event) => {
              if (/[@＠]$/u.test(event.data ?? "")) setTimeout(look, 50);
              return false;
            },
          },
        },
      }),
    ];
  },
});
