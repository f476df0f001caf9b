// From the numbers of a chart to what ECharts draws. Colours are the design's own; shapes and labels carry them too.

const number = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 2 });
const said = (value, unit) => (value === null || value === undefined ? "未填报" : `${number.format(value)}${unit}`);

/** The option for `{kind, title, unit, labels, series: [{name, values, line}]}`; `style` gives the colours. */
export function optionOf(chart, style) {
  const colour = (name) => style.getPropertyValue(name).trim();
  const ink = colour("--ink");
  const muted = colour("--muted");
  const common = {
    animation: false,
    color: [colour("--action"), colour("--waiting"), colour("--done"), colour("--muted"), colour("--late")],
    textStyle: { fontFamily: style.getPropertyValue("--font-ui"), color: ink },
    aria: { enabled: true, decal: { show: true }, label: { description: chart.title } },
    tooltip: {
      trigger: chart.kind === "pie" ? "item" : "axis",
      renderMode: "richText", // an HTML tooltip would need inline styles
      confine: true,
      valueFormatter: (value) => said(value, chart.unit),
    },
    legend: { bottom: 0, textStyle: { color: ink }, show: chart.series.length > 1 || chart.kind === "pie" },
  };
  return chart.kind === "pie" ? pie(chart, common) : axes(chart, common, muted);
}

function pie(chart, common) {
  const [{ values, name }] = chart.series;
  const data = chart.labels.map((label, index) => ({ name: label, value: values[index] }));
  return {
    ...common,
    series: [{ type: "pie", name, radius: ["38%", "66%"], center: ["50%", "44%"], data, label: { formatter: "{b}\n{d}%" } }],
  };
}

function axes(chart, common, muted) {
  const lies = chart.kind === "bars"; // bars that lie have room for long names
  const names = { type: "category", data: chart.labels, inverse: lies, axisLabel: { color: muted, width: 120, overflow: "truncate" } };
  const values = { type: "value", name: lies ? "" : chart.unit, max: chart.max ?? undefined, nameTextStyle: { color: muted }, axisLabel: { color: muted } };
  return {
    ...common,
    grid: { left: 8, right: 24, top: 32, bottom: common.legend.show ? 40 : 12, containLabel: true },
    xAxis: lies ? values : names,
    yAxis: lies ? names : values,
    series: chart.series.map((one) => ({
      type: one.line ? "line" : "bar",
      name: one.name,
      data: one.values,
      barMaxWidth: 36,
      symbolSize: 7,
      lineStyle: one.dashed ? { type: "dashed" } : undefined,
      connectNulls: true,
    })),
  };
}
