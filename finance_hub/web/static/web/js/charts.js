/* Draws every figure with data-chart, keeps it to its box, and swaps it for its table. */

import { chartOption } from "./chart-option.js";

function show(figure, chart, asTable) {
  const button = figure.querySelector(".twin-toggle");
  button.setAttribute("aria-pressed", String(asTable));
  figure.querySelector(".chart-box").hidden = asTable;
  figure.querySelector(".chart-table").hidden = !asTable;
  if (!asTable) chart.resize();
}

function draw(figure) {
  const spec = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const box = figure.querySelector(".chart-box");
  box.hidden = false;
  const chart = window.echarts.init(box, null, { renderer: "canvas" });
  chart.setOption(chartOption(spec));
  const button = figure.querySelector(".twin-toggle");
  button.hidden = false;
  button.addEventListener("click", () => {
    show(figure, chart, button.getAttribute("aria-pressed") !== "true");
  });
  new ResizeObserver(() => { if (!box.hidden) chart.resize(); }).observe(box);
  show(figure, chart, false);
  return chart;
}

/* Text on a canvas does not change by itself when its font arrives, so wait for the font. */
async function start() {
  const family = getComputedStyle(document.body).fontFamily;
  await Promise.race([
    document.fonts.load(`12px ${family}`, "金融0"),
    new Promise((resolve) => { setTimeout(resolve, 2000); }),
  ]);
  const charts = [...document.querySelectorAll("[data-chart]")].map(draw);
  window.addEventListener("beforeprint", () => charts.forEach((chart) => chart.resize()));
}

start();
