/** What the order of tiles depends on. */
export interface OrderedTile {
  id: string;
  isSpeaking: boolean;
  /** When they last spoke, in milliseconds since 1970; 0: not yet. */
  spokeAt: number;
  /** One's own tile and shared screens give way to nobody. */
  isFixed: boolean;
}

/**
 * Everybody stays where they were seen and whoever comes is last, but who speaks on a later page changes places with whoever on the
 * first one has been quiet for longest.
 */
export function tileOrder(before: readonly string[], tiles: readonly OrderedTile[], perPage: number): string[] {
  const known = new Map(tiles.map((tile) => [tile.id, tile]));
  const order = [...new Set([...before.filter((id) => known.has(id)), ...known.keys()])];
  for (const speaker of tiles.filter(({ isSpeaking, isFixed }) => isSpeaking && !isFixed)) {
    const from = order.indexOf(speaker.id);
    if (from < perPage) continue;
    const [quiet] = order
      .slice(0, perPage)
      .flatMap((id) => known.get(id) ?? [])
      .filter(({ isSpeaking, isFixed }) => !isSpeaking && !isFixed)
      .toSorted((a, b) => a.spokeAt - b.spokeAt);
    if (!quiet) continue;
    order[order.indexOf(quiet.id)] = speaker.id;
    order[from] = quiet.id;
  }
  return order;
}
