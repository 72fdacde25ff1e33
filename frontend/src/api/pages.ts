import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";

/** A page of a list, as the API gives it. */
export interface Page<Item> {
  items: Item[];
  nextCursor?: string | null;
}

/** A list of the query cache that is read page by page. */
export type Pages<Item> = UseInfiniteQueryResult<InfiniteData<Page<Item>>>;

/** For `useInfiniteQuery`. The form for this that comes with the typed calls sends a first cursor, which the API rightly refuses. */
export const pageByPage = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: Page<unknown>) => page.nextCursor ?? undefined,
};

/** The query of the page that begins at CURSOR: none for the first one. */
export const pageAt = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });
