-- Invariants: nothing decided before the fence enters the registry, nothing at all while a stop order stands; and a key
-- in the book with route TEMPORAL has its payload in the registry.
-- KEYS book, registry, age, fence, stop, duplicates   ARGV key, entry, stamped message, epoch, accepted (microseconds)
-- Answers REGISTERED, or FENCED and the fence, or DUPLICATE and the entry that is there.
local fence = redis.call('GET', KEYS[4]) or '0'
if redis.call('EXISTS', KEYS[5]) == 1 or tonumber(ARGV[4]) < tonumber(fence) then
  return {'FENCED', fence}
end
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then
  redis.call('HINCRBY', KEYS[6], string.match(known, '^%u+'), 1)
  return {'DUPLICATE', known}
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
return {'REGISTERED'}
