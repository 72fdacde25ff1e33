import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type * as LiveKit from "livekit-client";
import { expect } from "./people.ts";

const client = createRequire(import.meta.url).resolve("livekit-client");

interface Ticket {
  meeting: { id: string };
  participantKey: { key: string };
  connection: { url: string; token: string };
}

/** Several people in one page without a picture, by LiveKit's own client: less work for a machine than a browser for each. */
export class Crowd {
  readonly #page: Page;
  readonly #tickets = new Map<string, Ticket>();

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Joins a meeting that has no waiting room. */
  static async join(page: Page, code: string, names: readonly string[]): Promise<Crowd> {
    const crowd = new Crowd(page);
    for (const displayName of names) {
      const answer = await page.request.post(`/api/v1/join/${code}`, { data: { displayName } });
      expect(answer.status(), await answer.text()).toBe(200);
      crowd.#tickets.set(displayName, (await answer.json()) as Ticket);
    }
    // A text has no policy against scripts from elsewhere. Pages of nowhere don't reach a server of this machine.
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    await page.goto("/index.txt");
    await page.addScriptTag({ path: client });
    await page.evaluate(
      async (connections) => {
        const { LivekitClient } = window as unknown as { LivekitClient: typeof LiveKit };
        const rooms = new Map<string, LiveKit.Room>();
        Object.assign(window, { rooms });
        for (const { name, url, token } of connections) {
          const room = new LivekitClient.Room();
          await room.connect(url, token);
          rooms.set(name, room);
        }
      },
      [...crowd.#tickets].map(([name, { connection }]) => ({ name, ...connection })),
    );
    return crowd;
  }

  async raiseHand(name: string): Promise<void> {
    const ticket = this.#tickets.get(name);
    const answer = await this.#page.request.put(`/api/v1/meetings/${ticket?.meeting.id}/participants/me/hand`, {
      headers: { Authorization: `Bearer ${ticket?.participantKey.key}` },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  /** Lets someone be heard with a tone, and nobody else. */
  async speak(name: string): Promise<void> {
    // Without a click a page may make no sound.
    await this.#page.mouse.click(1, 1);
    await this.#page.evaluate(async (speaker) => {
      const { rooms, silence } = window as unknown as {
        rooms: Map<string, LiveKit.Room>;
        silence?: () => Promise<void>;
      };
      await silence?.();
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency: 330 });
      const stream = new MediaStreamAudioDestinationNode(context);
      tone.connect(stream);
      tone.start();
      const [track] = stream.stream.getAudioTracks();
      const person = rooms.get(speaker)?.localParticipant;
      if (!track || !person) throw new Error(`${speaker} isn't in the call`);
      await person.publishTrack(track, { source: "microphone" as LiveKit.Track.Source, dtx: false });
      Object.assign(window, {
        silence: async () => {
          await person.unpublishTrack(track);
          await context.close();
        },
      });
    }, name);
  }
}
