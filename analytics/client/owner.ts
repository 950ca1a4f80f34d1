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
