// Builds perfapp/static and the icon template. The output is committed; two builds give the same bytes.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ICONS, TOOL_ICONS } from "./icons.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

mkdirSync(here("../perfapp/static"), { recursive: true });
writeFileSync(here("../perfapp/templates/components/icons.html"), iconTemplate());

const shared = {
  bundle: true,
  minify: true,
  charset: "utf8",
  target: ["chrome109", "firefox115", "safari16"],
  outdir: here("../perfapp/static"),
  legalComments: "none",
  logLevel: "info",
};

await build({ ...shared, entryPoints: [here("css/app.css")], external: ["./fonts/*"] });
const scripts = await build({
  ...shared,
  metafile: true,
  entryPoints: [here("src/app.js"), here("src/editor.js"), here("src/charts.js")],
  format: "iife",
  plugins: [{ name: "icons", setup: toolIcons }],
});

writeFileSync(here("../perfapp/static/LICENSES.txt"), licences(Object.keys(scripts.metafile.inputs)));

/** The licence texts of every package that is inside the bundles, and of the icons. */
function licences(inputs) {
  const inside = inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean);
  const packages = [...new Set([...inside, "lucide-static"])].sort();
  return packages.map((name) => {
    const folder = here(`node_modules/${name}`);
    const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} has no licence file`);
    return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
  }).join(`\n${"-".repeat(80)}\n\n`);
}

/** `import { ICONS, TOOL_ICONS } from "icons"`: the pictures of the editor's tools as text. */
function toolIcons(builder) {
  builder.onResolve({ filter: /^icons$/ }, () => ({ path: "icons", namespace: "icons" }));
  builder.onLoad({ filter: /.*/, namespace: "icons" }, () => {
    const open = '<svg class="icon" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">';
    const pictures = Object.entries(TOOL_ICONS).map(([name, source]) => [name, `${open}${shapes(source)}</svg>`]);
    return { contents: `export const ICONS = ${JSON.stringify(Object.fromEntries(pictures))};`, loader: "js" };
  });
}

function shapes(source) {
  const svg = readFileSync(here(`node_modules/lucide-static/icons/${source}.svg`), "utf8");
  return svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s+/g, " ").replace(/ \/>/g, "/>").trim();
}

/** The Jinja macro that draws an icon by name: inline SVG, so that no request and no inline style is needed. */
function iconTemplate() {
  const lines = Object.entries(ICONS).map(([name, source]) => `  '${name}': '${shapes(source)}',`);
  return `{# Made by frontend/build.mjs from lucide-static (ISC); do not edit.
   {% from 'components/icons.html' import icon %}
   {{ icon('done') }} is silent for screen readers, {{ icon('done', '已完成') }} has a text alternative. #}
{% set SHAPES = {
${lines.join("\n")}
} %}
{% macro icon(name, label=none) -%}
<svg class="icon" viewBox="0 0 24 24" width="18" height="18" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"{% if label %} role="img" aria-label="{{ label }}"{% else %} aria-hidden="true"{% endif %}>{{ SHAPES[name]|safe }}</svg>
{%- endmacro %}
`;
}
