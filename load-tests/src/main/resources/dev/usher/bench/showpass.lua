-- One Showpass event a request, none like another, for as few of wrk's CPU cycles as possible: the
-- signature covers only the top-level id, so id and signature stay and `webhook_event_uuid`, the
-- idempotency key, is new each time: a prefix new for each start of wrk, the thread, a counter.
--
-- BENCH_REQUEST_HEAD  the file with the raw request up to the key's last two parts
-- BENCH_REQUEST_TAIL  the file with the raw request behind the key
-- BENCH_KEYS          keys of each thread before it begins anew; 0 for no end

local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("thread_number", threads)
end

local function content(name)
  local file = assert(io.open(assert(os.getenv(name), name .. " is not set"), "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

local head, tail, keys
local sent = 0

function init(args)
  head = content("BENCH_REQUEST_HEAD") .. string.format("8%03x-", thread_number or 0)
  tail = content("BENCH_REQUEST_TAIL")
  keys = tonumber(os.getenv("BENCH_KEYS")) or 0
end

function request()
  sent = sent + 1
  if sent == keys then sent = 0 end
  return head .. string.format("%012x", sent) .. tail
end

-- One line for the bench to read; durations and latencies in microseconds.
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    "BENCH requests=%d duration=%d p50=%d p99=%d max=%d connect=%d read=%d write=%d timeout=%d status=%d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.connect, errors.read, errors.write, errors.timeout, errors.status))
end
