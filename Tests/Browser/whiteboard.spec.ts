import { drawRectangle, openBoard } from "./board.ts";
import { account, expect, knock, makeMeeting, test } from "./people.ts";
import { leave } from "./room.ts";

test("the keys of the whiteboard's tools don't switch the camera or open panels", async ({ people }) => {
  const host = await people.host();
  await knock(host, await makeMeeting(host, "By keys"), account.name);
  await expect(leave(host)).toBeVisible();
  await openBoard(host);
  await drawRectangle(host, [0.3, 0.2], [0.45, 0.35]);
  for (const key of ["v", "p", "h"]) await host.keyboard.press(key);
  await expect(host.getByRole("button", { name: "Turn the camera off" })).toBeVisible();
  await expect(host.getByRole("button", { name: "Raise your hand" })).toBeVisible();
  await expect(host.getByRole("complementary")).toHaveCount(0);
});
