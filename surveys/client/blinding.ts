/**
 * The arithmetic of a credential (RFC 9474), in a worker, so that the page never waits:
 * on a slow phone it takes a second.
 */

import { RSABSSA } from "@cloudflare/blindrsa-ts";

import { random, toBytes, toText } from "./bytes";

export type Task =
  | { readonly step: "blind"; readonly key: string }
  | {
      readonly step: "unblind";
      readonly key: string;
      readonly prepared: string;
      readonly signed: string;
      readonly inverse: string;
    };

export interface BlindedMessage {
  readonly prepared: string;
  readonly blinded: string;
  readonly inverse: string;
}

const TOKEN_BYTES = 32;
const suite = RSABSSA.SHA384.PSS.Randomized();

async function blind(key: CryptoKey): Promise<BlindedMessage> {
  const prepared = suite.prepare(random(TOKEN_BYTES));
  const { blindedMsg, inv } = await suite.blind(key, prepared);
  return { prepared: toText(prepared), blinded: toText(blindedMsg), inverse: toText(inv) };
}

async function perform(task: Task): Promise<BlindedMessage | string> {
  const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
  const key = await crypto.subtle.importKey("spki", toBytes(task.key), algorithm, true, [
    "verify",
  ]);
  if (task.step === "blind") return blind(key);
  const { prepared, signed, inverse } = task;
  // checks the signature too
  return toText(
    await suite.finalize(key, toBytes(prepared), toBytes(signed), toBytes(inverse)),
  );
}

addEventListener("message", (event: MessageEvent<Task>) => {
  const answer = postMessage as (message: unknown) => void;
  perform(event.data).then(
    (result) => answer({ result }),
    (problem: unknown) => answer({ problem: String(problem) }),
  );
});
