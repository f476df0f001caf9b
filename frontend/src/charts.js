// Charts: every [data-chart] holds its numbers as JSON; the table below says the same in words and stands alone without scripts.
import { BarChart, LineChart, PieChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { optionOf } from "./charts/option.js";

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const drawn = [];

for (const place of document.querySelectorAll("[data-chart]")) {
  const chart = init(place, null, { renderer: "svg" });
  chart.setOption(optionOf(JSON.parse(place.dataset.chart), getComputedStyle(document.documentElement)));
  drawn.push(chart);
}

const resize = () => drawn.forEach((chart) => chart.resize());
new ResizeObserver(resize).observe(document.body);
// Paper is narrower than the screen and opens nothing: draw for it, show the numbers, and back afterwards.
const folded = document.querySelectorAll(".plot details:not([open])");
window.addEventListener("beforeprint", () => {
  for (const one of folded) one.open = true;
  for (const chart of drawn) chart.resize({ width: 600 });
});
window.addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
  resize();
});
