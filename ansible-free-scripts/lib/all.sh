# shellcheck shell=bash
# Sources every shared file of this folder in the right order.

LIB="$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=common.sh
source "$LIB/common.sh"
# shellcheck source=folders.sh
source "$LIB/folders.sh"
# shellcheck source=processes.sh
source "$LIB/processes.sh"
# shellcheck source=ports.sh
source "$LIB/ports.sh"
# shellcheck source=port-list.sh
source "$LIB/port-list.sh"
# shellcheck source=packages.sh
source "$LIB/packages.sh"
# shellcheck source=python.sh
source "$LIB/python.sh"
# shellcheck source=node.sh
source "$LIB/node.sh"
# shellcheck source=swift.sh
source "$LIB/swift.sh"
# shellcheck source=postgres.sh
source "$LIB/postgres.sh"
# shellcheck source=redis.sh
source "$LIB/redis.sh"
# shellcheck source=s3.sh
source "$LIB/s3.sh"
# shellcheck source=livekit.sh
source "$LIB/livekit.sh"
# shellcheck source=frontend.sh
source "$LIB/frontend.sh"
# shellcheck source=test-services.sh
source "$LIB/test-services.sh"
# shellcheck source=docker.sh
source "$LIB/docker.sh"
# shellcheck source=docker-images.sh
source "$LIB/docker-images.sh"
# shellcheck source=debian-root.sh
source "$LIB/debian-root.sh"
# shellcheck source=arm64-machine.sh
source "$LIB/arm64-machine.sh"
# shellcheck source=counts.sh
source "$LIB/counts.sh"
