import { ParticipantEvent, type LocalParticipant } from "livekit-client";

export type Device = "camera" | "microphone";

/** Turns one's own camera or microphone on or off in a call. One that fails is told by the room's own help. */
export async function setDevice(participant: LocalParticipant, device: Device, isOn: boolean): Promise<void> {
  try {
    await (device === "camera" ? participant.setCameraEnabled(isOn) : participant.setMicrophoneEnabled(isOn));
  } catch (error) {
    tellFailure(participant, device, error);
  }
}

/** LiveKit tells of devices that fail the first time; of those that fail later it only throws. */
export function tellFailure(participant: LocalParticipant, device: Device, error: unknown): void {
  if (!(error instanceof Error)) return;
  participant.emit(ParticipantEvent.MediaDevicesError, error, device === "camera" ? "videoinput" : "audioinput");
}
