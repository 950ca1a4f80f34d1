/** From the code in the link to a right to answer that nobody can trace to it. */

import type { BlindedMessage, Task } from "./blinding";
import { sha256, toHex } from "./bytes";
import type { Blinded, Credential, Invited, Vault } from "./vault";
import { words } from "./words";

export type Reason = "network" | "unknown" | "closed" | "too_often" | "keys" | "insecure" | "paused";

/** The right to answer was not obtained; for "network" and "paused" ask again later. */
export class Refused extends Error {
  constructor(readonly reason: Reason) {
    super(reason);
  }
}

const CODE = /^#([A-Za-z0-9_-]{22})$/;
const PATIENCE = 30_000; // milliseconds before a silent server counts as out of reach
const REASONS: Readonly<Record<number, Reason>> = {
  404: "unknown",
  409: "too_often",
  410: "closed",
  422: "keys",
};

/** Take the code out of the address, so that neither history nor a glance shows it. */
export function takeCode(): string | null {
  const code = CODE.exec(location.hash)?.[1] ?? null;
  if (code !== null) history.replaceState(null, "", location.pathname);
  return code;
}

export async function invited(wave: string, code: string): Promise<Invited> {
  const id = `${wave}.${toHex(await sha256(code))}`;
  return { step: "invited", id, wave, code };
}

/**
 * Go on from where this browser stands until it holds a credential.
 *
 * @param place - URL of the worker's script, and the words shown to everybody
 */
export async function obtain(
  vault: Vault,
  held: Invited | Blinded,
  place: { readonly worker: string; readonly fingerprint: string },
): Promise<Credential> {
  await turn();
  const worker = new Worker(place.worker, { type: "module" });
  try {
    const asked = held.step === "blinded" ? held : await blind(held, worker, place.fingerprint);
    await vault.write(asked);
    const { id, wave, cell, prepared, again } = asked;
    const signed = await ask(wave, "sign", { code: asked.code, blinded: asked.blinded });
    const signature = (await perform(worker, {
      step: "unblind",
      key: asked.key,
      prepared,
      signed: signed["signature"] ?? "",
      inverse: asked.inverse,
    })) as string;
    const credential: Credential = { step: "held", id, wave, cell, prepared, signature, again };
    await vault.write(credential);
    return credential;
  } finally {
    worker.terminate();
  }
}

async function blind(held: Invited, worker: Worker, fingerprint: string): Promise<Blinded> {
  const { cell, opened } = await ask(held.wave, "cell", { code: held.code });
  const key = await keyOf(held.wave, cell ?? "", fingerprint);
  const message = (await perform(worker, { step: "blind", key })) as BlindedMessage;
  const again = opened === "before";
  return { ...held, step: "blinded", cell: cell ?? "", key, again, ...message };
}

/** The cell's key from the public list, which must be the list that everybody sees. */
async function keyOf(wave: string, cell: string, fingerprint: string): Promise<string> {
  const response = await reach(`/s/${wave}/manifest.json`, { cache: "no-cache" });
  const text = await response.text();
  if (!response.ok || words(await sha256(text)) !== fingerprint) throw new Refused("keys");
  const { cells } = JSON.parse(text) as { cells: readonly { id: string; key?: string }[] };
  const key = cells.find((entry) => entry.id === cell)?.key;
  if (key === undefined) throw new Refused("keys");
  return key;
}

async function ask(
  wave: string,
  what: "cell" | "sign",
  content: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const response = await reach(`/i/${wave}/${what}`, {
    method: "POST",
    body: JSON.stringify(content),
    cache: "no-store",
  });
  if (!response.ok) throw new Refused(await reasonOf(response));
  return (await response.json()) as Record<string, string>;
}

async function reasonOf(response: Response): Promise<Reason> {
  if (response.status !== 503) return REASONS[response.status] ?? "network";
  const said = (await response.json().catch(() => null)) as { problem?: string } | null;
  return said?.problem === "paused" ? "paused" : "network";
}

async function reach(address: string, more: RequestInit): Promise<Response> {
  try {
    return await fetch(address, {
      ...more,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Refused("network");
  }
}

/** Let the page breathe: what comes next is a task of its own. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Let the worker do one task; a signature that does not verify is a refusal.
 *
 * It leaves a measure "blinding": tests hold that the page is never held up meanwhile.
 */
async function perform(worker: Worker, task: Task): Promise<BlindedMessage | string> {
  await turn();
  const start = performance.now();
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<{ result?: BlindedMessage | string }>) => {
      performance.measure("blinding", { start });
      if (event.data.result !== undefined) resolve(event.data.result);
      else reject(new Refused("keys"));
    };
    worker.onerror = () => reject(new Refused("network"));
    worker.postMessage(task);
  });
}
