// What every picture of figures on a page says: by its axes, by what it draws, to the pointer, and in the table beside it.
() => {
  const words = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();
  const all = (within, selector) => [...within.querySelectorAll(selector)];
  const number = (element, name) => Number(element.getAttribute(name));
  // The names of the steps stand to the left of the picture, four below their lines.
  const isTick = (text) => text.getAttribute("text-anchor") === "end" && number(text, "x") < 60;
  const charts = all(document, "figure").map((figure) => {
    const svg = figure.querySelector("svg.chart");
    const texts = svg ? all(svg, "g[role=img] > text") : [];
    return {
      title: words(figure.querySelector("figcaption")),
      isDrawn: svg !== null,
      axis: words(texts[0]),
      ticks: texts.filter(isTick).map((text) => ({ says: words(text), y: number(text, "y") - 4 })),
      drawn: svg ? all(svg, "rect.bar, circle.dot").map((mark) => number(mark, mark.tagName === "rect" ? "y" : "cy")) : [],
      bands: svg ? all(svg, "path.band").length : 0,
      told: svg ? all(svg, ".hit title").map(words) : [],
      head: all(figure, "details th[scope=col]").map(words),
      rows: all(figure, "details tbody tr").map((row) => [...row.children].map(words)),
    };
  });
  const heights = (path) =>
    [...(path?.getAttribute("d") ?? "").matchAll(/[ML][-\d.]+ ([-\d.]+)/g)].map(([, height]) => Number(height));
  const sparks = all(document, "tr svg.spark").map((svg) => ({
    row: svg.closest("tr").querySelector("th").innerText.replace(/\s+/g, " ").trim(),
    card: words(svg.closest("section").querySelector("h2")),
    told: words(svg.querySelector("title")),
    label: svg.getAttribute("aria-label"),
    line: heights(svg.querySelector("path.line")),
  }));
  const meters = all(document, "svg.meter").map((svg) => ({
    told: words(svg.querySelector("title")),
    label: svg.getAttribute("aria-label"),
    parts: all(svg, "rect").map((part) => number(part, "width")),
    beside: words(svg.parentElement.querySelector("a")),
  }));
  return { charts, sparks, meters };
}
