/** How many columns show `count` tiles of 16:9 largest in an area of `width` by `height` pixels. */
export function gridColumns(count: number, width: number, height: number): number {
  let best = { columns: 1, tile: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const tile = Math.min(width / columns, ((height / rows) * 16) / 9);
    if (tile > best.tile || (tile === best.tile && tile > 0)) best = { columns, tile };
  }
  return best.columns;
}

/** How many tiles of the strip beside the stage fit into its height in pixels, above the buttons for its pages. */
export function stripTiles(height: number): number {
  const [tile, gap, pages] = [124, 8, 36];
  return Math.max(1, Math.floor((height - pages + gap) / (tile + gap)));
}
