/** Lays the pages of one survey aside, so that they open again without a network. */

const WORKER = "/s/offline.js";

/**
 * Never throws: where a browser keeps nothing, the page works as long as it is open.
 *
 * @param query - what an open link needs in its address; the kept page is found without
 */
export async function layAside(
  wave: string,
  languages: readonly string[],
  query = "",
): Promise<void> {
  try {
    const root = `/s/${wave}/`;
    await navigator.serviceWorker.register(WORKER, { scope: root });
    const files = [...document.querySelectorAll<HTMLElement>("script[src], link[rel=stylesheet]")];
    const addresses = [
      ...files.map((file) => file.getAttribute("src") ?? file.getAttribute("href") ?? ""),
      ...languages.flatMap((one) => [`${root}${one}/${query}`, `${root}${one}/received/`]),
    ];
    const kept = await caches.open(`trustsurvey ${wave}`);
    await kept.addAll(addresses);
    // one copy: an open link has another key at every visit
    const now = new Set(addresses.map((address) => new URL(address, location.href).href));
    for (const one of await kept.keys()) if (!now.has(one.url)) await kept.delete(one);
    document.documentElement.dataset["aside"] = "";
  } catch {
    // private windows and plain http keep nothing
  }
}
