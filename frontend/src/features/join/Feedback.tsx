"use client";

import { Button, Group, Rating, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { query } from "@/api/client";
import { ErrorNotice } from "@/components/ErrorNotice";
import type { LiveMeeting } from "../live/LiveMeeting";

/** How the call was, from one to five, with a comment if one likes. Loaded after a call. */
export function Feedback({ call }: { call: LiveMeeting["call"] }) {
  const t = useTranslations("feedback");
  const [rating, setRating] = useState(0);
  const [comment, setComment] = useState("");
  const rate = query.useMutation("post", "/api/v1/meetings/{meeting_id}/feedback");
  if (rate.isSuccess) return <Text role="status">{t("thanks")}</Text>;
  const text = comment.trim();
  return (
    <Stack gap="xs" component="section" aria-label={t("title")}>
      <Text fw={600}>{t("title")}</Text>
      <Rating
        size="xl"
        value={rating}
        aria-label={t("title")}
        getSymbolLabel={(count) => t("stars", { count })}
        onChange={setRating}
      />
      {rating > 0 && (
        <>
          {rate.error && <ErrorNotice error={rate.error} />}
          <Textarea
            label={t("comment")}
            autosize
            maxRows={5}
            maxLength={1000}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
          />
          <Group>
            <Button
              variant="default"
              loading={rate.isPending}
              onClick={() => rate.mutate({ ...call, body: text === "" ? { rating } : { rating, comment: text } })}
            >
              {t("send")}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
