// Room to write around tables and pictures: a line after the last one, and text put in at the cursor between two.
import { Extension } from "@tiptap/core";
import { Gapcursor, TrailingNode } from "@tiptap/extensions";
import { GapCursor } from "@tiptap/pm/gapcursor";
import { Plugin } from "@tiptap/pm/state";

/** Typed keys and compositions the gap cursor takes itself; words committed whole by an input method it would lose. */
const GapText = Extension.create({
  name: "gapText",
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        handleDOMEvents: {
          beforeinput(view, event) {
            if (event.inputType !== "insertText" || !event.data || !(view.state.selection instanceof GapCursor)) return false;
            event.preventDefault();
            view.dispatch(view.state.tr.insertText(event.data).scrollIntoView());
            return true;
          },
        },
      },
    }),
  ],
});

/** The line after the last table or picture is the editor's alone: model.js adds it on the way in, drops it on the way out. */
export const edges = [Gapcursor, GapText, TrailingNode.configure({ node: "paragraph", notAfter: ["item"] })];
