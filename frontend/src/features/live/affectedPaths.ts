import type { paths } from "@/api/schema";

const meeting = "/api/v1/meetings/{meeting_id}";
const affected: [RegExp, (keyof paths)[]][] = [
  [/^meeting\.|^participant\.(admitted|role_changed)$/, [`${meeting}/participants/me`]],
  [/^lobby\./, [`${meeting}/participants`]],
  [/^participant\.removed$/, [`${meeting}/removals`]],
  [/^recording\./, [`${meeting}/recordings`]],
  [/^whiteboard\.(created|updated|deleted)$/, [`${meeting}/whiteboards`]],
];

/** Which readings of the API an event makes old. Messages come whole, and who is in the call LiveKit tells: no reading of them. */
export function affectedPaths(event: string): (keyof paths)[] {
  if (event === "reset") return [...new Set(affected.flatMap(([, paths]) => paths))];
  return affected.filter(([names]) => names.test(event)).flatMap(([, paths]) => paths);
}
