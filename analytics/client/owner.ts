/** The owner's pages: fragments by htmx, under a policy without inline script or style. */

import htmx from "htmx.org";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.allowScriptTags = false;
htmx.config.selfRequestsOnly = true;

window.htmx = htmx;

/** Shows the buttons that copy an address, where the browser lets a page do so. */
function offerCopies(part: Element): void {
  if (!("clipboard" in navigator)) return; // a page without https has none
  for (const button of part.querySelectorAll<HTMLElement>("button[data-copy]")) {
    const line = button.parentElement;
    const field = document.getElementById(button.dataset.copy ?? "");
    const status = line?.querySelector<HTMLElement>("[data-said]");
    if (!line || !status || !(field instanceof HTMLInputElement)) continue;
    line.hidden = false;
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(field.value).then(
        () => (status.textContent = status.dataset.said ?? ""),
        () => field.select(), // refused: at least it is marked
      );
    });
  }
}

htmx.onLoad((part) => offerCopies(part as Element));
