#!/usr/bin/env bash
# Makes small releases of LiveKit's server and Egress with right digests, for tests of the packages where the real ones can't be had.
# usage: upstream.sh FOLDER ARCHITECTURE BUSYBOX [LIVEKIT-SERVER]
# Changes: FOLDER. BUSYBOX is a statically linked one of that architecture, the only program in Egress's root file system.
# LIVEKIT-SERVER is the program in LiveKit's place, livekit-server-stand-in unless given.
set -euo pipefail
# shellcheck source=../../../ansible-free-scripts/lib/versions.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../../ansible-free-scripts/lib/versions.sh"

main() {
    local folder="$1" architecture="$2" busybox="$3" here work
    here="$(dirname "${BASH_SOURCE[0]}")"
    work="$(mktemp -d)"
    mkdir -p "$folder" "$work/server" "$work/root/bin" "$work/root/usr/bin" "$work/root/etc" "$work/root/tmp" "$work/root/home/egress"
    install -m 755 "${4:-$here/livekit-server-stand-in}" "$work/server/livekit-server"
    tar -C "$work/server" -czf "$folder/livekit_${LIVEKIT_RELEASE}_linux_$architecture.tar.gz" livekit-server
    install -m 755 "$busybox" "$work/root/bin/busybox"
    for applet in sh cat sleep touch rm grep id ls timeout; do ln -s busybox "$work/root/bin/$applet"; done
    ln -s ../../bin/busybox "$work/root/usr/bin/env"
    # shellcheck disable=SC2016 # the script that it writes expands it
    printf '#!/bin/sh\n[ "$1" = --headless ]\n' >"$work/root/usr/bin/chromium"
    chmod 755 "$work/root/usr/bin/chromium"
    cat >"$work/root/entrypoint.sh" <<'S'
#!/bin/sh
# Ends on SIGTERM after what it records, as Egress does.
trap 'rm -f /home/egress/tmp/recording; echo "egress: recordings ended"; exit 0' TERM
grep -q '^ws_url: ' "$EGRESS_CONFIG_FILE" || exit 1
touch /home/egress/tmp/recording || exit 1
echo "egress: service ready, user $(id -u)"
while :; do sleep 1; done
S
    chmod 755 "$work/root/entrypoint.sh"
    tar -C "$work/root" -cf "$folder/egress_${EGRESS_RELEASE}_linux_$architecture.tar" .
    (cd "$folder" && sha256sum -- *.tar *.tar.gz >SHA256SUMS)
    rm -rf "$work"
}

main "$@"
