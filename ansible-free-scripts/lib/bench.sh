# shellcheck shell=bash
# shellcheck disable=SC2034 # what load and pgbench_load set is read by bench-steps.sh
# For the benchmark: load on the API and on its limits, and the figures that come of it. Sourced, never run.
# Reads API_PID, FOLDER, FIGURES, LOG_FOLDER, PGBENCH, SECONDS_A_STEP, ROUNDS and URL.

# Hundredths of a second of CPU time that the API has used.
api_cpu() {
    local fields stat
    stat="$(<"/proc/$API_PID/stat")"
    read -r -a fields <<<"${stat##*) }"
    printf '%s' $((fields[11] + fields[12]))
}

# Runs wrk at URL with CONNECTIONS; sets RATE, P50, P99 (ms) and CPU (us of the API a request): load CONNECTIONS URL
load() {
    local connections="$1" url="$2" before result words
    before="$(api_cpu)"
    result="$(wrk -t1 -c"$connections" -d"${SECONDS_A_STEP}s" --timeout 10s -s "$ROOT/Tests/Bench/wrk.lua" "$url" |
        grep '^RESULT ')" || fail "wrk gave no result" "" "see that wrk runs: wrk -d1s $url"
    read -r -a words <<<"$result"
    [[ "${words[5]}" == 0 && "${words[1]}" -gt 0 ]] ||
        fail "${words[5]} of ${words[1]} requests to $url failed" "$(log_tail "$LOG_FOLDER/api.log" 5)" "look at the log"
    RATE="$(calculate "${words[1]} / ${words[2]}")"
    P50="$(calculate "${words[3]} / 1000" 2)"
    P99="$(calculate "${words[4]} / 1000" 2)"
    CPU="$(calculate "($(api_cpu) - $before) * 10000 / ${words[1]}" 1)"
}

# calculate EXPRESSION [DIGITS]
calculate() {
    awk "BEGIN { printf \"%.${2:-0}f\", $1 }"
}

# True when the expression is.
holds() {
    awk "BEGIN { exit !($1) }"
}

# figure NAME OURS UNIT LIMIT RATIO AIM MET   (- where there is none)
figure() {
    FIGURES+=("$(printf '%s|' "$@")")
}

# A rate beside its limit, the higher the better: compare NAME UNIT OURS LIMIT AIM
compare() {
    local ratio met=no
    ratio="$(calculate "$3 / $4" 2)"
    ! holds "$ratio >= $5" || met=yes
    figure "$1" "$3" "$2" "$4" "$ratio" "ratio >= $5" "$met"
}

# A figure that shall stay below its aim: bound NAME UNIT OURS AIM [LIMIT]
bound() {
    local met=no
    ! holds "$3 < $4" || met=yes
    figure "$1" "$3" "$2" "${5:--}" - "< $4 $2" "$met"
}

# Each takes its rounds in turn with its limit, and the best of both counts, so that a disturbance spares neither.
best() {
    if holds "${1:-0} > $2"; then printf '%s' "$1"; else printf '%s' "$2"; fi
}

# Starts the server in C that gives the answer of PATH, and sets BARE_PORT: start_bare PATH [CURL'S ARGUMENT...]
start_bare() {
    local path="$1" head body name value headers=()
    shift
    head="$(curl -fsS -D - -o /dev/null "$@" "$URL$path" | tr -d '\r')"
    body="$(curl -fsS "$@" "$URL$path")"
    while IFS=: read -r name value; do
        case "${name,,}" in
            http/* | date | content-length | connection | "") ;;
            *) headers+=("$name" "${value# }") ;;
        esac
    done <<<"$head"
    BARE_PORT="$(port_random_free)"
    process_start bare "$LOG_FOLDER/bare.log" "$FOLDER/bare-server" "$BARE_PORT" "$(nproc)" "$body" "${headers[@]}"
    process_wait bare 5 "$LOG_FOLDER/bare.log" curl -fsS "http://127.0.0.1:$BARE_PORT/"
}

# Runs pgbench with CONNECTIONS and sets RATE and P99 (ms) as load does: pgbench_load CONNECTIONS ARGUMENT...
pgbench_load() {
    local connections="$1" log="$FOLDER/transactions"
    shift
    timeout 120 "$PGBENCH" -n -M prepared "$@" -c "$connections" -j 1 -T "$SECONDS_A_STEP" -l --log-prefix="$log" \
        >"$FOLDER/pgbench" 2>>"$LOG_FOLDER/pgbench.log" ||
        fail "pgbench failed" "$(log_tail "$LOG_FOLDER/pgbench.log" 5)" ""
    # Scripts of their own have figures of their own, behind those of all together.
    RATE="$(sed -n '/^tps = /{s/^tps = \([0-9]*\).*/\1/p;q}' "$FOLDER/pgbench")"
    [[ -n "$RATE" ]] || fail "pgbench gave no figure" "$(log_tail "$FOLDER/pgbench" 5)" "see what else runs here"
    # The third column of its log is the time in microseconds.
    P99="$(calculate "$(cut -d ' ' -f 3 "$log".* | sort -n | awk '{ all[NR] = $1 } END { print all[int((NR * 99 + 99) / 100)] }') / 1000" 2)"
    rm -f "$log".*
}

print_table() {
    local line name ours unit limit ratio aim met
    printf '\n%-52s %10s %-6s %10s %6s  %-14s %s\n' figure ours "" limit ratio aim met
    for line in "${FIGURES[@]}"; do
        IFS='|' read -r name ours unit limit ratio aim met <<<"$line"
        printf '%-52s %10s %-6s %10s %6s  %-14s %s\n' "$name" "$ours" "$unit" "$limit" "$ratio" "$aim" "$met"
    done
    printf '\n%s cores, load generator on the same cores; %s s a step, the best of %s\n' \
        "$(nproc)" "$SECONDS_A_STEP" "$ROUNDS"
}

print_json() {
    local line name ours unit limit ratio aim met separator=""
    printf '{"cores":%s,"secondsAStep":%s,"rounds":%s,"figures":[' "$(nproc)" "$SECONDS_A_STEP" "$ROUNDS"
    for line in "${FIGURES[@]}"; do
        IFS='|' read -r name ours unit limit ratio aim met <<<"$line"
        [[ "$limit" != - ]] || limit=null
        [[ "$ratio" != - ]] || ratio=null
        printf '%s{"name":"%s","value":%s,"unit":"%s","limit":%s,"ratio":%s,' \
            "$separator" "$name" "$ours" "$unit" "$limit" "$ratio"
        case "$met" in
            yes) printf '"aim":"%s","met":true}' "$aim" ;;
            no) printf '"aim":"%s","met":false}' "$aim" ;;
            *) printf '"aim":null,"met":null}' ;;
        esac
        separator=","
    done
    printf ']}\n'
}
