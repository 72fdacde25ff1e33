/** A moving picture and a tone: what is sent without asking for anybody's camera or microphone. */
export interface TestSignal {
  video: MediaStreamTrack;
  audio: MediaStreamTrack;
  stop: () => void;
}

export function testSignal(): TestSignal {
  const canvas = document.createElement("canvas");
  canvas.width = 640;
  canvas.height = 360;
  const pen = canvas.getContext("2d");
  let step = 0;
  const draw = () => {
    step += 1;
    if (!pen) return;
    pen.fillStyle = `hsl(${(step * 7) % 360} 70% 45%)`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "white";
    pen.fillRect((step * 9) % canvas.width, 120, 60, 120);
  };
  draw();
  const timer = setInterval(draw, 50);
  const context = new AudioContext();
  const tone = context.createOscillator();
  const destination = context.createMediaStreamDestination();
  tone.connect(destination);
  tone.start();
  const [video] = canvas.captureStream(20).getVideoTracks();
  const [audio] = destination.stream.getAudioTracks();
  if (!video || !audio) throw new Error("the browser makes no picture or no sound of its own");
  return {
    video,
    audio,
    stop: () => {
      clearInterval(timer);
      video.stop();
      audio.stop();
      void context.close();
    },
  };
}
