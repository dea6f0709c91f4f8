/* A chart spec (see contexts/charts.py) to the option object that ECharts draws. */

function colours() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    step1: read("step1"), step2: read("step2"), step3: read("step3"), step4: read("step4"),
    limit: read("alert"), ink: read("ink"), soft: read("ink-soft"), rule: read("rule"),
    strong: read("rule-strong"), surface: read("surface"), font: read("font"),
  };
}

function number(value, decimals, least = decimals) {
  const text = Math.abs(value).toLocaleString("en-US", {
    minimumFractionDigits: least, maximumFractionDigits: decimals,
  });
  return value < 0 ? `−${text}` : text;
}

function amount(series, spec, position) {
  const value = series.values[position];
  if (value === null) return spec.missing;
  return series.labels?.[position] ?? number(value, spec[series.axis].decimals);
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/* Elements, not markup: the page's policy allows no style attributes, and names need no escaping. */
function tip(spec, items) {
  const position = items[0].dataIndex;
  const list = document.createElement("dl");
  for (const series of spec.series) {
    list.append(element("dt", `tip-name tip-${series.tone}`, series.name));
    list.append(element("dd", "num", amount(series, spec, position)));
  }
  return [element("p", "tip-head", spec.categories[position]), list];
}

function valueAxis(axis, colour, side) {
  return {
    type: "value",
    name: axis.name,
    nameTextStyle: { color: colour.soft, fontSize: 12, align: side },
    axisLabel: { color: colour.soft, fontSize: 12, 
      formatter: (value) => number(value, axis.decimals, 0) },
    splitLine: { show: side === "left", lineStyle: { color: colour.rule } },
    alignTicks: true,
    minInterval: 10 ** -axis.decimals,
  };
}

function categoryAxis(spec, colour) {
  return {
    type: "category",
    data: spec.categories,
    inverse: spec.direction === "horizontal",
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colour.strong } },
    axisLabel: { color: colour.soft, fontSize: 12, hideOverlap: true },
  };
}

function bar(series, spec, colour) {
  return {
    type: "bar",
    barMaxWidth: spec.direction === "horizontal" ? 12 : 26,
    barGap: "15%",
    barCategoryGap: "16%",
    barMinHeight: series.stack ? 0 : 1,
    stack: series.stack,
    label: {
      show: isLabelled(spec), position: "right", color: colour.soft, fontSize: 11,
      formatter: (item) => series.labels?.[item.dataIndex] ?? "",
    },
  };
}

/* Bars that carry their own amounts need no scale under them. */
function isLabelled(spec) {
  return spec.direction === "horizontal" && spec.series.some((series) => series.labels);
}

/* Lines are told apart without their colours: each has a mark of its own. */
const MARKS = ["circle", "rect", "triangle", "diamond"];

function line(series, spec) {
  const limit = series.tone === "limit";
  const lines = spec.series.filter((one) => one.kind === "line" && one.tone !== "limit");
  return {
    type: "line",
    symbol: limit ? "none" : MARKS[lines.indexOf(series) % MARKS.length],
    symbolSize: 6,
    lineStyle: { width: limit ? 1.5 : 2, type: limit ? "dashed" : "solid" },
    connectNulls: false,
    z: 3,
  };
}

function drawn(series, spec, colour) {
  const shape = series.kind === "bar" ? bar(series, spec, colour) : line(series, spec);
  const onRight = series.axis === "right" ? 1 : 0;
  const axis = spec.direction === "horizontal" ? { xAxisIndex: 0 } : { yAxisIndex: onRight };
  return { ...shape, ...axis, name: series.name, data: series.values,
    itemStyle: { color: colour[series.tone] } };
}

/* About as wide as the text will be at 12px; a Chinese character is as wide as it is high. */
function textWidth(text) {
  return [...text].reduce((width, sign) => width + (sign.charCodeAt(0) > 0x2e80 ? 12 : 6.6), 0);
}

function labelRoom(spec) {
  const labels = spec.series.flatMap((series) => series.labels ?? []);
  return Math.max(24, ...labels.map((label) => textWidth(label) + 8));
}

/* The title says what bars of one kind are. */
function hasLegend(spec) {
  return spec.series.length > 1 || spec.direction !== "horizontal";
}

/* Names beside bars leave the bars and their amounts two thirds of a narrow drawing; many have one line each. */
function shortNames(spec) {
  if (spec.direction !== "horizontal") return [];
  const overflow = spec.categories.length > 4 ? "truncate" : "break";
  return [{ query: { maxWidth: 340 }, option: { yAxis: { axisLabel: { width: 88, overflow } } } }];
}

/* The drawing begins below the lines that its legend takes at this width. */
function topUnderLegend(spec) {
  if (!hasLegend(spec)) return [{ option: { grid: { top: 4 } } }];
  const wide = spec.series.reduce((width, series) => width + 36 + textWidth(series.name), 16);
  const first = spec.direction === "horizontal" ? 28 : 58;
  return [
    { query: { maxWidth: wide / 2 }, option: { grid: { top: first + 48 } } },
    { query: { minWidth: wide / 2, maxWidth: wide }, option: { grid: { top: first + 24 } } },
    { option: { grid: { top: first } } },
  ];
}

export function chartOption(spec) {
  const colour = colours();
  const flat = spec.direction === "horizontal";
  const values = [valueAxis(spec.left, colour, "left")];
  if (spec.right) values.push(valueAxis(spec.right, colour, "right"));
  const categories = categoryAxis(spec, colour);
  return {
    animation: false,
    textStyle: { fontFamily: colour.font, color: colour.ink },
    grid: { left: 8, right: flat ? labelRoom(spec) : 8, top: flat ? 28 : 58, bottom: 4,
      outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { show: hasLegend(spec), top: 0, left: 8, itemWidth: 14, itemHeight: 8, itemGap: 16,
      textStyle: { color: colour.soft, fontSize: 12 } },
    tooltip: {
      trigger: "axis", confine: true, className: "tip", transitionDuration: 0,
      axisPointer: { type: flat ? "shadow" : "line" },
      backgroundColor: colour.surface, borderColor: colour.strong, padding: 10,
      textStyle: { color: colour.ink, fontSize: 12 },
      formatter: (items) => tip(spec, items),
    },
    xAxis: flat ? { ...values[0], name: "", show: !isLabelled(spec) } : categories,
    yAxis: flat ? categories : values,
    series: spec.series.map((series) => drawn(series, spec, colour)),
    media: [...shortNames(spec), ...topUnderLegend(spec)],
  };
}
