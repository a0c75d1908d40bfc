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

addEventListener("load", mend);
addEventListener("resize", mend);
document.fonts.ready.then(mend);
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
mend();
