"use client";

import { Excalidraw, MainMenu } from "@excalidraw/excalidraw";
import type { ExcalidrawImperativeAPI } from "@excalidraw/excalidraw/types";
import "@excalidraw/excalidraw/index.css";
import { Text, useComputedColorScheme } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import type { Whiteboard } from "@/api/schema";
import { ErrorNotice } from "@/components/ErrorNotice";
import { useLocaleChoice } from "@/i18n/LocaleProvider";
import { useLiveMeeting } from "../live/LiveMeeting";
import { useBoardSync } from "./useBoardSync";
import { useNamedMenu } from "./useNamedMenu";
import classes from "./Whiteboard.module.css";

const languages = { en: "en", de: "de-DE" } as const;
const options = { canvasActions: { loadScene: false, saveToActiveFile: false, toggleTheme: false } } as const;

/** Excalidraw with the meeting's board. Loaded only when someone looks at it. */
export function Canvas({ board }: { board: Whiteboard }) {
  const t = useTranslations("whiteboard");
  const { canDraw } = useLiveMeeting();
  const [scene, setScene] = useState<ExcalidrawImperativeAPI>();
  const { onChange, onPointerUpdate, unsaved, error } = useBoardSync(board.id, scene);
  const container = useNamedMenu(t("menu"));
  return (
    <div ref={container} className={classes.canvas} data-own-keys>
      {error ? <ErrorNotice error={error} /> : null}
      <Excalidraw
        excalidrawAPI={setScene}
        onChange={onChange}
        onPointerUpdate={onPointerUpdate}
        isCollaborating
        viewModeEnabled={!canDraw || board.closed}
        langCode={languages[useLocaleChoice().locale]}
        theme={useComputedColorScheme("light")}
        name={board.title}
        aiEnabled={false}
        UIOptions={options}
      >
        <MainMenu>
          <MainMenu.DefaultItems.SaveAsImage />
          <MainMenu.DefaultItems.Export />
          <MainMenu.DefaultItems.SearchMenu />
          <MainMenu.DefaultItems.ClearCanvas />
          <MainMenu.DefaultItems.ChangeCanvasBackground />
          <MainMenu.DefaultItems.Help />
        </MainMenu>
      </Excalidraw>
      <Text className={classes.state ?? ""} size="xs" role="status">
        {unsaved > 0 ? t("saving") : t("saved")}
      </Text>
    </div>
  );
}
