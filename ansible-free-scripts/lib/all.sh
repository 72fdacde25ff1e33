# shellcheck shell=bash
# Sources every file of this folder in the right order.

for file in common folders processes ports packages python swift postgres redis s3 test-services; do
    # shellcheck source=/dev/null
    source "$(dirname "${BASH_SOURCE[0]}")/$file.sh"
done
unset file
