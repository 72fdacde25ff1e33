-- What wrk sends comes from the environment, where process lists don't show it; the result goes out as one line:
-- RESULT requests seconds p50-microseconds p99-microseconds failures
wrk.method = os.getenv("BENCH_METHOD") or "GET"
wrk.body = os.getenv("BENCH_BODY")
if wrk.body then wrk.headers["Content-Type"] = "application/json" end
if os.getenv("BENCH_COOKIE") then wrk.headers["Cookie"] = os.getenv("BENCH_COOKIE") end

-- BENCH_PATHS, separated by commas, take turns.
local paths = {}
for path in string.gmatch(os.getenv("BENCH_PATHS") or "", "[^,]+") do paths[#paths + 1] = path end
if #paths > 0 then
    local requests, turn = {}, 0
    function init()
        for index, path in ipairs(paths) do requests[index] = wrk.format(nil, path) end
    end
    function request()
        turn = turn % #requests + 1
        return requests[turn]
    end
end

-- BENCH_FILE has whole requests, one a line, each sent once: requests.py writes them. Sending more than there are is a failure.
if os.getenv("BENCH_FILE") then
    local lines = io.lines(os.getenv("BENCH_FILE"))
    function request()
        local line = lines()
        if not line then return wrk.format("GET", "/no-more-requests") end
        local path, kind, authorization, body = string.match(line, "^([^\t]*)\t([^\t]*)\t([^\t]*)\t(.*)$")
        local headers = { ["Content-Type"] = kind, ["Cookie"] = wrk.headers["Cookie"] }
        if authorization ~= "" then headers["Authorization"] = authorization end
        return wrk.format("POST", path, headers, body)
    end
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("RESULT %d %.3f %d %d %d\n", summary.requests, summary.duration / 1e6,
        latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
