-- wrk: asks the paths of a list in turn. -- LIST [once]: 'once' ends after one pass, so that no tile is asked twice.
-- wrk's main thread sleeps out its duration; only an interrupt to its own process ends a run before that.
local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int pid, int signal);")
local interrupt = 2

local paths, at, asked = {}, 0, 0

local function count()
  asked = asked + 1
  if asked == #paths then
    wrk.thread:stop()
    ffi.C.kill(ffi.C.getpid(), interrupt)
  end
end

function init(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
  -- Only then: a call for each answer would cost more than many an answer.
  if arguments[2] == "once" then response = count end
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], {["Accept-Encoding"] = "gzip"})
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  print(string.format("RESULT %d %.6f %d %.3f %.3f", summary.requests, summary.duration / 1e6, failed,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
