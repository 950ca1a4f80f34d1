/** How far one is: questions answered, minutes left, what is still open. */

import type { Questions } from "./questions";

const SPOKEN_EVERY = 5; // answers between two announcements of progress

export class Progress {
  private readonly bar = byId<HTMLProgressElement>("bar");

  constructor(private readonly questions: Questions) {
    this.bar.hidden = false;
  }

  /** How many questions are shown; conditions bring and take some. */
  get total(): number {
    return this.questions.shown.length;
  }

  show(): void {
    const { total, done } = this;
    this.bar.max = total;
    this.bar.value = done;
    fillIn(byId("answered"), { answered: done, total });
    const left = byId("left");
    left.hidden = done === total;
    fillIn(left, { minutes: Math.max(1, Math.ceil(this.minutesOf(total - done))) });
    this.showOpen(total - done);
  }

  /**
   * Say progress aloud now and then: after every answer it would drown the questions.
   * It is said at once when questions came or went.
   */
  speak(changed: boolean): void {
    const { total, done } = this;
    if (changed || done % SPOKEN_EVERY === 0 || done === total) {
      byId("spoken").textContent = byId("answered").textContent;
    }
  }

  private get done(): number {
    return Object.keys(this.questions.shownAnswers()).length;
  }

  private minutesOf(questions: number): number {
    const all = byId("progress").dataset;
    return (Number(all["minutes"]) * questions) / Number(all["total"]);
  }

  private showOpen(count: number): void {
    const note = byId("open-questions");
    note.hidden = count === 0;
    const first = this.questions.firstOpen();
    if (first === undefined) return;
    const sentence = note.querySelector("span");
    const link = note.querySelector("a");
    if (sentence !== null) {
      sentence.textContent = filled(note.dataset["template"] ?? "", { open: count });
    }
    link?.setAttribute("href", `#${first.code}`);
  }
}

function filled(template: string, values: Readonly<Record<string, number>>): string {
  return template.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}

function fillIn(target: HTMLElement, values: Readonly<Record<string, number>>): void {
  target.textContent = filled(target.dataset["template"] ?? "", values);
}

function byId<Kind extends HTMLElement>(id: string): Kind {
  return document.getElementById(id) as Kind;
}
