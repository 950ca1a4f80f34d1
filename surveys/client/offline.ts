/**
 * Service worker of one anonymous survey: its pages open again without a network.
 * The network comes first; only what the page laid aside is served from the device.
 */

interface Fetching extends Event {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

async function answer(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await caches.match(request, { ignoreSearch: true, ignoreVary: true });
    if (kept === undefined) throw problem;
    return kept;
  }
}

addEventListener("fetch", (event) => {
  const fetching = event as Fetching;
  if (fetching.request.method === "GET") fetching.respondWith(answer(fetching.request));
});
