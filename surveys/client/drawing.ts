/**
 * The page lays out the questions in sight first, so that it answers soon; the others
 * follow while nobody waits. Until then they have no names for a screen reader.
 */

import { whenIdle } from "./retry";

const AT_ONCE = 4; // cards between two moments in which a finger is listened to

/** Lay out every card, from the top, while nobody waits. */
export function drawAll(form: HTMLFormElement): void {
  const cards = cardsOf(form);
  whenIdle(() => draw(cards));
}

/** Lay out every card at once, where a place further down is asked for. */
export function drawNow(form: HTMLFormElement): void {
  for (const card of cardsOf(form)) card.dataset["drawn"] = "";
}

function cardsOf(form: HTMLFormElement): readonly HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>(".item:not([data-drawn])")];
}

function draw(cards: readonly HTMLElement[]): void {
  for (const card of cards.slice(0, AT_ONCE)) card.dataset["drawn"] = "";
  if (cards.length > AT_ONCE) whenIdle(() => draw(cards.slice(AT_ONCE)));
}
