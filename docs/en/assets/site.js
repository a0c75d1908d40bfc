/* What the theme leaves out for a keyboard and a screen reader. */

function mend() {
  // What scrolls sideways can be reached with the Tab key, and only that.
  for (const box of document.querySelectorAll("figure.drawn, div.arithmatex, pre.printed")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
  // The theme puts each copy button into a navigation landmark: a page would have dozens.
  for (const nav of document.querySelectorAll("nav.md-code__nav")) nav.setAttribute("role", "none");
}

// The table of papers is sorted by any of its columns: first rising, then falling.
for (const heading of document.querySelectorAll(".sortable th")) {
  const button = document.createElement("button");
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", () => {
    const headings = [...heading.parentNode.children];
    const order = heading.ariaSort === "ascending" ? "descending" : "ascending";
    for (const other of headings) other.ariaSort = other === heading ? order : null;
    const body = heading.closest("table").tBodies[0];
    const text = (row) => row.cells[headings.indexOf(heading)].textContent;
    const rising = (a, b) => text(a).localeCompare(text(b), document.documentElement.lang, { numeric: true });
    body.append(...[...body.rows].sort((a, b) => (order === "ascending" ? rising(a, b) : rising(b, a))));
  });
}

addEventListener("load", mend);
addEventListener("resize", mend);
document.fonts.ready.then(mend);
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
mend();
