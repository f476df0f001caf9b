// A picture with its caption. The bytes are uploaded first; the text holds their SHA-256.
import { Node } from "@tiptap/core";
import { element } from "../element.js";

export const Picture = Node.create({
  name: "picture",
  group: "block",
  atom: true,
  draggable: true,
  addOptions: () => ({ address: (sha256) => sha256 }),
  addAttributes: () => ({
    sha256: { default: "", parseHTML: (dom) => dom.getAttribute("data-sha256") },
    caption: { default: "", parseHTML: (dom) => dom.querySelector("figcaption")?.textContent ?? "" },
    width_mm: { default: 120, parseHTML: (dom) => Number(dom.getAttribute("data-width-mm")) || 120 },
  }),
  parseHTML: () => [{ tag: "figure[data-sha256]" }],
  renderHTML: ({ node }) => [
    "figure",
    { "data-sha256": node.attrs.sha256, "data-width-mm": node.attrs.width_mm },
    ["figcaption", node.attrs.caption],
  ],
  renderText: ({ node }) => node.attrs.caption,
  addNodeView() {
    return (props) => pictureView(props, this.options.address);
  },
});

const PIXELS_PER_MM = 3.58; // 156 mm, the width of the type area, is 28 characters of 20 px on screen

function pictureView({ node, editor, getPos }, address) {
  let current = node;
  const image = element("img", { src: address(node.attrs.sha256), draggable: "false" });
  const caption = element("input", { class: "picture__caption", placeholder: "图片说明", maxlength: "200", "aria-label": "图片说明" });
  const width = element("input", { class: "picture__width", type: "number", min: "20", max: "156", "aria-label": "图片宽度（毫米）" });
  const facts = element("figcaption", { class: "picture__facts" }, caption, element("label", {}, width, " 毫米宽"));
  const dom = element("figure", { class: "doc-picture", contenteditable: "false" }, image, facts);

  const paint = () => {
    image.alt = current.attrs.caption || "图片";
    image.width = Math.round(current.attrs.width_mm * PIXELS_PER_MM);
    if (document.activeElement !== caption) caption.value = current.attrs.caption;
    if (document.activeElement !== width) width.value = current.attrs.width_mm;
    caption.disabled = width.disabled = !editor.isEditable;
  };
  const change = (attributes) => {
    editor.view.dispatch(editor.state.tr.setNodeMarkup(getPos(), null, { ...current.attrs, ...attributes }));
  };
  const write = (event) => {
    if (!event.isComposing) change({ caption: caption.value });
  };
  caption.addEventListener("input", write);
  caption.addEventListener("compositionend", () => change({ caption: caption.value }));
  width.addEventListener("change", () => {
    const millimetres = Math.min(156, Math.max(20, Math.round(Number(width.value)) || 120));
    width.value = millimetres;
    change({ width_mm: millimetres });
  });
  paint();
  return {
    dom,
    update(next) {
      if (next.type !== current.type) return false;
      if (next.attrs.sha256 !== current.attrs.sha256) image.src = address(next.attrs.sha256);
      current = next;
      paint();
      return true;
    },
    stopEvent: (event) => event.target === caption || event.target === width,
    ignoreMutation: () => true,
  };
}

/** Uploads a picture and puts it below the paragraph with the cursor. `post` sends the file and gives the server's answer. */
export async function uploadPicture(editor, file, post, tell) {
  if (!/^image\/(png|jpeg)$/.test(file.type)) {
    tell("只能放 JPG 或 PNG 图片，请先转换格式。");
    return;
  }
  tell("正在上传图片…");
  const answer = await post(file);
  if (!answer.sha256) {
    tell(answer.message || "图片没有传上去，请稍后再试。");
    return;
  }
  const insert = () => {
    const { $to } = editor.state.selection;
    const place = $to.depth ? $to.after(1) : $to.pos;
    const picture = editor.schema.nodes.picture.create({ sha256: answer.sha256, caption: "", width_mm: answer.width_mm ?? 120 });
    editor.view.dispatch(editor.state.tr.insert(place, picture).scrollIntoView());
    tell("");
  };
  if (editor.view.composing) editor.view.dom.addEventListener("compositionend", () => setTimeout(insert), { once: true });
  else insert();
}
