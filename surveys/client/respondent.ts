/**
 * The respondent's page with JavaScript: a draft that survives a closed tab, progress,
 * a language switch that sends nothing, and sending that may be repeated.
 * Without it the page is a plain form and loses none of its questions.
 */

import { type Draft, DraftStore, freshKey, keyIn } from "./draft";
import { Invitation } from "./invitation";
import { type Question } from "./question";
import { Questions } from "./questions";
import { type Outcome, send } from "./send";

const TYPING_PAUSE = 200; // milliseconds between the last key and the saved comment
const SPOKEN_EVERY = 5; // answers between two announcements of progress

function element<Kind extends HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found as Kind;
}

class Page {
  private readonly questions: Questions;
  private readonly store: DraftStore;
  private readonly button = element<HTMLButtonElement>("submit");
  private readonly sendLabel = this.button.textContent ?? "";
  private key = keyIn(location.search) ?? freshKey();
  private sending = false;
  private typing: number | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly invitation: Invitation | null,
  ) {
    this.questions = new Questions(form);
    const draft = form.dataset["draft"] ?? "";
    this.store = new DraftStore(invitation === null ? draft : `${draft}.${invitation.name}`);
  }

  start(): void {
    this.restore();
    this.questions.arrange(this.key);
    this.followAddress();
    element("bar").hidden = false;
    this.form.addEventListener("change", (event) => this.changed(event));
    this.form.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = window.setTimeout(() => this.save(), TYPING_PAUSE);
    });
    this.form.addEventListener("submit", (event) => this.submitted(event));
    element("forget").addEventListener("click", () => this.forget());
    addEventListener("pagehide", () => this.saveIfTyping());
    addEventListener("pageshow", (event) => {
      // back from the browser's memory: meanwhile the draft may have gone on, or been sent
      if (event.persisted) this.adopt(this.store.read());
    });
    this.store.watch((draft) => this.adopt(draft));
    this.form.addEventListener("outcome", (event) => {
      this.answered((event as CustomEvent<Outcome>).detail);
    });
    this.show();
  }

  /** Take up an earlier draft, unless the server has just sent the answers back. */
  private restore(): void {
    const draft = this.store.read();
    if (draft !== null) this.key = draft.key;
    if ("filled" in this.form.dataset) {
      this.save();
      return;
    }
    if (draft === null) return;
    this.questions.fill(draft.answers, draft.comment);
    this.showSaved(true);
  }

  /** The browser went to the place in the address before the questions were in order. */
  private followAddress(): void {
    if (location.hash.length < 2) return;
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }

  /** Another tab of this browser went on answering: follow it. */
  private adopt(draft: Draft | null): void {
    if (this.sending) return;
    if (draft !== null && draft.key !== this.key) {
      this.key = draft.key;
      this.questions.arrange(this.key);
    }
    this.questions.fill(draft?.answers ?? {}, draft?.comment ?? "");
    this.showSaved(draft === null ? null : true);
    this.show();
  }

  private changed(event: Event): void {
    this.questions.holding(event.target)?.forgive();
    const before = this.extent().total;
    this.questions.refresh();
    this.save();
    this.show();
    this.speak(this.extent().total !== before);
  }

  private draft(): Draft {
    return {
      key: this.key,
      answers: this.questions.answers(),
      comment: this.questions.commentText(),
    };
  }

  private save(): void {
    clearTimeout(this.typing);
    this.typing = undefined;
    const draft = this.draft();
    if (Object.keys(draft.answers).length === 0 && draft.comment === "") {
      this.store.clear();
      this.showSaved(null);
      return;
    }
    this.showSaved(this.store.write(draft));
  }

  private saveIfTyping(): void {
    if (this.typing !== undefined) this.save();
  }

  /** Say whether the draft is kept; null when there is none. */
  private showSaved(kept: boolean | null): void {
    element("saved").hidden = element("kept").hidden = kept !== true;
    element("unsaved").hidden = kept !== false;
  }

  private show(): void {
    const { total, minutes } = this.extent();
    const done = this.done();
    const bar = element<HTMLProgressElement>("bar");
    bar.max = total;
    bar.value = done;
    fillIn(element("answered"), { answered: done, total });
    const left = element("left");
    left.hidden = done === total;
    fillIn(left, { minutes: Math.max(1, Math.ceil((minutes * (total - done)) / total)) });
    this.showOpen(total - done);
  }

  private showOpen(count: number): void {
    const note = element("open-questions");
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

  /** How many questions are shown, and how long they take. */
  private extent(): { total: number; minutes: number } {
    const all = element("progress").dataset;
    const total = this.questions.shown.length;
    return { total, minutes: (Number(all["minutes"]) * total) / Number(all["total"]) };
  }

  private done(): number {
    return Object.keys(this.questions.shownAnswers()).length;
  }

  /**
   * Say progress aloud now and then: after every answer it would drown the questions.
   * It is said at once when questions came or went.
   */
  private speak(changed: boolean): void {
    const done = this.done();
    if (changed || done % SPOKEN_EVERY === 0 || done === this.extent().total) {
      element("spoken").textContent = element("answered").textContent;
    }
  }

  private submitted(event: SubmitEvent): void {
    const pressed = event.submitter as HTMLButtonElement | null;
    if (pressed?.name === "switch") {
      this.switchLanguage(event, pressed.value);
      return;
    }
    event.preventDefault();
    void this.sendAnswers();
  }

  /** The draft is shared by both languages, so the other page needs nothing sent. */
  private switchLanguage(event: SubmitEvent, language: string): void {
    if (language === this.form.dataset["language"]) {
      event.preventDefault(); // Enter in a question: nothing to do
      return;
    }
    const draft = this.draft();
    const empty = Object.keys(draft.answers).length === 0 && draft.comment === "";
    if (!empty && !this.store.write(draft)) return; // no storage: the server carries them
    event.preventDefault();
    location.assign(`../${language}/${this.query()}${this.placeOnPage()}`);
  }

  /** An open link carries the key of the answer; other addresses carry nothing. */
  private query(): string {
    return "mode" in this.form.dataset ? "" : `?r=${this.key}`;
  }

  /** Fragment of the question in view, so that the other language opens there. */
  private placeOnPage(): string {
    const seen = this.questions.shown.find(
      (question) => question.element.getBoundingClientRect().top > 0,
    );
    return scrollY > innerHeight && seen !== undefined ? `#${seen.code}` : "";
  }

  private async sendAnswers(): Promise<void> {
    if (this.sending) return;
    this.save();
    this.sending = true;
    element("failed").hidden = true;
    this.button.setAttribute("aria-disabled", "true");
    this.button.textContent = this.button.dataset["sending"] ?? "";
    const outcome = await this.deliver();
    this.sending = false;
    this.button.removeAttribute("aria-disabled");
    this.button.textContent = this.sendLabel;
    this.answered(outcome);
  }

  private deliver(): Promise<Outcome> {
    const answers = this.questions.shownAnswers();
    const comment = this.questions.commentText();
    const language = this.form.dataset["language"] ?? "";
    if (this.invitation !== null) return this.invitation.send({ answers, comment, language });
    const fields = new URLSearchParams({ ...answers, comment, language });
    const code = this.form.elements.namedItem("code");
    if (code instanceof HTMLInputElement) fields.set("code", code.value);
    return send(`${location.pathname}${this.query()}`, fields);
  }

  private answered(outcome: Outcome): void {
    switch (outcome.kind) {
      case "received":
        this.received(outcome.before);
        return;
      case "waiting":
        return;
      case "invalid":
        this.complain(outcome.errors);
        return;
      case "refused":
        this.fail("refused", outcome.detail);
        return;
      default:
        this.fail(outcome.kind);
    }
  }

  private received(before: boolean): void {
    this.store.clear();
    location.replace(`received/${before ? "?before=other" : ""}`);
  }

  private complain(errors: Readonly<Record<string, string>>): void {
    const elsewhere: string[] = [];
    const found: Question[] = [];
    for (const [code, sentence] of Object.entries(errors)) {
      const question = this.questions.complain(code, sentence);
      if (question === null) elsewhere.push(sentence);
      else found.push(question);
    }
    const first = found[0];
    if (first === undefined) {
      this.fail("refused", elsewhere.join(" "));
      return;
    }
    first.element.scrollIntoView({ block: "center" });
    first.focus();
  }

  private fail(reason: string, detail = ""): void {
    const box = element("failed");
    for (const line of box.querySelectorAll<HTMLElement>("[data-reason]")) {
      line.hidden = line.dataset["reason"] !== reason;
      const more = line.querySelector("span");
      if (more !== null) more.textContent = detail;
    }
    box.hidden = false;
    if (reason !== "closed") this.button.textContent = this.button.dataset["again"] ?? "";
  }

  private forget(): void {
    this.store.clear();
    this.key = freshKey();
    // whoever begins anew keeps the new order when the page is loaded again
    if (this.query() !== "") history.replaceState(null, "", this.query());
    this.questions.fill({}, "");
    this.questions.arrange(this.key);
    this.save();
    this.show();
    element("main").scrollIntoView();
    this.questions.shown[0]?.focus();
  }
}

function filled(template: string, values: Readonly<Record<string, number>>): string {
  return template.replace(/\{(\w+)\}/g, (gap, name: string) => String(values[name] ?? gap));
}

function fillIn(target: HTMLElement, values: Readonly<Record<string, number>>): void {
  target.textContent = filled(target.dataset["template"] ?? "", values);
}

const form = element<HTMLFormElement>("answers");
const invitation = await Invitation.find(form);
new Page(form, invitation).start();
invitation?.start();
