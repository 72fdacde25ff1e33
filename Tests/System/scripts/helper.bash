# shellcheck shell=bash
# Loads the functions under test and gives each test a folder of its own.

setup_library() {
    # shellcheck source=../../../ansible-free-scripts/lib/all.sh
    source "$BATS_TEST_DIRNAME/../../../ansible-free-scripts/lib/all.sh"
    RUN_FOLDER="$BATS_TEST_TMPDIR/run"
    LOG_FOLDER="$BATS_TEST_TMPDIR/logs"
    mkdir -p "$RUN_FOLDER" "$LOG_FOLDER"
    export RUN_FOLDER LOG_FOLDER
}
