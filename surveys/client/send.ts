/** Sends the answers and says what became of them. */

export type Outcome =
  | { readonly kind: "received"; readonly before: boolean; readonly end?: string }
  | { readonly kind: "closed"; readonly wayBack?: string }
  | { readonly kind: "full"; readonly wayBack?: string }
  | { readonly kind: "enough"; readonly wayBack?: string }
  | { readonly kind: "invalid"; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: "refused"; readonly detail: string; readonly key?: string }
  | { readonly kind: "busy" }
  | { readonly kind: "network" }
  | { readonly kind: "paused" }
  | { readonly kind: "waiting" };

const PATIENCE = 30_000; // milliseconds before a silent server counts as out of reach

/** Post `fields` to the page's own address; never throws. */
export function send(address: string, fields: URLSearchParams): Promise<Outcome> {
  return sendTo(address, { body: fields, headers: { Accept: "application/json" } });
}

/** Post to `address` and read what became of it; never throws. */
export async function sendTo(address: string, content: RequestInit): Promise<Outcome> {
  let response: Response;
  try {
    response = await fetch(address, {
      ...content,
      method: "POST",
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return { kind: "network" };
  }
  switch (response.status) {
    case 200:
    case 201:
      return { kind: "received", before: false, end: (await textsIn(response))["end"] ?? "" };
    case 409:
      return { kind: "received", before: true };
    case 410:
      return ended(await textsIn(response));
    case 422:
      return { kind: "invalid", errors: await errorsIn(response) };
    default:
      if (response.status >= 500) return unavailable(await textsIn(response));
      return refused(await textsIn(response));
  }
}

async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

async function errorsIn(response: Response): Promise<Record<string, string>> {
  const { errors } = await bodyOf(response);
  if (typeof errors !== "object" || errors === null) return {};
  return Object.fromEntries(
    Object.entries(errors).map(([item, sentence]) => [item, String(sentence)]),
  );
}

function ended({ end, way_back: wayBack = "" }: Record<string, string>): Outcome {
  return { kind: end === "full" || end === "enough" ? end : "closed", wayBack };
}

function unavailable({ problem }: Record<string, string>): Outcome {
  return { kind: problem === "paused" ? "paused" : "busy" };
}

function refused({ detail = "", key = "" }: Record<string, string>): Outcome {
  return key === "" ? { kind: "refused", detail } : { kind: "refused", detail, key };
}

async function textsIn(response: Response): Promise<Record<string, string>> {
  const found = Object.entries(await bodyOf(response));
  return Object.fromEntries(
    found.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
