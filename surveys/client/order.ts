/** An order of one's own: random for every key, the same for one key on every page. */

/**
 * Move the elements of every `data-shuffle` group among their own places.
 *
 * `items` are in form order, however they stand on the page now.
 */
export function arrange(items: readonly HTMLElement[], key: string): void {
  const groups = new Map<string, HTMLElement[]>();
  for (const item of items) {
    const name = item.dataset["shuffle"];
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), item]);
  }
  for (const [name, members] of groups) exchange(members, `${key}.${name}`);
}

/** Put the blocks about several referents in an order of one's own. */
export function arrangeBlocks(blocks: readonly HTMLElement[], key: string): void {
  exchange(blocks, `${key}.blocks`);
}

/** The turn of `turns` that belongs to `key`; every one is as likely. */
export function drawn(turns: number, key: string): number {
  return Math.floor(generator(`${key}.turn`)() * turns);
}

/** Move elements among their own places; `members` are always in the same order. */
function exchange(members: readonly HTMLElement[], seed: string): void {
  const places = members.map((member) => {
    const place = document.createComment("");
    member.replaceWith(place);
    return place;
  });
  places.sort((one, other) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  );
  const shuffled = permuted(members, seed);
  places.forEach((place, index) => place.replaceWith(shuffled[index] ?? place));
}

/** A random order of `members` that depends on `seed` alone (Fisher and Yates). */
function permuted<Member>(members: readonly Member[], seed: string): Member[] {
  const found = [...members];
  const random = generator(seed);
  for (let last = found.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [found[last], found[other]] = [found[other] as Member, found[last] as Member];
  }
  return found;
}

/** Uniform numbers in [0, 1): mulberry32, begun from the FNV-1a hash of `seed`. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const character of seed) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
