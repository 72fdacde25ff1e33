export type RecorderLayout = "grid" | "speaker";

/** A layout by the recorder's name for it, such as `speaker-dark`: colours are ours, and what isn't known is the grid. */
export function recorderLayout(name: string): RecorderLayout {
  return name.split("-")[0] === "speaker" ? "speaker" : "grid";
}
