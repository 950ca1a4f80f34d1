/**
 * Draws every `<figure data-chart>`. Its specifications lie inside it as
 * `<script type="application/json">`: one, or a narrow and a wide one marked
 * `data-width="narrow"` and `data-width="wide"`. Without JavaScript the table behind the
 * chart remains. Expressions are interpreted, not compiled: the content security policy
 * forbids eval.
 */

import embed, { type Result, type VisualizationSpec } from "vega-embed";
import { expressionInterpreter } from "vega-interpreter";

const WIDE = 640; // pixels of the figure from which the wide specification is drawn
const SETTLING = 150; // milliseconds after the last change of width

type Width = "narrow" | "wide";

class Chart {
  private readonly place: HTMLElement;
  private drawn: Result | null = null;
  private shown = "";

  constructor(private readonly figure: HTMLElement) {
    this.place = document.createElement("div");
    this.place.className = "chart";
    // the caption and the table say it in words; marks read one by one say nothing
    this.place.setAttribute("aria-hidden", "true");
    const caption = figure.querySelector("figcaption");
    if (caption === null) figure.append(this.place);
    else caption.before(this.place);
  }

  /** Draw, unless the same specification already stands in the same colours. */
  async draw(): Promise<void> {
    const width: Width = this.figure.clientWidth >= WIDE ? "wide" : "narrow";
    const dark = darkness.matches;
    const state = `${width} ${this.place.clientWidth} ${String(dark)}`;
    if (state === this.shown || this.figure.clientWidth === 0) return;
    this.shown = state;
    const spec = this.specification(width);
    if (spec === null) return;
    const result = await embed(this.place, spec, {
      ast: true,
      expr: expressionInterpreter,
      actions: false,
      renderer: "svg",
      tooltip: { disableDefaultStyle: true, theme: "ours" },
      config: theme(),
      defaultStyle: false,
    });
    this.drawn?.finalize();
    this.drawn = result;
    this.figure.dataset["drawn"] = width;
  }

  private specification(width: Width): VisualizationSpec | null {
    const found =
      this.figure.querySelector(`script[type="application/json"][data-width="${width}"]`) ??
      this.figure.querySelector('script[type="application/json"]');
    return found === null ? null : (JSON.parse(found.textContent ?? "null") as VisualizationSpec);
  }
}

const darkness = matchMedia("(prefers-color-scheme: dark)");

/** Ink and font of the page, so that a chart follows light and dark. */
function theme(): Record<string, unknown> {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const [ink, soft, line] = [token("ink"), token("soft"), token("line")];
  const text = { labelColor: soft, titleColor: ink, labelFont: token("font"), titleFont: token("font") };
  const series = [1, 2, 3, 4, 5].map((number) => token(`series-${String(number)}`));
  return {
    background: "transparent",
    font: token("font"),
    axis: { ...text, domainColor: line, gridColor: line, tickColor: line },
    legend: text,
    header: text,
    title: { color: ink, subtitleColor: soft, font: token("font") },
    text: { color: ink },
    rule: { color: soft },
    mark: { color: token("series-1") },
    view: { stroke: "transparent" },
    range: { category: series },
  };
}

function drawAll(charts: readonly Chart[]): void {
  for (const chart of charts) {
    chart.draw().catch((problem: unknown) => {
      // the table behind the chart says the same
      console.error("A chart could not be drawn.", problem);
    });
  }
}

const known = new WeakMap<HTMLElement, Chart>();

function chartsOnPage(): Chart[] {
  return [...document.querySelectorAll<HTMLElement>("figure[data-chart]")].map((figure) => {
    const chart = known.get(figure) ?? new Chart(figure);
    known.set(figure, chart);
    return chart;
  });
}

let settling: number | undefined;

function redraw(): void {
  clearTimeout(settling);
  settling = window.setTimeout(() => drawAll(chartsOnPage()), SETTLING);
}

drawAll(chartsOnPage());
addEventListener("resize", redraw);
darkness.addEventListener("change", redraw);
// fragments exchanged by htmx bring charts of their own
document.addEventListener("htmx:afterSettle", redraw);
// what was closed had no width; toggle does not bubble
document.addEventListener("toggle", redraw, true);
