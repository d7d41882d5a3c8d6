-- wrk with one connection to a thread: asks the paths of a list and says how long each answer took, by zoom. -- LIST
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds; long nanoseconds; } moment; int clock_gettime(int clock, moment* now);")
local monotonic, now = 1, ffi.new("moment")

local function milliseconds()
  ffi.C.clock_gettime(monotonic, now)
  return tonumber(now.seconds) * 1e3 + tonumber(now.nanoseconds) / 1e6
end

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
  thread:set("number", #threads - 1)
end

-- Global, so that the main thread can fetch it: zoom and milliseconds in turn.
seen = {}
local paths, zooms, at, started = {}, {}, 0, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    paths[#paths + 1] = line
    zooms[#zooms + 1] = tonumber(line:match("/(%d+)/%d+/%d+[^/]*$"))
  end
  -- Threads begin far from each other, so that they do not ask the same at the same time.
  at = math.floor(number * 0.6180339887 * #paths) % #paths
end

function request()
  at = at % #paths + 1
  started = milliseconds()
  return wrk.format("GET", paths[at], {["Accept-Encoding"] = "gzip"})
end

function response()
  seen[#seen + 1] = zooms[at]
  seen[#seen + 1] = milliseconds() - started
end

function done(summary)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  print(string.format("RESULT %.6f %d %d", summary.duration / 1e6, failed, summary.bytes))
  for _, thread in ipairs(threads) do
    local times = thread:get("seen")
    for i = 1, #times, 2 do print(string.format("ASKED %d %.3f", times[i], times[i + 1])) end
  end
end
