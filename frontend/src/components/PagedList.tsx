"use client";

import { Button, Center, Group, Loader, SimpleGrid, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import type { Pages } from "@/api/pages";
import { ErrorNotice } from "./ErrorNotice";

export interface PagedListProps<Item> {
  pages: Pages<Item>;
  texts: { loading: string; more: string };
  children: (items: Item[]) => ReactNode;
}

/** What is read page by page: on its way, failed, or there, with a button for more. */
export function PagedList<Item>({ pages, texts, children }: PagedListProps<Item>) {
  if (pages.isPending) {
    return (
      <Center py="xl">
        <Loader aria-label={texts.loading} />
      </Center>
    );
  }
  if (pages.error) return <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />;
  return (
    <Stack>
      {children(pages.data.pages.flatMap((page) => page.items))}
      {pages.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {texts.more}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** Cards side by side, as a list. */
export function CardGrid<Item extends { id: string }>({
  items,
  children,
}: {
  items: Item[];
  children: (item: Item) => ReactNode;
}) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} component="ul" p={0} m={0} style={{ listStyle: "none" }}>
      {items.map((item) => (
        <li key={item.id}>{children(item)}</li>
      ))}
    </SimpleGrid>
  );
}
