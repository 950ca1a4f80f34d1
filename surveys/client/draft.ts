/** A draft of the answers, kept by the browser alone until the server has them. */

import type { How } from "./linking";

export interface Draft {
  /** The random key under which the answers are sent, so that a retry is one answer. */
  readonly key: string;
  readonly answers: Readonly<Record<string, string>>;
  readonly comment: string;
  /** Whether the answers were to be sent already: they are, once that is possible. */
  readonly waiting?: boolean;
  /** How the respondent wants the waves linked; the phrase itself is kept nowhere. */
  readonly linked?: How;
  /** How long answering took so far; kept only where the page tells of it. */
  readonly seconds?: number;
}

const PREFIX = "trustsurvey.draft.";
// random, and signed where the landing page of an open link made it
const KEY =
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(\.[0-9a-f]{22})?$/;

/** Drafts of one wave and one exact form; null when this browser keeps none. */
export class DraftStore {
  private readonly name: string;

  /** With `keeps` false it keeps nothing: many people answer on this device. */
  constructor(
    waveAndForm: string,
    private readonly keeps = true,
  ) {
    this.name = PREFIX + waveAndForm;
  }

  read(): Draft | null {
    if (!this.keeps) return null;
    try {
      return parse(localStorage.getItem(this.name));
    } catch {
      return null; // storage is switched off
    }
  }

  /** Whether the draft is kept; false where storage is switched off or full. */
  write(draft: Draft): boolean {
    if (!this.keeps) return false;
    try {
      localStorage.setItem(this.name, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  clear(): void {
    try {
      localStorage.removeItem(this.name);
    } catch {
      // storage is switched off: there is nothing to clear
    }
  }

  /** Call `changed` when another tab writes or clears this draft. */
  watch(changed: (draft: Draft | null) => void): void {
    addEventListener("storage", (event) => {
      if (event.key === this.name) changed(parse(event.newValue));
    });
  }
}

/** The random key in an address, if it holds one. */
export function keyIn(search: string): string | null {
  const key = new URLSearchParams(search).get("r");
  return key !== null && KEY.test(key) ? key : null;
}

/** A fresh random key (UUID version 4); works on plain http too, unlike randomUUID. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

function parse(text: string | null): Draft | null {
  if (text === null) return null;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(found) || !isRecord(found["answers"])) return null;
  const { key, answers, comment } = found;
  if (typeof key !== "string" || !KEY.test(key) || typeof comment !== "string") return null;
  if (!Object.values(answers as object).every((value) => typeof value === "string")) return null;
  return {
    key,
    answers: answers as Record<string, string>,
    comment,
    waiting: found["waiting"] === true,
    linked: found["linked"] === "device" || found["linked"] === "phrase" ? found["linked"] : "",
    seconds: typeof found["seconds"] === "number" ? found["seconds"] : 0,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
