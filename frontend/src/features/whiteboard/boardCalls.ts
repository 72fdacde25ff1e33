import { api } from "@/api/client";
import type { WhiteboardElement } from "@/api/schema";
import type { LiveMeeting } from "../live/LiveMeeting";

const path = "/api/v1/meetings/{meeting_id}/whiteboards/{whiteboard_id}";

/** What the API does with one board's elements and pictures. */
export function boardCalls({ params, headers }: LiveMeeting["call"], boardId: string) {
  const board = { ...params.path, whiteboard_id: boardId };
  const picture = (fileId: string) => ({ headers, params: { path: { ...board, file_id: fileId } } });
  return {
    read: async (since: number) => {
      // Only what was drawn is needed at first, and what was deleted afterwards.
      const { data } = await api.GET(`${path}/elements`, {
        headers,
        params: { path: board, query: { since, deleted: since > 0 ? "include" : "exclude" } },
      });
      return some(data);
    },
    save: async (elements: WhiteboardElement[]) => {
      const { data } = await api.POST(`${path}/elements`, { headers, params: { path: board }, body: { elements } });
      return some(data);
    },
    putPicture: async (fileId: string, dataURL: string) => {
      await api.PUT(`${path}/pictures/{file_id}`, { ...picture(fileId), body: { dataURL } });
    },
    getPicture: async (fileId: string): Promise<Blob> => {
      const { data } = await api.GET(`${path}/pictures/{file_id}/content`, { ...picture(fileId), parseAs: "blob" });
      return some(data);
    },
  };
}

export type BoardCalls = ReturnType<typeof boardCalls>;

/** Whatever is no success was thrown. */
function some<T>(data: T | undefined): T {
  if (data === undefined) throw new Error("an answer without content");
  return data;
}
