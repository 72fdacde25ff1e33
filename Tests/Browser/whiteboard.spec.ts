import { drag, drawRectangle, elements, openBoard } from "./board.ts";
import { account, expect, knock, makeMeeting, test } from "./people.ts";
import { joined, leave, tiles } from "./room.ts";

test("three people draw at once, one of them without a network for a while, and all have the same board", async ({
  people,
}) => {
  // Three whiteboards are much for a small machine.
  test.slow();
  const host = await people.host();
  const code = await makeMeeting(host, "Sketching");
  const pages = [host, await people.guest(), await people.guest()] as const;
  const [ada, grace, alan] = pages;
  const alansCall = joined(alan);
  for (const [index, page] of pages.entries()) {
    await knock(page, code, [account.name, "Grace Hopper", "Alan Turing"][index] ?? "");
    await expect(leave(page)).toBeVisible();
  }
  await Promise.all(pages.map(openBoard));

  await drawRectangle(ada, [0.3, 0.2], [0.45, 0.35]);
  for (const page of pages) await expect.poll(() => elements(page)).toHaveLength(1);

  // The network goes for requests, and LiveKit with it.
  people.watch.allow(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|WebSocket connection .* failed/);
  people.watch.allow(/data ?channel|Failed to fetch|before connected/i);
  // Who is away has left the meeting until LiveKit has them again.
  people.watch.allow(/status of 403|\{room: /);
  await alan.context().setOffline(true);
  await ada.request.post("/stand-in/cut", { params: { identity: (await alansCall).participant.id, seconds: 0 } });
  await expect(tiles(ada)).toHaveCount(2);

  await Promise.all(
    pages.map(async (page, index) => {
      const y = 0.55 + index * 0.1;
      await drawRectangle(page, [0.3, y], [0.4, y + 0.06]);
      await drawRectangle(page, [0.5, y], [0.6, y + 0.06]);
      // All move the first one, each to a place of their own: only one of these places can stay.
      await page.keyboard.press("Escape");
      await drag(page, [0.3, 0.28], [0.5 + index * 0.1, 0.28]);
    }),
  );
  await expect.poll(() => elements(ada)).toHaveLength(5);
  await expect.poll(() => elements(grace)).toHaveLength(5);
  expect(await elements(alan)).toHaveLength(3);
  await expect(alan.getByText("Saving …")).toBeVisible();

  await alan.context().setOffline(false);
  for (const page of pages) await expect.poll(() => elements(page), { timeout: 60_000 }).toHaveLength(7);
  for (const page of pages) await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expect.poll(() => elements(grace)).toEqual(await elements(ada));
  await expect.poll(() => elements(alan)).toEqual(await elements(ada));
  await expect(tiles(ada)).toHaveCount(3);
});

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
