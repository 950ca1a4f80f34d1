/**
 * Service worker of one survey: its pages open again without a network.
 * The network comes first; only what the page laid aside is served from the device.
 */

interface Fetching extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const LANDING = /^\/s\/[0-9a-f-]{36}\/$/;

async function answer(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
    const found = kept ?? (await formBehind(new URL(request.url)));
    if (found === undefined) throw problem;
    return found;
  }
}

/** The address in a message leads to a form, which was laid aside under its own. */
async function formBehind({ pathname, search }: URL): Promise<Response | undefined> {
  const wave = pathname.split("/")[2] ?? "";
  if (!LANDING.test(pathname)) return undefined;
  const kept = await (await caches.open(`trustsurvey ${wave}`)).keys();
  const forms = kept
    .map((one) => new URL(one.url).pathname)
    .filter((path) => path.startsWith(pathname) && path.split("/").length === 5);
  const chinese = navigator.language.startsWith("zh");
  const own = forms.find((path) => path.includes("/zh-") === chinese) ?? forms[0];
  return own === undefined ? undefined : Response.redirect(own + search);
}

addEventListener("fetch", (event) => {
  const fetching = event as Fetching;
  if (fetching.request.method === "GET") fetching.respondWith(answer(fetching.request));
});
