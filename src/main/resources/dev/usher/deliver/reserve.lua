-- Reserves slots of an endpoint's rate, by Redis' own clock, so that no node's clock counts. The key holds
-- the time of the next free slot in microseconds. One key: good for a cluster, too.
--   ARGV: rate a second, slots wanted, how far ahead slots may lie, and from where on none are given, in us
-- Gives the number of slots and the microseconds until the first; or 0 and until asking again is worth it.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local every = 1000000 / ARGV[1]
local most, full = tonumber(ARGV[3]), tonumber(ARGV[4])
local free = tonumber(redis.call('GET', KEYS[1]) or '0')
-- Further ahead than it can be: the clock was set back, or another Redis has taken over.
if free < now or free > now + 2 * (most + every) then
  free = now
end
local ahead = free - now
if ahead > full then
  return {0, math.ceil(ahead - full)}
end
local count = math.min(tonumber(ARGV[2]), math.max(1, math.floor((most - ahead) / every)))
local after = free + count * every
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000) + 1000)
return {count, math.floor(ahead)}
