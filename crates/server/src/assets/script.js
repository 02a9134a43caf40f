// The little that pages do by script. Without it everything works.
"use strict";

// "/" goes to the search, as people know it from elsewhere.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.getElementById("search");
  if (search) {
    event.preventDefault();
    search.focus();
  }
});

// A choice in a form that says so is made at once.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// Empty fields stay out of the address.
for (const form of document.querySelectorAll("form[method=get]")) {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData.entries()]) {
      if (value === "") event.formData.delete(name);
    }
  });
}

// On a small screen the menu is scrolled to where one is.
document.querySelector("header.top [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// Wide charts show their newest end.
for (const box of document.querySelectorAll("figure .scroll")) box.scrollLeft = box.scrollWidth;

// A text opens at the line that its page is about.
for (const area of document.querySelectorAll("textarea[data-line]")) {
  const lines = area.value.split("\n");
  const line = Math.min(Number(area.dataset.line), lines.length) - 1;
  const start = lines.slice(0, line).reduce((sum, before) => sum + before.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + lines[line].length);
  area.scrollTop = (area.scrollHeight * Math.max(line - 3, 0)) / lines.length;
}

// Nothing is sent twice by an impatient click, but for what is answered by a file: the page stays then.
for (const form of document.querySelectorAll("form[method=post]:not([data-again])")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
