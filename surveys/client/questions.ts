/** The questions on the page: read, fill, order, show and hide, count. */

import { arrange, arrangeBlocks, drawn } from "./order";
import { Question } from "./question";

export class Questions {
  /** In the order of the page, those hidden too. */
  private asked: readonly Question[];
  private readonly formOrder: readonly Question[];
  private readonly blocks: readonly HTMLElement[];
  private readonly comment: HTMLTextAreaElement | null;
  /** What each turn leaves out, where every respondent draws one. */
  private readonly turns: readonly (readonly string[])[];
  private turn = 0;

  constructor(form: HTMLFormElement) {
    const cards = [...form.querySelectorAll<HTMLElement>(".item[id]")];
    this.formOrder = this.asked = cards.map((card) => new Question(card));
    this.blocks = [...form.querySelectorAll<HTMLElement>("[data-block]")];
    this.comment = form.querySelector<HTMLTextAreaElement>("textarea[name=comment]");
    this.turns = JSON.parse(form.dataset["turns"] ?? "[]") as string[][];
  }

  /** Put the questions in the order, and take the turn, that belong to `key`. */
  arrange(key: string): void {
    const back = document.activeElement;
    this.turn = drawn(this.turns.length, key);
    const away = new Set(this.turns[this.turn]);
    for (const question of this.formOrder) question.away = away.has(question.code);
    arrangeBlocks(this.blocks, key);
    arrange(
      this.formOrder.map((question) => question.element),
      key,
    );
    // what moves in the page loses the focus
    if (back instanceof HTMLElement && back !== document.activeElement) {
      back.focus({ preventScroll: true });
    }
    this.asked = [...this.formOrder].sort((one, other) =>
      one.element.compareDocumentPosition(other.element) & Node.DOCUMENT_POSITION_FOLLOWING
        ? -1
        : 1,
    );
    this.refresh();
  }

  get shown(): readonly Question[] {
    return this.asked.filter((question) => question.shown);
  }

  /** Every answer on the page, also of questions that are hidden now. */
  answers(): Record<string, string> {
    return answersOf(this.asked);
  }

  /** The answers to questions that are shown: what is counted. */
  shownAnswers(): Record<string, string> {
    return answersOf(this.shown);
  }

  /** What is sent: the same, and the turn that was drawn. */
  sentAnswers(): Record<string, string> {
    const found = this.shownAnswers();
    return this.turns.length > 0 ? { ...found, turn: String(this.turn) } : found;
  }

  commentText(): string {
    return this.comment?.value ?? "";
  }

  /** Show exactly these answers; values that the page does not offer are passed over. */
  fill(answers: Readonly<Record<string, string>>, comment: string): void {
    for (const question of this.asked) question.fill(answers[question.code]);
    if (this.comment !== null && this.comment.value !== comment) this.comment.value = comment;
    this.refresh();
  }

  firstOpen(): Question | undefined {
    return this.shown.find((question) => question.answer() === null);
  }

  /** The question that `target` belongs to. */
  holding(target: EventTarget | null): Question | undefined {
    return this.asked.find((question) => question.element.contains(target as Node | null));
  }

  /** Show the sentence about a wrong answer in its card; null for an unknown item. */
  complain(code: string, sentence: string): Question | null {
    const question = this.shown.find((candidate) => candidate.code === code);
    question?.complain(sentence);
    return question ?? null;
  }

  /** Show what the answers ask for, number it, offer clearing. */
  refresh(): void {
    const given = new Map<string, string>();
    // conditions look back in the order of the form
    for (const question of this.formOrder) {
      question.decide(given);
      const answer = question.answer();
      if (question.shown && answer !== null) given.set(question.code, answer);
    }
    this.keepFocus();
    this.shown.forEach((question, index) => question.number(index + 1));
    for (const question of this.asked) question.refresh();
  }

  /** When the question with the focus was hidden, go on from the one before it. */
  private keepFocus(): void {
    const left = this.asked.findIndex(
      (question) => !question.shown && question.element.contains(document.activeElement),
    );
    if (left < 0) return;
    const before = this.asked.slice(0, left).filter((question) => question.shown);
    before[before.length - 1]?.focus();
  }
}

function answersOf(questions: readonly Question[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const question of questions) {
    const answer = question.answer();
    if (answer !== null) found[question.code] = answer;
  }
  return found;
}
