// Watches where the focus goes: run within a page before Tab is pressed; `window.focused()` then tells what is wrong.
() => {
  const problems = new Set();
  const reached = new Set();
  const tellsFocus = (element) => {
    const style = getComputedStyle(element);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
  };
  const named = (element) => {
    const words = element.textContent || element.getAttribute("aria-label") || element.name || element.id || "";
    return `${element.tagName.toLowerCase()} "${words.trim().replace(/\s+/g, " ").slice(0, 40)}"`;
  };
  document.addEventListener("focusin", ({ target }) => {
    reached.add(target);
    if (!tellsFocus(target)) problems.add(`nothing shows that the focus is on ${named(target)}`);
    const box = target.getBoundingClientRect();
    const onScreen = box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight;
    if (!onScreen || box.width < 2 || box.height < 2) problems.add(`the focus is out of sight on ${named(target)}`);
  });
  const canHaveFocus = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.disabled && element.tabIndex >= 0 && !element.closest("[inert]");
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")];
  const expected = all.filter(canHaveFocus);
  window.focused = () => {
    const wrong = new Set(problems);
    for (const element of expected) {
      // Of radio buttons of one name one is reached, and the arrows lead to the others.
      const group = element.type === "radio" && expected.filter((other) => other.type === "radio" && other.name === element.name && other.form === element.form);
      if (!(group || [element]).some((one) => reached.has(one))) wrong.add(`Tab does not reach ${named(element)}`);
    }
    return [...wrong];
  };
  return expected.length;
}
