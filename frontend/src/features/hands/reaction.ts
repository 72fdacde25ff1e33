/** What people can react with. */
export const reactions = ["👍", "👏", "❤️", "😂", "😮", "🎉"] as const;
export type Reaction = (typeof reactions)[number];

/** What the texts call them. */
export const reactionNames = {
  "👍": "thumbsUp",
  "👏": "applause",
  "❤️": "heart",
  "😂": "laughter",
  "😮": "surprise",
  "🎉": "celebration",
} as const satisfies Record<Reaction, string>;

/** The topic of the data, as docs/realtime.md has it. */
export const topic = "reaction";

const longest = 32;

export function encodeReaction(reaction: Reaction): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify({ reaction }));
}

/** The emoji in what someone sent. Anybody can send anything: whatever isn't exactly one emoji is none. */
export function decodeReaction(payload: Uint8Array): string | undefined {
  if (payload.length > 200) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload));
    if (typeof value !== "object" || value === null || !("reaction" in value)) return undefined;
    return isEmoji(value.reaction) ? value.reaction : undefined;
  } catch {
    return undefined;
  }
}

function isEmoji(text: unknown): text is string {
  if (typeof text !== "string" || new TextEncoder().encode(text).length > longest) return false;
  const isOne = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].length === 1;
  return isOne && /^(\p{Extended_Pictographic}|\p{Regional_Indicator}{2}$)/u.test(text);
}
