import { api, contentOf } from "@/api/client";
import type { WhiteboardElement } from "@/api/schema";
import type { LiveMeeting } from "../live/LiveMeeting";

const path = "/api/v1/meetings/{meeting_id}/whiteboards/{whiteboard_id}";

/** What the API does with one board's elements and pictures. */
export function boardCalls({ params, headers }: LiveMeeting["call"], boardId: string) {
  const board = { ...params.path, whiteboard_id: boardId };
  const picture = (fileId: string) => ({ headers, params: { path: { ...board, file_id: fileId } } });
  return {
    // Only what was drawn is needed at first, and what was deleted afterwards.
    read: async (since: number) =>
      contentOf(
        await api.GET(`${path}/elements`, {
          headers,
          params: { path: board, query: { since, deleted: since > 0 ? "include" : "exclude" } },
        }),
      ),
    save: async (elements: WhiteboardElement[]) =>
      contentOf(await api.POST(`${path}/elements`, { headers, params: { path: board }, body: { elements } })),
    putPicture: async (fileId: string, dataURL: string) => {
      await api.PUT(`${path}/pictures/{file_id}`, { ...picture(fileId), body: { dataURL } });
    },
    getPicture: async (fileId: string): Promise<Blob> =>
      contentOf(await api.GET(`${path}/pictures/{file_id}/content`, { ...picture(fileId), parseAs: "blob" })),
  };
}

export type BoardCalls = ReturnType<typeof boardCalls>;
