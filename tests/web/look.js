// What a person would see at a glance: run within a page, it returns a list of what is wrong with how it lies there.
() => {
  const problems = [];
  const SLACK = 1.5;
  const root = document.documentElement;

  const named = (element) => {
    const words = (element.textContent || element.getAttribute("aria-label") || "").trim().replace(/\s+/g, " ");
    const kind = element.tagName.toLowerCase() + (element.className.baseVal ?? element.className ? "." + String(element.className.baseVal ?? element.className).split(" ")[0] : "");
    return `${kind} "${words.slice(0, 50)}"`;
  };
  // Where nobody sees it there is nothing to see wrong: hidden, collapsed, or for screen readers alone.
  const isShown = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
    !element.closest(".visually-hidden, .skip");

  // What is left of a box within everything that clips it; and whether some of it is cut where nobody can scroll to it.
  const seen = (box, element) => {
    let { left, top, right, bottom } = box;
    let cut = false;
    for (let outer = element; outer && outer !== root; outer = outer.parentElement) {
      const style = getComputedStyle(outer);
      if (style.position === "fixed") break;
      if (outer === element && style.display === "inline") continue;
      const [x, y] = [style.overflowX, style.overflowY];
      if (x === "visible" && y === "visible") continue;
      const frame = outer.getBoundingClientRect();
      if (x !== "visible") {
        if ((x === "hidden" || x === "clip") && (left < frame.left - SLACK || right > frame.right + SLACK)) cut = true;
        left = Math.max(left, frame.left);
        right = Math.min(right, frame.right);
      }
      if (y !== "visible") {
        if ((y === "hidden" || y === "clip") && (top < frame.top - SLACK || bottom > frame.bottom + SLACK)) cut = true;
        top = Math.max(top, frame.top);
        bottom = Math.min(bottom, frame.bottom);
      }
    }
    return { left, top, right, bottom, cut, empty: right - left < 1 || bottom - top < 1 };
  };

  // Every line of text, and every control, with what it belongs to.
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || ["SCRIPT", "STYLE", "TITLE", "OPTION"].includes(element.tagName.toUpperCase())) continue;
    if (!isShown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) if (rect.width >= 1 && rect.height >= 1) boxes.push({ element, rect });
  }
  for (const element of document.querySelectorAll("input:not([type=hidden]), select, textarea, button, .button")) {
    if (isShown(element)) boxes.push({ element, rect: element.getBoundingClientRect(), control: true });
  }

  if (root.scrollWidth > innerWidth + 1) {
    const all = [...document.body.querySelectorAll("*")].filter(isShown);
    const wide = all.filter((element) => seen(element.getBoundingClientRect(), element).right > innerWidth + 1);
    problems.push(`the page is ${root.scrollWidth} wide on a screen of ${innerWidth}: ${wide.slice(-4).map(named).join(", ")}`);
  }

  const visible = [];
  const told = new Set();
  for (const box of boxes) {
    const part = seen(box.rect, box.element);
    if (part.cut && !told.has(box.element)) {
      told.add(box.element);
      problems.push(`cut: ${named(box.element)}`);
    }
    if (!part.empty) visible.push({ ...box, part });
  }

  // Text in a control that is narrower than what it says.
  for (const element of document.querySelectorAll("button, .button, select, .badge, th, td, h1, h2, h3, nav a, label")) {
    if (!isShown(element)) continue;
    const style = getComputedStyle(element);
    if (style.overflowX === "auto" || style.overflowX === "scroll" || style.display === "inline") continue;
    if (element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 2) {
      problems.push(`wider than its place: ${named(element)} (${element.scrollWidth} in ${element.clientWidth})`);
    }
  }

  // Where there is room nothing has to be scrolled sideways but code and what is edited; and short words stand in one piece everywhere.
  if (innerWidth >= 1000) {
    for (const element of document.body.querySelectorAll("*")) {
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(element).overflowX) && !element.closest("pre, textarea");
      if (scrolls && isShown(element) && element.scrollWidth > element.clientWidth + 2) {
        problems.push(`has to be scrolled sideways: ${named(element)} (${element.scrollWidth} in ${element.clientWidth})`);
      }
    }
  }
  for (const { element, rect, control } of boxes) {
    const isWord = !control && element.matches(".badge, button, .button, th, td, nav a") && /^\s*\S{1,20}\s*$/.test(element.textContent);
    const size = parseFloat(getComputedStyle(element).fontSize);
    const lines = isWord && boxes.filter((box) => box.element === element && !box.control && Math.abs(box.rect.top - rect.top) > size / 2);
    if (lines.length) problems.push(`broken in the middle: ${named(element)}`);
  }

  // No two lie over each other, but for what belongs together.
  visible.sort((a, b) => a.part.top - b.part.top);
  for (let i = 0; i < visible.length; i++) {
    for (let j = i + 1; j < visible.length && visible[j].part.top < visible[i].part.bottom; j++) {
      const [a, b] = [visible[i], visible[j]];
      if (a.element === b.element || a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const wide = Math.min(a.part.right, b.part.right) - Math.max(a.part.left, b.part.left);
      const high = Math.min(a.part.bottom, b.part.bottom) - Math.max(a.part.top, b.part.top);
      if (wide <= 2 || high <= 3) continue;
      const size = (box) => (box.part.right - box.part.left) * (box.part.bottom - box.part.top);
      if ((wide * high) / Math.min(size(a), size(b)) > 0.15) problems.push(`${named(a.element)} lies over ${named(b.element)}`);
    }
  }
  return [...new Set(problems)];
}
