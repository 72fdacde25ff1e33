"""Who may call which operation of the API: one line an operation, with the status of its success and who gets it.

A second statement beside the program's own: it names operations by the ids of /api/openapi.json and knows nothing else of it.
"""

from dataclasses import dataclass, field

# Sessions that are none any more, keys and cookies that never were: whoever carries one is nobody.
UNKNOWN = ("nobody", "forged", "expired", "signed out", "disabled", "demoted")
# Keys of the meeting alone, without an account.
KEYS = ("guest", "cohost", "waiting", "removed", "left")
# A key of another meeting; another account; another account that owns a meeting and carries its key; one that has joined this
# meeting and carries its key; the meeting's owner, or for accounts their holder; an administrator.
OTHERS = ("guest elsewhere", "other", "host elsewhere", "attendee", "owner", "admin")
ROLES = UNKNOWN + KEYS + OTHERS
KEYS_ONLY = KEYS + ("guest elsewhere",)


@dataclass(frozen=True)
class Line:
    """`success` for those in `allowed`, `refused` for the rest."""

    success: int
    allowed: tuple[str, ...]
    refused: dict[str, int] = field(default_factory=dict)

    def expected(self, role: str) -> int:
        return self.success if role in self.allowed else self.refused[role]


def line(success: int, allowed: tuple[str, ...], **groups) -> Line:
    """`others`: the status for signed-in people who aren't allowed; `keys`: one for keys; by role in `apart`."""
    refused = dict.fromkeys(UNKNOWN, 401) | dict.fromkeys(KEYS_ONLY, 401)
    refused |= dict.fromkeys(OTHERS[1:], groups.get("others", 404))
    refused |= groups.get("apart", {})
    return Line(success, allowed, {role: status for role, status in refused.items() if role not in allowed})


# In the meeting by key or account: strangers are told that there is no such meeting, its people that they may not.
IN_MEETING = {"guest": 403, "attendee": 403, "cohost": 403, "waiting": 403, "removed": 403, "left": 403, "guest elsewhere": 404}
SIGNED_IN = OTHERS[1:]


def anyone(success: int) -> Line:
    return Line(success, ROLES)


def account(success: int) -> Line:
    return line(success, SIGNED_IN)


def admins(success: int) -> Line:
    return line(success, ("admin",), others=403)


def holder(success: int) -> Line:
    """The account's own holder, and administrators."""
    return line(success, ("owner", "admin"), others=403)


def managers(success: int) -> Line:
    """The meeting's owner, and administrators, by account alone."""
    return line(success, ("owner", "admin"))


def hosts(success: int) -> Line:
    return line(success, ("owner", "admin", "cohost"), apart=IN_MEETING)


def admitted(success: int) -> Line:
    """Everyone who was let in."""
    return line(success, ("owner", "admin", "cohost", "guest", "attendee"), apart=IN_MEETING)


def oneself(success: int, *also: str) -> Line:
    """Who has a place of their own in the meeting; owner and administrators didn't join."""
    return line(success, ("cohost", "guest", "attendee", *also), apart=IN_MEETING)


MATRIX = {
    "createSession": anyone(201),
    "getSession": account(200),
    "deleteSession": anyone(204),
    "listAccounts": admins(200),
    "createAccount": admins(201),
    "getAccount": holder(200),
    "changeAccount": holder(200),
    "setAccountPassword": admins(204),
    "deleteAccountSessions": holder(204),
    # The password that is sent is the owner's, so to all others it is wrong.
    "changeOwnPassword": line(204, ("owner",), others=401),
    "createMeeting": account(201),
    "listMeetings": account(200),
    "getMeeting": managers(200),
    "changeMeeting": managers(200),
    "deleteMeeting": managers(204),
    "endMeeting": hosts(200),
    "joinMeeting": account(200),
    "previewMeeting": anyone(200),
    "joinByLink": anyone(200),
    # Without the code of a link, which would make it anyone's.
    "beginConnectionTest": account(201),
    # Who waits is told when a host answers, and who is out of it that they are.
    "streamMeetingEvents": line(200, admitted(200).allowed + ("waiting",), apart=IN_MEETING),
    "listWhiteboards": admitted(200),
    "createWhiteboard": admitted(201),
    "getWhiteboard": admitted(200),
    "changeWhiteboard": hosts(200),
    "deleteWhiteboard": hosts(204),
    "getWhiteboardElements": admitted(200),
    "mergeWhiteboardElements": admitted(200),
    "listWhiteboardSnapshots": admitted(200),
    "saveWhiteboardSnapshot": admitted(201),
    "getWhiteboardSnapshot": admitted(200),
    "deleteWhiteboardSnapshot": hosts(204),
    "restoreWhiteboardSnapshot": hosts(200),
    "listWhiteboardPictures": admitted(200),
    "putWhiteboardPicture": admitted(200),
    "getWhiteboardPicture": admitted(200),
    "getWhiteboardPictureContent": admitted(200),
    "exportWhiteboard": admitted(200),
    "importWhiteboard": hosts(200),
    "startRecording": hosts(201),
    "listMeetingRecordings": admitted(200),
    "stopRecording": hosts(200),
    "listRecordings": account(200),
    "getRecording": managers(200),
    "changeRecording": managers(200),
    "deleteRecording": managers(202),
    "getRecordingLink": managers(200),
    "getAnalytics": account(200),
    "exportAnalytics": account(200),
    "getMeetingAnalytics": managers(200),
    "listParticipantFigures": managers(200),
    "exportMeetingAnalytics": managers(200),
    "listMeetingTimeline": managers(200),
    "getSupportBundle": managers(200),
    # Also afterwards.
    "rateMeeting": oneself(204, "left", "removed"),
    # No cookie and no key is LiveKit's signature.
    "receiveMediaEvent": Line(200, (), dict.fromkeys(ROLES, 401)),
    "listParticipants": admitted(200),
    "getOwnParticipation": oneself(200, "waiting", "left", "removed"),
    "leaveMeeting": oneself(204, "waiting", "left", "removed"),
    "raiseHand": oneself(200),
    "lowerOwnHand": oneself(200),
    "admitParticipant": hosts(200),
    "denyParticipant": hosts(204),
    "admitEveryone": hosts(200),
    "changeSettings": hosts(200),
    "muteParticipant": hosts(204),
    "muteEveryone": hosts(200),
    "removeParticipant": hosts(204),
    "listRemovals": hosts(200),
    "liftRemoval": hosts(204),
    "addHost": hosts(200),
    "dropHost": hosts(200),
    "lowerHand": hosts(204),
    "sendMessage": oneself(201),
    "listMessages": admitted(200),
    "deleteMessage": hosts(204),
    "getConfiguration": anyone(200),
    "getHealth": anyone(200),
    "getLiveness": anyone(200),
    "getReadiness": anyone(200),
    "getMetrics": anyone(200),
    "getOpenAPI": anyone(200),
}
