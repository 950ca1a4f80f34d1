/** Sends the answers and says what became of them. */

export type Outcome =
  | { readonly kind: "received"; readonly before: boolean }
  | { readonly kind: "closed" }
  | { readonly kind: "invalid"; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: "refused"; readonly detail: string }
  | { readonly kind: "busy" }
  | { readonly kind: "network" }
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
      return { kind: "received", before: false };
    case 409:
      return { kind: "received", before: true };
    case 410:
      return { kind: "closed" };
    case 422:
      return { kind: "invalid", errors: await errorsIn(response) };
    default:
      if (response.status >= 500) return { kind: "busy" };
      return { kind: "refused", detail: await detailIn(response) };
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

async function detailIn(response: Response): Promise<string> {
  const { detail } = await bodyOf(response);
  return typeof detail === "string" ? detail : "";
}
