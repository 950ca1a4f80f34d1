/** Answers under a credential: sealed once, sent until the server has them. */

import { toText } from "./bytes";
import { type Outcome, sendTo } from "./send";
import type { Credential, Sealed } from "./vault";

const STEP = 4096; // bytes; what is sent tells little of how much was written

export interface Sheet {
  readonly answers: Readonly<Record<string, string>>;
  readonly comment: string;
  readonly language: string;
  /** Empty unless the respondent lets the waves be linked. */
  readonly pseudonym: string;
}

export function seal(credential: Credential, sheet: Sheet): Sealed {
  const plain = new TextEncoder().encode(JSON.stringify(sheet));
  const body = new Uint8Array(Math.ceil(plain.length / STEP) * STEP).fill(0x20);
  body.set(plain);
  const { cell, prepared, signature } = credential;
  const request = JSON.stringify({ cell, prepared, signature, body: toText(body) });
  return { ...credential, step: "sealed", request };
}

/** Never throws; sending the same again is no second answer. */
export function deliver(wave: string, request: string): Promise<Outcome> {
  return sendTo(`/s/${wave}/sealed/`, {
    body: request,
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    referrerPolicy: "no-referrer",
  });
}
