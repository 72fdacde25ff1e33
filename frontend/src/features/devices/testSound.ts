/** Three notes, one after the other, on the speaker named (empty: the default one). Resolves when they are over. */
export async function playTestSound(speakerId: string): Promise<void> {
  const context = new AudioContext();
  try {
    if (speakerId !== "" && "setSinkId" in context && typeof context.setSinkId === "function") {
      await context.setSinkId(speakerId);
    }
    const notes = [523.25, 659.25, 783.99];
    const length = 0.35;
    const ended = notes.map((frequency, index) => playNote(context, frequency, index * length, length));
    await Promise.all(ended);
  } finally {
    await context.close();
  }
}

function playNote(context: AudioContext, frequency: number, delay: number, length: number): Promise<void> {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  const start = context.currentTime + delay;
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(0.2, start + 0.03);
  gain.gain.linearRampToValueAtTime(0, start + length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + length);
  return new Promise((resolve) => {
    oscillator.addEventListener("ended", () => resolve());
  });
}
