/** Tries again later, ever more patiently, and never all browsers of a company at once. */

const FIRST_PAUSE = 2_000; // milliseconds before the second attempt, doubled after each
const LONGEST_PAUSE = 60_000;
/** Milliseconds between two questions whether a paused wave goes on. */
export const UNTIL_IT_GOES_ON = 600_000;

export class Retry {
  private pause = FIRST_PAUSE;
  private timer: number | undefined;

  constructor(private readonly work: () => void) {}

  /** @param least - milliseconds that the pause has on average at least */
  later(least = 0): void {
    this.stop();
    const pause = Math.max(least, this.pause);
    this.timer = window.setTimeout(this.work, pause * (0.5 + Math.random()));
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

/** After the page is there and drawn, which is not to wait for anything else. */
export function whenIdle(work: () => void): void {
  const idle = (): void => {
    // older Safari knows no idle time
    if ("requestIdleCallback" in window) requestIdleCallback(work, { timeout: 2_000 });
    else setTimeout(work, 200);
  };
  if (document.readyState === "complete") idle();
  else addEventListener("load", idle, { once: true });
}
