import type { AnnouncementKind } from "./announcement";

/** Two notes for each kind that has a sound, in hertz. */
const notes: Partial<Record<AnnouncementKind, [number, number]>> = {
  joined: [523, 659],
  left: [659, 523],
  knocked: [784, 784],
  handRaised: [587, 880],
  message: [880, 988],
  recordingStarted: [440, 554],
  recordingStopped: [554, 440],
  recordingFailed: [554, 370],
};

/** Plays the sound of an announcement, softly. One the browser holds back is no harm. */
export async function playSound(kind: AnnouncementKind): Promise<void> {
  const pair = notes[kind];
  if (!pair) return;
  const context = new AudioContext();
  const end = new Promise<void>((resolve) => {
    pair.forEach((frequency, index) => {
      const oscillator = context.createOscillator();
      const gain = context.createGain();
      const start = context.currentTime + index * 0.12;
      oscillator.frequency.value = frequency;
      gain.gain.setValueAtTime(0.08, start);
      gain.gain.exponentialRampToValueAtTime(0.001, start + 0.2);
      oscillator.connect(gain).connect(context.destination);
      oscillator.start(start);
      oscillator.stop(start + 0.2);
      if (index === 1) oscillator.addEventListener("ended", () => resolve());
    });
    if (context.state === "suspended") resolve();
  });
  await end;
  await context.close();
}
