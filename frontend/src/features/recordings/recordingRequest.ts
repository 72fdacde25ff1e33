import type { RecordingRequest } from "@/api/schema";

export type Kind = RecordingRequest["kind"];

/** What is asked for: only recordings of one person name someone. */
export function recordingRequest(kind: Kind, participantId: string): RecordingRequest {
  return kind === "participant" ? { kind, participantId } : { kind };
}

/** A size in the largest unit that it has one of, and the unit. */
export function size(bytes: number): { value: number; unit: "kilobyte" | "megabyte" | "gigabyte" } {
  if (bytes >= 1e9) return { value: bytes / 1e9, unit: "gigabyte" };
  if (bytes >= 1e6) return { value: bytes / 1e6, unit: "megabyte" };
  return { value: bytes / 1e3, unit: "kilobyte" };
}
