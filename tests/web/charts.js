// What every picture of figures on a page says: by its axes, by what it draws, to the pointer, and in the table or the row beside it.
() => {
  const words = (element) => (element?.textContent ?? "").replace(/\s+/g, " ").trim();
  const all = (within, selector) => [...within.querySelectorAll(selector)];
  const number = (element, name) => Number(element.getAttribute(name));
  const charts = all(document, "figure").map((figure) => {
    const svg = figure.querySelector("svg.chart");
    const texts = svg ? all(svg, "g[role=img] > text") : [];
    return {
      title: words(figure.querySelector("figcaption")),
      isDrawn: svg !== null,
      axis: words(texts[0]),
      // The names of the steps stand four below their lines.
      ticks: texts.filter((text) => text.getAttribute("text-anchor") === "end" && number(text, "x") < 60).map((text) => ({ says: words(text), y: number(text, "y") - 4 })),
      drawn: svg ? all(svg, "rect.bar, circle.dot").map((mark) => number(mark, mark.tagName === "rect" ? "y" : "cy")) : [],
      told: svg ? all(svg, ".hit title").map(words) : [],
      head: all(figure, "details th[scope=col]").map(words),
      rows: all(figure, "details tbody tr").map((row) => [...row.children].map(words)),
    };
  });
  const sparks = all(document, "tr svg.spark").map((svg) => ({
    row: svg.closest("tr").querySelector("th").innerText.replace(/\s+/g, " ").trim(),
    card: words(svg.closest("section").querySelector("h2")),
    told: words(svg.querySelector("title")),
    label: svg.getAttribute("aria-label"),
    line: [...(svg.querySelector("path.line")?.getAttribute("d") ?? "").matchAll(/[ML][-\d.]+ ([-\d.]+)/g)].map((point) => Number(point[1])),
  }));
  const meters = all(document, "svg.meter").map((svg) => ({
    told: words(svg.querySelector("title")),
    label: svg.getAttribute("aria-label"),
    parts: all(svg, "rect").map((part) => number(part, "width")),
    beside: words(svg.parentElement.querySelector("a")),
  }));
  return { charts, sparks, meters };
}
