"use client";

import { Center, Loader, Text } from "@mantine/core";
import dynamic from "next/dynamic";
import { useTranslations } from "use-intl";
import { ErrorNotice } from "@/components/ErrorNotice";
import { setAssetPath } from "./assetPath";
import { useBoard } from "./useBoard";

const Canvas = dynamic(loadCanvas, { ssr: false, loading: () => <Loading /> });

async function loadCanvas() {
  setAssetPath();
  return (await import("./Canvas")).Canvas;
}

/** The board that everyone in the meeting draws on. */
export function Whiteboard() {
  const t = useTranslations("whiteboard");
  const { board, isNone, error } = useBoard(t("title"));
  if (board) {
    return (
      <section aria-label={t("title")} style={{ height: "100%" }}>
        <Canvas key={board.id} board={board} />
      </section>
    );
  }
  if (error) return <ErrorNotice error={error} />;
  if (isNone) {
    return (
      <Center h="100%">
        <Text>{t("none")}</Text>
      </Center>
    );
  }
  return <Loading />;
}

function Loading() {
  const t = useTranslations("whiteboard");
  return (
    <Center h="100%">
      <Loader color="gray.4" aria-label={t("loading")} />
    </Center>
  );
}
